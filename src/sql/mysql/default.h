// COLUMN_DEFAULT of information_schema as a value, and the engine's expressions as it would be told them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/catalog.h"
#include "sql/mysql/capabilities.h"

namespace tenon::sql::mysql {

// `text` is absent for NULL. `is_expression`: EXTRA says DEFAULT_GENERATED, which MySQL does where MariaDB
// leaves the quotes away. Text of an expression that is more than a literal stands in parentheses.
catalog::Default parse_default(const std::optional<std::string>& text, bool is_expression,
                               const catalog::ColumnType& type, const Capabilities& server);

// An expression of information_schema as SQL, without parentheses around all of it.
std::string expression_text(std::string_view text, const Capabilities& server);

}  // namespace tenon::sql::mysql
