// What statements of a MySQL or MariaDB script do, as far as a small reader of their first words and clauses
// can tell; what it does not know is Act::unknown.
#pragma once

#include <string_view>
#include <vector>

#include "sql/script_action.h"

namespace tenon::sql::mysql {

// Of one statement; empty when it hurts nobody.
std::vector<ScriptAction> script_actions(std::string_view statement);

}  // namespace tenon::sql::mysql
