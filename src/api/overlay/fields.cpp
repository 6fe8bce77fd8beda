#include "api/overlay/fields.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/values/scalars.h"
#include "graphql/name.h"

namespace tenon::api {

namespace {

using catalog::TypeKind;
using Fit = ScalarFit::Kind;

bool is_small_integer(const catalog::ColumnType& type) {
  switch (type.kind) {
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::year:
      return true;
    case TypeKind::int32:
      return !type.is_unsigned;
    default:
      return false;
  }
}

bool is_integer(const catalog::ColumnType& type) {
  return is_small_integer(type) || type.kind == TypeKind::int32 || type.kind == TypeKind::int64 ||
         type.kind == TypeKind::oid;
}

bool is_text(const catalog::ColumnType& type) {
  return type.kind == TypeKind::text || type.kind == TypeKind::varchar || type.kind == TypeKind::character;
}

ScalarFit integer_fit(bool is_mysql, const catalog::ColumnType& type) {
  if (is_small_integer(type) || (is_mysql && type.kind == TypeKind::boolean)) return {};
  if (is_integer(type))
    return {Fit::lossy, "numbers beyond 32 bits go out as they are, and cannot come in; BigInt has no limit"};
  return {Fit::impossible, "its values are no integers"};
}

ScalarFit float_fit(const catalog::ColumnType& type) {
  if (type.kind == TypeKind::float32 || type.kind == TypeKind::float64 || is_small_integer(type)) return {};
  if (type.kind == TypeKind::decimal || is_integer(type))
    return {Fit::lossy, "clients keep some 16 digits of it; Decimal and BigInt keep all"};
  return {Fit::impossible, "its values are no plain numbers"};
}

// Scalars that hold a text of some form, and the columns whose text has it.
struct TextScalar {
  std::string_view name;
  bool (*fits)(const catalog::ColumnType&);
};
constexpr auto text_scalars = std::to_array<TextScalar>({
    {"AWSDate", [](const catalog::ColumnType& type) { return type.kind == TypeKind::date; }},
    {"AWSTime",
     [](const catalog::ColumnType& type) {
       return type.kind == TypeKind::time || type.kind == TypeKind::timetz;
     }},
    {"AWSDateTime",
     [](const catalog::ColumnType& type) {
       return type.kind == TypeKind::timestamp || type.kind == TypeKind::timestamptz;
     }},
    {"AWSTimestamp", is_integer},
    {"AWSJSON",
     [](const catalog::ColumnType& type) {
       return type.kind == TypeKind::json || type.kind == TypeKind::jsonb || is_text(type);
     }},
    {"AWSEmail", is_text},
    {"AWSURL", is_text},
    {"AWSPhone", is_text},
    {"AWSIPAddress",
     [](const catalog::ColumnType& type) {
       return type.kind == TypeKind::inet || type.kind == TypeKind::cidr || is_text(type);
     }},
});

}  // namespace

ScalarFit fit(const catalog::Catalog& catalog, const catalog::Column& column, std::string_view scalar) {
  const catalog::ColumnType& type = column.type;
  const bool is_mysql = catalog.engine_of(column.table) == catalog::Engine::mysql;
  if (scalar == scalar_name(catalog, column)) return {};
  if (scalar == "Int") return integer_fit(is_mysql, type);
  if (scalar == "Float") return float_fit(type);
  if (scalar == "Boolean")
    return is_mysql && type.kind == TypeKind::int8 ? ScalarFit{Fit::lossy, "numbers but 1 are false"}
                                                   : ScalarFit{Fit::impossible, "its values are not two"};
  if (scalar == "String")
    return type.kind == TypeKind::boolean ? ScalarFit{Fit::impossible, "its values are true and false"}
                                          : ScalarFit{};
  if (scalar == "ID")
    return is_integer(type) || is_text(type) ? ScalarFit{}
                                             : ScalarFit{Fit::impossible, "its values are no identifiers"};
  const auto* text = std::ranges::find(text_scalars, scalar, &TextScalar::name);
  if (text != text_scalars.end() && text->fits(type)) return {};
  return {Fit::impossible, "its values have another form"};
}

catalog::Column column_like(const catalog::Catalog& catalog, std::string_view scalar) {
  struct Like {
    std::string_view scalar;
    TypeKind kind;
  };
  constexpr auto kinds = std::to_array<Like>({
      {"Int", TypeKind::int32},
      {"Float", TypeKind::float64},
      {"Boolean", TypeKind::boolean},
      {"BigInt", TypeKind::int64},
      {"Decimal", TypeKind::decimal},
      {"Bytes", TypeKind::bytes},
      {"JSON", TypeKind::json},
      {"Date", TypeKind::date},
      {"Time", TypeKind::timetz},
      {"DateTime", TypeKind::timestamptz},
      {"AWSDate", TypeKind::date},
      {"AWSTime", TypeKind::timetz},
      {"AWSDateTime", TypeKind::timestamptz},
      {"AWSTimestamp", TypeKind::int64},
      {"AWSJSON", TypeKind::json},
  });
  catalog::Column column;
  column.type.kind = TypeKind::text;
  if (const auto* known = std::ranges::find(kinds, scalar, &Like::scalar); known != kinds.end())
    column.type.kind = known->kind;
  for (std::uint32_t i = 0; i < catalog.enums.size(); ++i) {
    if (catalog.enums[i].enum_name != scalar) continue;
    column.type.kind = TypeKind::enumeration;
    column.type.enum_id = catalog::EnumId{i};
  }
  column.scalar = scalar;
  return column;
}

// https://github.com/aws-amplify/amplify-category-api, graphql-schema-generator: without an ASCII letter the
// name is `field` and the digits.
std::string amplify_field_name(std::string_view column) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto first = std::ranges::find_if(column, is_letter);
  std::string name;
  if (first == column.end()) {
    name = "field";
    std::ranges::copy_if(column, std::back_inserter(name), [](char c) { return c >= '0' && c <= '9'; });
    return name;
  }
  bool in_run = false;
  for (const char c : std::string_view(first, column.end())) {
    const bool plain = graphql::is_name_continue(c);
    if (plain || !in_run) name += plain ? c : '_';
    in_run = !plain;
  }
  return name;
}

}  // namespace tenon::api
