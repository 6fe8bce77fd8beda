// Which PostgreSQL servers are installed; find_postgres() of postgres.h is the public part.
#pragma once

#include <vector>

#include "local/postgres.h"

namespace tenon::local {

// Every usable installation, newest first. $TENON_POSTGRES_BIN, when set, is the only place looked at.
std::vector<PostgresBinaries> installed_postgres();

// The installation of one major version: a cluster can be run by no other.
base::Result<PostgresBinaries> find_postgres(int major_version);

}  // namespace tenon::local
