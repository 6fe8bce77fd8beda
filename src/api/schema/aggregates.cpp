#include "api/schema/aggregates.h"

#include <algorithm>
#include <array>

namespace tenon::api {

using catalog::TypeKind;
using sql::AggregateFunction;
using sql::DatePart;

namespace {

constexpr auto parts = std::to_array<DatePartName>({
    {"YEAR", DatePart::year, "The start of the year, in UTC."},
    {"QUARTER", DatePart::quarter, "The start of the quarter."},
    {"MONTH", DatePart::month, "The start of the month."},
    {"WEEK", DatePart::week, "The Monday that the week starts with."},
    {"DAY", DatePart::day, "The start of the day."},
    {"HOUR", DatePart::hour, "The start of the hour."},
    {"MINUTE", DatePart::minute, "The start of the minute."},
    {"QUARTER_OF_YEAR", DatePart::quarter_of_year, "A number, 1 to 4."},
    {"MONTH_OF_YEAR", DatePart::month_of_year, "A number, 1 to 12."},
    {"WEEK_OF_YEAR", DatePart::week_of_year, "A number, 1 to 53, as ISO 8601 counts weeks."},
    {"DAY_OF_YEAR", DatePart::day_of_year, "A number, 1 to 366."},
    {"DAY_OF_MONTH", DatePart::day_of_month, "A number, 1 to 31."},
    {"DAY_OF_WEEK", DatePart::day_of_week, "A number, 1 (Monday) to 7 (Sunday)."},
    {"HOUR_OF_DAY", DatePart::hour_of_day, "A number, 0 to 23."},
    {"MINUTE_OF_HOUR", DatePart::minute_of_hour, "A number, 0 to 59."},
});

bool is_clock_part(DatePart part) {
  return part == DatePart::hour || part == DatePart::minute || part == DatePart::hour_of_day ||
         part == DatePart::minute_of_hour;
}

bool is_small_integer(TypeKind kind) {
  return kind == TypeKind::int8 || kind == TypeKind::int16 || kind == TypeKind::int24 ||
         kind == TypeKind::int32;
}

}  // namespace

bool has_sum(const catalog::ColumnType& type) {
  if (type.is_array()) return false;
  switch (type.kind) {
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::float32:
    case TypeKind::float64:
    case TypeKind::decimal:
    case TypeKind::money:
    case TypeKind::interval:
      return true;
    default:
      return false;
  }
}

bool has_extremes(const catalog::ColumnType& type) {
  if (type.is_array()) return false;
  switch (type.kind) {
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::character:
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::timetz:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
    case TypeKind::year:
    case TypeKind::enumeration:
    case TypeKind::inet:
    case TypeKind::cidr:
    case TypeKind::oid:
      return true;
    default:
      return has_sum(type);
  }
}

bool has_distinct_count(const catalog::ColumnType& type) {
  return !type.is_array() && comparability(type) != Comparability::nothing;
}

std::string result_scalar(const catalog::Catalog& catalog, const sql::AggregateTerm& term) {
  if (term.function == AggregateFunction::count || term.function == AggregateFunction::count_distinct ||
      is_number(term.part))
    return "Int";
  const catalog::Column& column = catalog[term.column];
  const bool sum = term.function == AggregateFunction::sum;
  if (!sum && term.function != AggregateFunction::avg) return scalar_name(catalog, column);
  const TypeKind kind = column.type.kind;
  if (kind == TypeKind::float32 || kind == TypeKind::float64) return "Float";
  if (kind == TypeKind::interval) return "String";
  if (is_small_integer(kind)) return sum ? "BigInt" : "Float";
  return "Decimal";
}

OutputFormat result_format(const catalog::Catalog& catalog, const sql::AggregateTerm& term) {
  if (term.function == AggregateFunction::value || term.function == AggregateFunction::min ||
      term.function == AggregateFunction::max)
    return is_number(term.part) ? OutputFormat::integer : output_format(catalog[term.column]);
  const std::string scalar = result_scalar(catalog, term);
  if (scalar == "Int") return OutputFormat::integer;
  if (scalar == "Float") return OutputFormat::float_;
  // The digits of a Decimal are written as those of a BigInt are; a money column's own format is another.
  return scalar == "String" ? OutputFormat::string : OutputFormat::big_integer;
}

ParameterForm result_form(const catalog::Catalog& catalog, const sql::AggregateTerm& term) {
  switch (term.function) {
    case AggregateFunction::value:
    case AggregateFunction::min:
    case AggregateFunction::max:
      return ParameterForm::value;
    case AggregateFunction::count:
    case AggregateFunction::count_distinct:
      return ParameterForm::integer;
    case AggregateFunction::sum:
    case AggregateFunction::avg:
      break;
  }
  const std::string scalar = result_scalar(catalog, term);
  if (scalar == "BigInt") return ParameterForm::integer;
  if (scalar == "Float") return ParameterForm::floating;
  return scalar == "Decimal" ? ParameterForm::decimal : ParameterForm::verbatim;
}

std::span<const DatePartName> date_parts() { return parts; }

std::optional<DatePart> find_date_part(std::string_view name) {
  const auto found = std::ranges::find(parts, name, &DatePartName::name);
  return found == parts.end() ? std::nullopt : std::optional(found->part);
}

bool has_part(const catalog::ColumnType& type, DatePart part) {
  if (part == DatePart::whole) return true;
  if (type.is_array()) return false;
  switch (type.kind) {
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return true;
    case TypeKind::date:
      return !is_clock_part(part);
    case TypeKind::time:
    case TypeKind::timetz:
      return is_clock_part(part) && is_number(part);
    default:
      return false;
  }
}

bool has_parts(const catalog::ColumnType& type) {
  return std::ranges::any_of(parts, [&](const DatePartName& one) { return has_part(type, one.part); });
}

}  // namespace tenon::api
