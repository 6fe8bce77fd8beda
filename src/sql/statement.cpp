#include "sql/statement.h"

#include <string_view>

#include <fmt/format.h>

namespace tenon::sql {

namespace {

std::string_view to_string(Comparison comparison) {
  switch (comparison) {
    case Comparison::equal:
      return "=";
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
    case Comparison::like:
      return "like";
    case Comparison::not_like:
      return "not like";
    case Comparison::ilike:
      return "ilike";
    case Comparison::not_ilike:
      return "not ilike";
    case Comparison::any_of:
      return "any of";
    case Comparison::none_of:
      return "none of";
    case Comparison::any_identical:
      return "identical to any of";
    case Comparison::array_contains:
      return "contains";
    case Comparison::array_not_contains:
      return "does not contain";
    case Comparison::array_contains_all:
      return "contains all of";
    case Comparison::array_overlaps:
      return "contains some of";
    case Comparison::equal_ignoring_case:
      return "= ignoring case";
    case Comparison::json_contains:
      return "holds";
    case Comparison::json_not_contains:
      return "does not hold";
    case Comparison::search:
      return "has words";
  }
  return "?";
}

std::string column_name(const catalog::Catalog& catalog, const ColumnRef& ref) {
  const std::string& name = catalog[ref.column].name;
  return ref.source == 0 ? name : fmt::format("t{}.{}", ref.source, name);
}

std::string parameter_name(ParameterIndex index) { return fmt::format("${}", index.value + 1); }

std::string joined(const catalog::Catalog& catalog, const std::vector<Predicate>& children,
                   std::string_view word) {
  std::string text;
  for (const Predicate& child : children) {
    if (!text.empty()) text += fmt::format(" {} ", word);
    const bool nested = child.kind == Predicate::Kind::and_ || child.kind == Predicate::Kind::or_;
    text += nested ? fmt::format("({})", describe(catalog, child)) : describe(catalog, child);
  }
  return text;
}

std::string column_names(const catalog::Catalog& catalog, const std::vector<catalog::ColumnId>& columns) {
  std::string text;
  for (const catalog::ColumnId id : columns) text += (text.empty() ? "" : ", ") + catalog[id].name;
  return text;
}

std::string table_name(const catalog::Catalog& catalog, catalog::TableId id) {
  return catalog[catalog[id].schema].name + "." + catalog[id].name;
}

// exists (shop.review by product_id = id where stars = $1)
std::string describe_exists(const catalog::Catalog& catalog, const Predicate& predicate) {
  const RelatedRows& related = *predicate.related;
  std::string text =
      fmt::format("exists ({} by {} = {}", table_name(catalog, related.table),
                  column_names(catalog, related.columns), column_names(catalog, related.parent_columns));
  if (related.link)
    text += fmt::format(" through {} {} = {}", table_name(catalog, related.link->table),
                        column_names(catalog, related.link->far_columns),
                        column_names(catalog, related.link->target_columns));
  const Predicate& condition = predicate.children.front();
  if (condition.kind != Predicate::Kind::always) text += " where " + describe(catalog, condition);
  if (predicate.children.size() > 1 && predicate.children[1].kind != Predicate::Kind::always)
    text += " linked where " + describe(catalog, predicate.children[1]);
  return text + ")";
}

std::string describe_row(const catalog::Catalog& catalog, const Predicate& predicate) {
  std::string columns;
  std::string parameters;
  for (std::size_t i = 0; i < predicate.columns.size(); ++i) {
    columns += (i == 0 ? "" : ", ") + column_name(catalog, predicate.columns[i]);
    parameters += (i == 0 ? "" : ", ") + parameter_name(predicate.parameters[i]);
  }
  const std::string_view word =
      predicate.kind == Predicate::Kind::any_row ? "any row of" : to_string(predicate.comparison);
  return fmt::format("({}) {} ({})", columns, word, parameters);
}

}  // namespace

std::string describe(const catalog::Catalog& catalog, const Predicate& predicate) {
  const auto column = [&] {
    std::string name = column_name(catalog, predicate.columns.front());
    return predicate.path ? fmt::format("{} at {}", name, parameter_name(*predicate.path)) : name;
  };
  const auto parameter = [&](std::size_t i) { return parameter_name(predicate.parameters[i]); };
  switch (predicate.kind) {
    case Predicate::Kind::always:
      return "true";
    case Predicate::Kind::never:
      return "false";
    case Predicate::Kind::compare:
      return fmt::format("{} {} {}", column(), to_string(predicate.comparison), parameter(0));
    case Predicate::Kind::between:
      return fmt::format("{} between {} and {}", column(), parameter(0), parameter(1));
    case Predicate::Kind::is_null:
      return column() + " is null";
    case Predicate::Kind::is_not_null:
      return column() + " is not null";
    case Predicate::Kind::size_compare:
      return fmt::format("size({}) {} {}", column(), to_string(predicate.comparison), parameter(0));
    case Predicate::Kind::row_compare:
    case Predicate::Kind::any_row:
      return describe_row(catalog, predicate);
    case Predicate::Kind::columns_compare:
      return fmt::format("{} {} {}", column(), to_string(predicate.comparison),
                         column_name(catalog, predicate.columns[1]));
    case Predicate::Kind::is_empty:
      return column() + " is empty";
    case Predicate::Kind::exists:
      return describe_exists(catalog, predicate);
    case Predicate::Kind::and_:
      return joined(catalog, predicate.children, "and");
    case Predicate::Kind::or_:
      return joined(catalog, predicate.children, "or");
    case Predicate::Kind::not_:
      return fmt::format("not ({})", describe(catalog, predicate.children.front()));
    case Predicate::Kind::not_true:
      return fmt::format("({}) is not true", describe(catalog, predicate.children.front()));
  }
  return {};
}

std::string describe(const catalog::Catalog& catalog, const std::vector<OrderTerm>& order) {
  std::string text;
  for (const OrderTerm& term : order) {
    if (!text.empty()) text += ", ";
    text += column_name(catalog, term.column);
    if (term.descending) text += " desc";
    if (term.nulls == catalog::NullsOrder::first) text += " nulls first";
    if (term.nulls == catalog::NullsOrder::last) text += " nulls last";
  }
  return text;
}

}  // namespace tenon::sql
