// The sections of tenon.toml, each where it is read: config_database.cpp, config_auth.cpp, config_limits.cpp.
#pragma once

#include "server/config.h"
#include "server/config_section.h"

namespace tenon::server {

// [database], [schema] and [migrations], or [databases.NAME] instead of them.
void read_databases(ConfigSection& root, Config& config);
AuthConfig read_auth(ConfigSection section);
void read_limits(ConfigSection section, Config& config);

}  // namespace tenon::server
