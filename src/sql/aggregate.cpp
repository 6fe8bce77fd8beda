#include "sql/aggregate.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace tenon::sql {

namespace {

constexpr std::array<std::string_view, 7> function_names = {"",    "count", "count distinct", "sum", "avg",
                                                            "min", "max"};
constexpr std::array<std::string_view, 16> part_names = {"",
                                                         "year",
                                                         "quarter",
                                                         "month",
                                                         "week",
                                                         "day",
                                                         "hour",
                                                         "minute",
                                                         "quarter of year",
                                                         "month of year",
                                                         "week of year",
                                                         "day of year",
                                                         "day of month",
                                                         "day of week",
                                                         "hour of day",
                                                         "minute of hour"};

std::string_view sign(Comparison comparison) {
  switch (comparison) {
    case Comparison::not_equal:
      return "is distinct from";
    case Comparison::less:
      return "<";
    case Comparison::less_or_equal:
      return "<=";
    case Comparison::greater:
      return ">";
    case Comparison::greater_or_equal:
      return ">=";
    default:
      return "=";
  }
}

std::string joined(const catalog::Catalog& catalog, const std::vector<AggregateCondition>& children,
                   std::string_view word) {
  std::string text;
  for (const AggregateCondition& child : children) {
    if (!text.empty()) text += fmt::format(" {} ", word);
    const bool nested =
        child.kind == AggregateCondition::Kind::and_ || child.kind == AggregateCondition::Kind::or_;
    text += nested ? fmt::format("({})", describe(catalog, child)) : describe(catalog, child);
  }
  return text;
}

}  // namespace

std::string describe(const catalog::Catalog& catalog, const AggregateTerm& term) {
  if (term.function == AggregateFunction::count) return "count";
  const std::string& column = catalog[term.column].name;
  if (term.part != DatePart::whole)
    return fmt::format("{}({})", part_names[static_cast<std::size_t>(term.part)], column);
  if (term.function == AggregateFunction::value) return column;
  return fmt::format("{}({})", function_names[static_cast<std::size_t>(term.function)], column);
}

std::string describe(const catalog::Catalog& catalog, const AggregateCondition& condition) {
  using Kind = AggregateCondition::Kind;
  switch (condition.kind) {
    case Kind::always:
      return "true";
    case Kind::never:
      return "false";
    case Kind::compare:
      return fmt::format("{} {} ${}", describe(catalog, condition.term), sign(condition.comparison),
                         condition.parameter.value + 1);
    case Kind::is_null:
      return describe(catalog, condition.term) + " is null";
    case Kind::is_not_null:
      return describe(catalog, condition.term) + " is not null";
    case Kind::and_:
      return joined(catalog, condition.children, "and");
    case Kind::or_:
      return joined(catalog, condition.children, "or");
    case Kind::not_:
      return fmt::format("not ({})", describe(catalog, condition.children.front()));
  }
  return {};
}

std::string describe(const catalog::Catalog& catalog, const std::vector<AggregateOrder>& order) {
  std::string text;
  for (const AggregateOrder& one : order) {
    if (!text.empty()) text += ", ";
    text += describe(catalog, one.term);
    if (one.descending) text += " desc";
    if (one.nulls == catalog::NullsOrder::first) text += " nulls first";
    if (one.nulls == catalog::NullsOrder::last) text += " nulls last";
  }
  return text;
}

}  // namespace tenon::sql
