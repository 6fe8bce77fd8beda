#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "api/plan/page_token.h"
#include "api/plan/scope.h"
#include "base/hash.h"

namespace tenon::api {

using graphql::InputNode;
using sql::Comparison;
using sql::Predicate;

namespace {

// The columns that make an order total: the primary key, or else a unique key that cannot be null.
std::vector<catalog::ColumnId> total_columns(const catalog::Catalog& catalog, catalog::TableId table) {
  const auto columns_of = [&](catalog::IndexId id) {
    std::vector<catalog::ColumnId> columns;
    for (const catalog::IndexPart& part : catalog[id].parts)
      if (part.column) columns.push_back(*part.column);
    return columns;
  };
  if (const auto key = catalog.primary_key(table)) return columns_of(*key);
  for (const catalog::IndexId id : catalog[table].indexes) {
    const catalog::Index& index = catalog[id];
    if (index.kind != catalog::IndexKind::unique || !index.predicate.empty() || index.has_expressions())
      continue;
    const auto columns = columns_of(id);
    if (std::ranges::none_of(columns, [&](catalog::ColumnId column) { return catalog[column].nullable; }))
      return columns;
  }
  return {};
}

// ASC, DESC, and either with _NULLS_FIRST or _NULLS_LAST.
sql::OrderTerm order_term(const sql::ColumnRef& column, std::string_view direction) {
  sql::OrderTerm term{.column = column,
                      .descending = direction.starts_with("DESC") || direction.starts_with("desc")};
  if (direction.find("NULLS_FIRST") != std::string_view::npos) term.nulls = catalog::NullsOrder::first;
  if (direction.find("NULLS_LAST") != std::string_view::npos) term.nulls = catalog::NullsOrder::last;
  return term;
}

// NULL is PostgreSQL's greatest value and MySQL's smallest.
bool nulls_first(const catalog::Catalog& catalog, const sql::OrderTerm& term) {
  if (term.nulls != catalog::NullsOrder::engine_default) return term.nulls == catalog::NullsOrder::first;
  const bool smallest = catalog.engine_of(catalog[term.column.column].table) == catalog::Engine::mysql;
  return smallest != term.descending;
}

std::optional<std::int64_t> as_integer(const InputNode& node) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(node.text.data(), node.text.data() + node.text.size(), value);
  if (error != std::errc{} || end != node.text.data() + node.text.size()) return std::nullopt;
  return value;
}

Predicate compare(const sql::ColumnRef& column, Comparison comparison, sql::ParameterIndex parameter) {
  return {.kind = Predicate::Kind::compare,
          .comparison = comparison,
          .columns = {column},
          .parameters = {parameter}};
}

// The rows after a position, term by term, where a row comparison does not do: mixed directions or columns
// that may be NULL.
class AfterPosition {
 public:
  AfterPosition(const catalog::Catalog& catalog, const std::vector<sql::OrderTerm>& order,
                const PageToken& token)
      : catalog_(catalog), order_(order), token_(token) {}

  template <class ParameterOf>
  Predicate predicate(ParameterOf&& parameter_of) {
    Predicate any{.kind = Predicate::Kind::or_};
    Predicate equal;  // of all terms before
    for (std::size_t i = 0; i < order_.size(); ++i) {
      Predicate branch = equal;
      add_condition(branch, after(i, parameter_of));
      if (!may_not_follow(i)) any.children.push_back(std::move(branch));
      const bool null = !token_.values[i];
      add_condition(equal, null ? Predicate{.kind = Predicate::Kind::is_null, .columns = {order_[i].column}}
                                : compare(order_[i].column, Comparison::equal, parameter_of(i)));
    }
    if (any.children.empty()) return {.kind = Predicate::Kind::never};
    // A bound on the first column, redundant, lets an index on it skip what came before.
    Predicate result;
    if (!nullable(0) && token_.values[0])
      add_condition(result,
                    compare(order_[0].column,
                            order_[0].descending ? Comparison::less_or_equal : Comparison::greater_or_equal,
                            parameter_of(0)));
    add_condition(result, std::move(any));
    return result;
  }

 private:
  bool nullable(std::size_t i) const { return may_be_null(catalog_, order_[i].column); }
  // NULL is the last value of its term.
  bool may_not_follow(std::size_t i) const { return !token_.values[i] && !nulls_first(catalog_, order_[i]); }

