// PostgreSQL as a project-local server.
#pragma once

#include "local/server_kind.h"

namespace tenon::local {

const ServerKind& postgres_kind();

// Every usable installation, newest first. $TENON_POSTGRES_BIN, when set, is the only place looked at.
std::vector<Installation> installed_postgres();

}  // namespace tenon::local
