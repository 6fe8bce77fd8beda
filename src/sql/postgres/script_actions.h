// What statements of a PostgreSQL script do, read from PostgreSQL's own parse tree.
#pragma once

#include <string>
#include <vector>

#include "catalog/type.h"
#include "sql/script_action.h"

namespace tenon::sql::postgres {

// Of one statement without comments in front; empty when it hurts nobody.
std::vector<ScriptAction> script_actions(const std::string& statement);

// The type of a column from its row of pg_attribute: name of pg_type (of an array: its element's), typmod.
// Types that are not PostgreSQL's own are TypeKind::other.
catalog::ColumnType plain_type(std::string_view name, int typmod, bool is_array);

}  // namespace tenon::sql::postgres