  template <class ParameterOf>
  Predicate after(std::size_t i, ParameterOf&& parameter_of) const {
    const sql::OrderTerm& term = order_[i];
    if (!token_.values[i]) return {.kind = Predicate::Kind::is_not_null, .columns = {term.column}};
    Predicate later =
        compare(term.column, term.descending ? Comparison::less : Comparison::greater, parameter_of(i));
    if (!nullable(i) || nulls_first(catalog_, term)) return later;
    Predicate or_null{.kind = Predicate::Kind::or_};
    or_null.children.push_back(std::move(later));
    or_null.children.push_back({.kind = Predicate::Kind::is_null, .columns = {term.column}});
    return or_null;
  }

  const catalog::Catalog& catalog_;
  const std::vector<sql::OrderTerm>& order_;
  const PageToken& token_;
};

}  // namespace

PageArguments page_arguments(const PlannerScope& scope, const graphql::OperationField& field) {
  PageArguments result;
  for (std::uint32_t i = 0; i < field.argument_count; ++i) {
    const graphql::OperationArgument& argument = scope.operation.arguments[field.first_argument + i];
    const InputNode& node = scope.input()[argument.value];
    if (node.is_null()) continue;  // the same as not given
    const InputBinding& binding = scope.schema[argument.definition];
    switch (binding.kind) {
      case InputBinding::Kind::filter:
        result.filter = &node;
        break;
      case InputBinding::Kind::limit:
        result.limit = &node;
        break;
      case InputBinding::Kind::offset:
        result.offset = &node;
        break;
      case InputBinding::Kind::next_token:
        result.next_token = &node;
        break;
      case InputBinding::Kind::order_by:
        result.order_by = &node;
        break;
      case InputBinding::Kind::sort_direction:
        result.sort_direction = &node;
        break;
      case InputBinding::Kind::sort_key:
        result.sort_key = &node;
        break;
      case InputBinding::Kind::key:
        result.keys.emplace_back(binding.column, &node);
        break;
      default:
        break;
    }
  }
  return result;
}

bool may_be_null(const catalog::Catalog& catalog, const sql::ColumnRef& ref) {
  return ref.source > 0 || catalog[ref.column].nullable;
}

namespace {

// The column at the end of {author: {country: {name: ASC}}}; nullopt where an object says nothing. Depth is
// bounded by that of documents and variables.
std::optional<sql::OrderTerm> order_of(PlannerScope& scope, const InputNode& object, std::uint32_t source,
                                       const JoinSource& join, graphql::Offset offset) {
  for (const InputNode& member : scope.input().children(object)) {
    const InputBinding& binding = scope.schema[member.definition];
    if (member.is_null() || !scope.errors.empty()) continue;
    if (binding.kind == InputBinding::Kind::order_column && !scope.may_use(binding.column, offset))
      return std::nullopt;
    if (binding.kind == InputBinding::Kind::order_column)
      return order_term({.source = source, .column = binding.column}, member.text);
    if (binding.kind != InputBinding::Kind::order_to_one) continue;
    scope.follow_relation(offset);
    if (!scope.may_follow(scope.schema.relations[binding.relation], offset)) return std::nullopt;
    return order_of(scope, member, join(source, binding.relation), join, offset);
  }
  return std::nullopt;
}

}  // namespace

std::vector<sql::OrderTerm> plan_order(PlannerScope& scope, catalog::TableId table,
                                       const PageArguments& arguments, const JoinSource& join,
                                       graphql::Offset offset) {
  std::vector<sql::OrderTerm> order;
  const auto has = [&](const sql::ColumnRef& column) {
    return std::ranges::find(order, column, &sql::OrderTerm::column) != order.end();
  };
  const auto add_object = [&](const InputNode& object) {
    const auto term = order_of(scope, object, 0, join, offset);
    if (term && !has(term->column)) order.push_back(*term);
  };
  if (arguments.order_by != nullptr) {
    if (arguments.order_by->kind == graphql::InputKind::list) {
      for (const InputNode& object : scope.input().children(*arguments.order_by)) add_object(object);
    } else {
      add_object(*arguments.order_by);
    }
  }
  // Without an order of its own a list is in the order of its key, which sortDirection turns around.
  bool descending = !order.empty() && order.back().descending;
  if (arguments.sort_direction != nullptr) {
    if (arguments.order_by != nullptr)
      scope.fail(offset, "sortDirection and orderBy cannot be used together; orderBy says both");
    descending = order_term({}, arguments.sort_direction->text).descending;
  }
  for (const catalog::ColumnId column : total_columns(scope.catalog(), table))
    if (const sql::ColumnRef ref{.source = 0, .column = column}; !has(ref))
      order.push_back({.column = ref, .descending = descending});
  return order;
}

