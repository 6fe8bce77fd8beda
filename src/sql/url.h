// Where a database is and how to get in: a parsed connection URL.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "catalog/catalog.h"

namespace tenon::sql {

// postgresql://user:password@host:port/database?schema=a&sslmode=require  (also postgres://, mysql://)
// Percent-encoding is undone. `host` may be a folder with a Unix socket, given as ?host=/run/postgresql or
// percent-encoded in the authority.
struct DatabaseUrl {
  catalog::Engine engine = catalog::Engine::postgresql;
  std::string host;
  std::uint16_t port = 0;  // 0: the engine's default
  std::string user;
  base::Secret password;
  std::string database;
  std::vector<std::string> schemas;               // Prisma's ?schema=, comma-separated; empty: the default
  std::map<std::string, std::string> parameters;  // the rest, as given

  // "host:port/database" for messages; no user, no password.
  std::string target() const;
};

// Fails with P1013 and says which part is wrong; never repeats the password.
base::Result<DatabaseUrl> parse_database_url(std::string_view url);

}  // namespace tenon::sql
