// PostgreSQL scripts cut into statements by PostgreSQL's own parser (libpg_query).
#pragma once

#include <string_view>
#include <vector>

#include "sql/script.h"
#include "sql/script_action.h"

namespace tenon::sql::postgres {

// The statements of `script` (UTF-8), in order; empty ones are left out. What the grammar of PostgreSQL 15
// does not know (a newer server may) is cut by its scanner and is an ordinary statement; what not even the
// scanner can read is one statement, for the server to refuse.
std::vector<ScriptStatement> split_script(std::string_view script);

struct ReadStatement {
  ScriptStatement place;
  std::vector<ScriptAction> actions;  // as of script_actions.h
};

// The same with what each statement does, parsed once for both.
std::vector<ReadStatement> read_script(std::string_view script);

}  // namespace tenon::sql::postgres
