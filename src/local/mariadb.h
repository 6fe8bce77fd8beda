// MariaDB, or MySQL, as a project-local server.
#pragma once

#include "local/server_kind.h"

namespace tenon::local {

const ServerKind& mariadb_kind();

// Every usable installation: MariaDB before MySQL, newest first. $TENON_MARIADB_BIN, when set, is the only
// place looked at.
std::vector<Installation> installed_mariadb();

}  // namespace tenon::local
