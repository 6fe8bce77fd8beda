// Operator classes of PostgreSQL that the language has words for: JsonbPathOps is jsonb_path_ops. Every other
// one is written raw("gin_trgm_ops").
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "psl/native_types.h"

namespace tenon::psl {

// What a class can be used for. Types are words of the language, unused entries are empty.
struct OperatorClassRule {
  std::string_view word;
  std::string_view sql;
  std::array<std::string_view, 2> index_types;
  std::array<std::string_view, 3> native_types;
  std::optional<Scalar> scalar;  // whose default type is one of `native_types`

  bool fits_index(std::string_view type) const;
  bool fits_native(std::string_view type) const;
};

std::span<const OperatorClassRule> operator_class_rules();
// nullptr when there is no such class.
const OperatorClassRule* find_operator_class(std::string_view word);

// Empty when there is no such class.
std::string_view operator_class_word(std::string_view sql_name);
std::string_view operator_class_sql(std::string_view word);

}  // namespace tenon::psl