std::string ordering_name(const sql::Select& select) {
  const catalog::Catalog& catalog = *select.catalog;
  // The numbers of joined sources depend on what is selected beside them; the way there does not.
  std::vector<sql::OrderTerm> order = select.order;
  for (sql::OrderTerm& term : order) term.column.source = std::min(term.column.source, 1U);
  std::string text = catalog[catalog[select.from].schema].name + "." + catalog[select.from].name + ":" +
                     sql::describe(catalog, order);
  for (const sql::OrderTerm& term : select.order) {
    for (std::uint32_t source = term.column.source; source > 0; source = select.joins[source - 1].parent)
      for (const catalog::ColumnId column : select.joins[source - 1].parent_columns)
        text += ":" + catalog[column].name;
  }
  const base::Hash128 hash = base::hash128(text);
  return fmt::format("{:016x}", hash.low);
}

std::uint64_t plan_limit(PlannerScope& scope, const PageArguments& arguments, graphql::Offset offset) {
  const base::OperationLimits& limits = scope.options.limits;
  if (arguments.limit == nullptr) return limits.page_rows_default;
  const auto value = as_integer(*arguments.limit);
  if (!value || *value < 0 || *value > limits.page_rows_max) {
    scope.fail(offset, fmt::format("limit must be between 0 and {}", limits.page_rows_max));
    return 0;
  }
  return static_cast<std::uint64_t>(*value);
}

std::uint64_t plan_offset(PlannerScope& scope, const PageArguments& arguments, graphql::Offset offset) {
  if (arguments.offset == nullptr) return 0;
  const auto value = as_integer(*arguments.offset);
  if (!value || *value < 0) {
    scope.fail(offset, "offset must not be negative");
    return 0;
  }
  return static_cast<std::uint64_t>(*value);
}

std::uint64_t plan_count_max(PlannerScope& scope, const InputNode& count_max, graphql::Offset offset) {
  const auto value = as_integer(count_max);
  if (value && *value > 0) return static_cast<std::uint64_t>(*value);
  scope.fail(offset, "atMost must be greater than 0");
  return 1;
}

Predicate plan_token(PlannerScope& scope, Parameters& parameters, const InputNode& node,
                     const std::vector<sql::OrderTerm>& order, const std::string& ordering,
                     graphql::Offset offset) {
  const auto token = decode_page_token(node.text);
  if (!token || token->ordering != ordering || token->values.size() != order.size() || order.empty()) {
    scope.fail(offset, std::string(page_token_message));
    return {.kind = Predicate::Kind::never};
  }
  const graphql::InputOrigin& origin = scope.input().origin(node);
  const auto parameter_of = [&](std::size_t i) {
    ParameterSource source{.kind = ParameterSource::Kind::token,
                           .part = static_cast<std::uint32_t>(i),
                           .column = order[i].column.column,
                           .origin = origin,
                           .ordering = ordering,
                           .offset = offset};
    if (origin.variable < 0) source.text = std::string(node.text);
    return parameters.add(std::move(source));
  };
  const bool one_direction = std::ranges::all_of(
      order, [&](const sql::OrderTerm& term) { return term.descending == order.front().descending; });
  const bool no_nulls = std::ranges::none_of(
      order, [&](const sql::OrderTerm& term) { return may_be_null(scope.catalog(), term.column); });
  const bool all_given = std::ranges::all_of(token->values, [](const auto& value) { return !!value; });
  if (!one_direction || !no_nulls || !all_given)
    return AfterPosition(scope.catalog(), order, *token).predicate(parameter_of);
  Predicate row{.kind = Predicate::Kind::row_compare,
                .comparison = order.front().descending ? Comparison::less : Comparison::greater};
  for (std::size_t i = 0; i < order.size(); ++i) {
    row.columns.push_back(order[i].column);
    row.parameters.push_back(parameter_of(i));
  }
  return row;
}

}  // namespace tenon::api
