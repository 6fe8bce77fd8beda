// Statements of a script that leave no trace in a catalog, so that no difference of catalogs has them:
// functions, triggers, policies, grants, and everything that is done to rows.
#pragma once

#include <string_view>
#include <vector>

#include "sql/script.h"

namespace tenon::migrate {

struct BeyondCatalog {
  sql::ScriptStatement statement;
  bool changes_rows = false;  // or may do so: DO, CALL, SELECT f()
};

// By their first words; `statements` are those of `script`.
std::vector<BeyondCatalog> beyond_catalog(std::string_view script,
                                          const std::vector<sql::ScriptStatement>& statements);

}  // namespace tenon::migrate
