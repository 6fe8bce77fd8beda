// Column defaults as pg_get_expr prints them, read into catalog::Default.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace tenon::sql::postgres {

// `expression` is what pg_get_expr says with an empty search_path; empty: no default. A literal only when it
// is certain that the text is the whole value; anything else stays an expression. DEFAULT NULL is no default.
catalog::Default parse_default(std::string_view expression, const catalog::ColumnType& type);

// The elements of an array in the engine's text form, {a,"b c",NULL}; nullopt when it is not one of a single
// dimension without NULL elements.
std::optional<std::vector<std::string>> parse_array_text(std::string_view text);

}  // namespace tenon::sql::postgres
