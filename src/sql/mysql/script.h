// Scripts of MySQL and MariaDB cut into statements, as the mysql program and the server cut them.
#pragma once

#include <string_view>
#include <vector>

#include "sql/script.h"

namespace tenon::sql::mysql {

// The statements of `script`, in order; empty ones are left out. DELIMITER lines are read as the mysql
// program does. Where none says otherwise, bodies of triggers, procedures, functions and events (BEGIN … END)
// stay in one piece, as with a server that gets all of it at once.
//
// `ordinary` are those that a transaction holds; whatever commits by itself is `apart`.
std::vector<ScriptStatement> split_script(std::string_view script);

}  // namespace tenon::sql::mysql
