// The rules of the overlay as row security of PostgreSQL, for programs that connect to the database
// themselves: a script of policies, grants and the functions they ask, to be applied as a migration.
#pragma once

#include <string>
#include <vector>

#include "api/schema/schema.h"
#include "base/error.h"

namespace tenon::api {

struct RowSecurityOptions {
  // Whom the policies are for; it is made when there is none. Who owns the tables is not bound by them.
  std::string role = "tenon_user";
  // Settings of the session that say who asks: claims as JSON, the provider as in rules, and for the
  // identity pool whether they are signed in.
  std::string setting = "tenon";
  std::string functions = "tenon_policy";  // the schema for functions
};

struct RowSecurity {
  std::string script;
  // What row security cannot say. It is closed then, never open; the script says the same.
  std::vector<std::string> refusals;
};

// TN4004 for a database that is not PostgreSQL.
base::Result<RowSecurity> make_row_security(const Schema& schema, const RowSecurityOptions& options);

}  // namespace tenon::api
