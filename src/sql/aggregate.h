// Aggregates as neutral values, beside those of statement.h: rows of one table, grouped, and what is computed
// of each group. Only what somebody asked for is in them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sql/statement.h"

namespace tenon::sql {

enum class AggregateFunction : std::uint8_t {
  value,  // no function: what the group has in common
  count,
  count_distinct,
  sum,
  avg,
  min,
  max,
};

// What of a point in time groups it, in UTC.
enum class DatePart : std::uint8_t {
  whole,  // the value itself
  // The start of the year, month … it is in; weeks start on Monday.
  year,
  quarter,
  month,
  week,
  day,
  hour,
  minute,
  // A number. Days of the week count from Monday, 1, to Sunday, 7.
  quarter_of_year,
  month_of_year,
  week_of_year,  // ISO 8601
  day_of_year,
  day_of_month,
  day_of_week,
  hour_of_day,
  minute_of_hour,
};
constexpr bool is_number(DatePart part) { return part >= DatePart::quarter_of_year; }

// One value of a group.
struct AggregateTerm {
  AggregateFunction function = AggregateFunction::count;
  catalog::ColumnId column;         // of the table; none for `count`
  DatePart part = DatePart::whole;  // of a `value`
  friend bool operator==(const AggregateTerm&, const AggregateTerm&) = default;
};

// A condition on groups.
struct AggregateCondition {
  enum class Kind : std::uint8_t { always, never, compare, is_null, is_not_null, and_, or_, not_ };
  Kind kind = Kind::always;
  AggregateTerm term;
  Comparison comparison = Comparison::equal;  // equal … greater_or_equal
  ParameterIndex parameter;
  std::vector<AggregateCondition> children;  // and_, or_, not_ (one)
};

struct AggregateOrder {
  AggregateTerm term;
  bool descending = false;
  catalog::NullsOrder nulls = catalog::NullsOrder::engine_default;
};

// With `keys` the groups of each key are its own, and limit and offset count for each. Without groups there
// is one row for the whole table; of keys, then, one row for each that has rows at all.
struct Aggregate {
  const catalog::Catalog* catalog = nullptr;
  catalog::TableId from;
  std::optional<Predicate> where;     // on source 0, the table
  std::vector<AggregateTerm> groups;  // each a `value`
  std::vector<AggregateTerm> outputs;
  std::optional<AggregateCondition> having;
  std::vector<AggregateOrder> order;
  std::optional<std::uint64_t> limit;
  std::uint64_t offset = 0;
  // The rows looked at, for a count that need not be exact beyond it; the only output is then `count`.
  std::optional<std::uint64_t> count_max;
  std::optional<Keys> keys;                  // the key columns come first in the result, before `outputs`
  std::optional<std::uint64_t> total_limit;  // as in Select
};

// About how many rows a table has, from the engine's statistics: one row with a number, or NULL when it has
// none. `schema_name` and `table_name` are parameters with these names.
struct RowEstimate {
  ParameterIndex schema_name;
  ParameterIndex table_name;
};

// `sum(total)`, `month of created_at`.
std::string describe(const catalog::Catalog& catalog, const AggregateTerm& term);
std::string describe(const catalog::Catalog& catalog, const AggregateCondition& condition);
std::string describe(const catalog::Catalog& catalog, const std::vector<AggregateOrder>& order);

}  // namespace tenon::sql
