// Operator classes of PostgreSQL that the language has words for: JsonbPathOps is jsonb_path_ops. Every other
// one is written raw("gin_trgm_ops").
#pragma once

#include <string_view>

namespace tenon::psl {

// Empty when there is no such class.
std::string_view operator_class_word(std::string_view sql_name);
std::string_view operator_class_sql(std::string_view word);

}  // namespace tenon::psl
