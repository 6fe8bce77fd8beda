#include "migrate/hazard_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "migrate/expression_text.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

// Functions that have one value for a whole statement.
bool is_stable(std::string_view expression) {
  constexpr std::array<std::string_view, 6> names{
      "current_timestamp",       "current_date", "current_time", "localtimestamp",
      "transaction_timestamp()", "current_user"};
  const std::string text = canonical_expression(expression);
  return text.find('(') == std::string::npos || std::ranges::find(names, text) != names.end();
}

bool is_growing(const ColumnType& from, const ColumnType& to) {
  if (!to.length) return true;
  return from.length && *from.length <= *to.length;
}

bool rewrites_postgres(const ColumnType& from, const ColumnType& to) {
  if (from.is_array() != to.is_array()) return true;
  const bool to_text = to.kind == TypeKind::text || to.kind == TypeKind::varchar;
  if ((from.kind == TypeKind::varchar || from.kind == TypeKind::text) && to_text) {
    const bool folds_case = from.native.contains("citext") != to.native.contains("citext");
    return folds_case || !(to.kind == TypeKind::text || is_growing(from, to));
  }
  if (from.kind != to.kind) return !(from.kind == TypeKind::cidr && to.kind == TypeKind::inet);
  switch (from.kind) {
    case TypeKind::varbit:
      return !is_growing(from, to);
    case TypeKind::decimal:
      return to.precision && !(from.precision && from.scale.value_or(0) == to.scale.value_or(0) &&
                               *from.precision <= *to.precision);
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
    case TypeKind::time:
    case TypeKind::timetz:
      return from.precision.value_or(6) > to.precision.value_or(6);
    default:
      return true;
  }
}

// In place: a VARCHAR that grows and keeps the size of its length.
bool rewrites_mysql(const ColumnType& from, const ColumnType& to) {
  if (from.kind != TypeKind::varchar || to.kind != TypeKind::varchar) return true;
  constexpr std::uint32_t one_byte = 255 / 4;
  const std::uint32_t before = from.length.value_or(0);
  const std::uint32_t after = to.length.value_or(0);
  return after < before || (before <= one_byte) != (after <= one_byte);
}

}  // namespace

bool adding_rewrites(Engine engine, const Column& column) {
  if (!column.generated.empty()) return column.generated_stored;
  if (column.default_value.kind == Default::Kind::autoincrement || column.identity != Identity::none)
    return true;
  return engine == Engine::postgresql && column.default_value.kind == Default::Kind::expression &&
         !is_stable(column.default_value.text);
}

bool has_changing_default(const Column& column) {
  return column.type.kind == TypeKind::timestamptz || column.default_value.kind == Default::Kind::now ||
         column.default_value.kind == Default::Kind::expression;
}

bool change_rewrites(Engine engine, Pair<const ColumnType*> types) {
  return engine == Engine::mysql ? rewrites_mysql(*types.before, *types.after)
                                 : rewrites_postgres(*types.before, *types.after);
}

}  // namespace tenon::migrate
