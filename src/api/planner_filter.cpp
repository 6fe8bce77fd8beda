#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "api/planner_scope.h"

namespace tenon::api {

using graphql::InputKind;
using graphql::InputNode;
using sql::Comparison;
using sql::Predicate;

namespace {

Predicate never() { return {.kind = Predicate::Kind::never}; }

Predicate negated(Predicate child) {
  Predicate result{.kind = Predicate::Kind::not_};
  result.children.push_back(std::move(child));
  return result;
}

Predicate null_test(catalog::ColumnId column, bool is_null) {
  return {.kind = is_null ? Predicate::Kind::is_null : Predicate::Kind::is_not_null,
          .columns = {{.source = 0, .column = column}}};
}

Comparison plain_comparison(FilterOperator op) {
  switch (op) {
    case FilterOperator::ne:
      return Comparison::not_equal;
    case FilterOperator::lt:
      return Comparison::less;
    case FilterOperator::le:
      return Comparison::less_or_equal;
    case FilterOperator::gt:
      return Comparison::greater;
    case FilterOperator::ge:
      return Comparison::greater_or_equal;
    default:
      return Comparison::equal;
  }
}

// The name of Amplify's ModelAttributeTypes for a column's values.
std::string_view attribute_type(const catalog::ColumnType& type) {
  using catalog::TypeKind;
  if (type.is_array()) return "list";
  switch (type.kind) {
    case TypeKind::boolean:
      return "bool";
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::float32:
    case TypeKind::float64:
    case TypeKind::decimal:
    case TypeKind::money:
    case TypeKind::year:
      return "number";
    case TypeKind::bytes:
      return "binary";
    case TypeKind::json:
    case TypeKind::jsonb:
    case TypeKind::hstore:
      return "map";
    default:
      return "string";
  }
}

// One filter object at a time; depth is bounded because the document's and the variables' nesting is.
class FilterPlanner {
 public:
  FilterPlanner(PlannerScope& scope, Parameters& parameters, graphql::Offset offset)
      : scope_(scope), parameters_(parameters), offset_(offset) {}

  Predicate filter(const InputNode& object, std::uint32_t depth);
  Predicate column(catalog::ColumnId column, const InputNode& operators);

 private:
  Predicate list(const InputNode& node, Predicate::Kind kind, std::uint32_t depth);
  Predicate condition(catalog::ColumnId column, FilterOperator op, const InputNode& value);
  Predicate compare(catalog::ColumnId column, Comparison comparison, const InputNode& value,
                    ParameterForm form);
  Predicate between(catalog::ColumnId column, const InputNode& value, Predicate::Kind kind,
                    ParameterForm form);
  Predicate size(catalog::ColumnId column, const InputNode& operators);
  sql::ParameterIndex parameter(const InputNode& value, catalog::ColumnId column, ParameterForm form,
                                std::uint32_t part = 0) {
    return scope_.parameter(parameters_, value, column, form, offset_, part);
  }

  PlannerScope& scope_;
  Parameters& parameters_;
  graphql::Offset offset_;
  std::uint32_t conditions_ = 0;
};

Predicate FilterPlanner::filter(const InputNode& object, std::uint32_t depth) {
  Predicate result;
  if (object.is_null()) return result;
  if (!scope_.errors.empty()) return never();
  if (depth > scope_.options.limits.filter_depth_max) {
    scope_.fail(offset_, fmt::format("a filter may be nested {} levels deep at most",
                                     scope_.options.limits.filter_depth_max));
    return never();
  }
  for (const InputNode& member : scope_.input().children(object)) {
    const InputBinding& binding = scope_.schema[member.definition];
    if (member.is_null()) continue;  // a member sent as null says nothing
    switch (binding.kind) {
      case InputBinding::Kind::filter_column:
        add_condition(result, column(binding.column, member));
        break;
      case InputBinding::Kind::filter_and:
        add_condition(result, list(member, Predicate::Kind::and_, depth + 1));
        break;
      case InputBinding::Kind::filter_or:
        add_condition(result, list(member, Predicate::Kind::or_, depth + 1));
        break;
      case InputBinding::Kind::filter_not:
        add_condition(result, negated(list(member, Predicate::Kind::and_, depth + 1)));
        break;
      default:
        break;
    }
  }
  return result;
}

Predicate FilterPlanner::list(const InputNode& node, Predicate::Kind kind, std::uint32_t depth) {
  if (node.kind != InputKind::list) return filter(node, depth);
  if (node.child_count > scope_.options.limits.filter_list_max) {
    scope_.fail(offset_, fmt::format("a list in a filter may hold at most {} values, this one has {}",
                                     scope_.options.limits.filter_list_max, node.child_count));
    return never();
  }
  if (kind == Predicate::Kind::and_) {
    Predicate result;
    for (const InputNode& child : scope_.input().children(node)) add_condition(result, filter(child, depth));
    return result;
  }
  Predicate result{.kind = Predicate::Kind::or_};
  for (const InputNode& child : scope_.input().children(node))
    result.children.push_back(filter(child, depth));
  if (result.children.empty()) return never();
  if (result.children.size() == 1) return std::move(result.children.front());
  return result;
}

Predicate FilterPlanner::column(catalog::ColumnId column, const InputNode& operators) {
  Predicate result;
  for (const InputNode& member : scope_.input().children(operators)) {
    const InputBinding& binding = scope_.schema[member.definition];
    if (binding.kind != InputBinding::Kind::filter_operator) continue;
    if (++conditions_ > scope_.options.limits.filter_conditions_max) {
      scope_.fail(offset_, fmt::format("a filter may hold at most {} comparisons",
                                       scope_.options.limits.filter_conditions_max));
      return never();
    }
    add_condition(result, condition(column, binding.filter, member));
  }
  return result;
}

Predicate FilterPlanner::compare(catalog::ColumnId column, Comparison comparison, const InputNode& value,
                                 ParameterForm form) {
  // A comparison with null is never true.
  if (value.is_null()) return never();
  return {.kind = Predicate::Kind::compare,
          .comparison = comparison,
          .columns = {{.source = 0, .column = column}},
          .parameters = {parameter(value, column, form)}};
}

Predicate FilterPlanner::between(catalog::ColumnId column, const InputNode& value, Predicate::Kind kind,
                                 ParameterForm form) {
  if (value.is_null()) return never();
  const auto bound = [&](std::uint32_t part) {
    // Written in the document, each end stands for itself and may be a variable; in a variable, both come
    // from one list.
    if (scope_.input().origin(value).variable >= 0)
      return parameter(value, column, ParameterForm::pair, part);
    return parameter(scope_.input().children(value)[part], column, form);
  };
  if (value.kind != InputKind::list || value.child_count != 2) {
    scope_.fail(offset_, "between takes a list of exactly two values: the lowest and the highest wanted");
    return never();
  }
  for (const InputNode& end : scope_.input().children(value))
    if (end.is_null()) return never();
  const sql::ColumnRef ref{.source = 0, .column = column};
  if (kind == Predicate::Kind::between)
    return {.kind = kind, .columns = {ref}, .parameters = {bound(0), bound(1)}};
  Predicate low{
      .kind = kind, .comparison = Comparison::greater_or_equal, .columns = {ref}, .parameters = {bound(0)}};
  add_condition(
      low,
      {.kind = kind, .comparison = Comparison::less_or_equal, .columns = {ref}, .parameters = {bound(1)}});
  return low;
}

Predicate FilterPlanner::size(catalog::ColumnId column, const InputNode& operators) {
  Predicate result;
  for (const InputNode& member : scope_.input().children(operators)) {
    const FilterOperator op = scope_.schema[member.definition].filter;
    if (op == FilterOperator::between) {
      add_condition(result, between(column, member, Predicate::Kind::size_compare, ParameterForm::verbatim));
      continue;
    }
    if (member.is_null()) {
      add_condition(result, never());
      continue;
    }
    add_condition(result, {.kind = Predicate::Kind::size_compare,
                           .comparison = plain_comparison(op),
                           .columns = {{.source = 0, .column = column}},
                           .parameters = {parameter(member, column, ParameterForm::verbatim)}});
  }
  return result;
}

Predicate FilterPlanner::condition(catalog::ColumnId column, FilterOperator op, const InputNode& value) {
  const bool is_array = scope_.catalog()[column].type.is_array();
  switch (op) {
    case FilterOperator::eq:
    case FilterOperator::ne:
      if (value.is_null()) return null_test(column, op == FilterOperator::eq);
      return compare(column, plain_comparison(op), value, ParameterForm::value);
    case FilterOperator::lt:
    case FilterOperator::le:
    case FilterOperator::gt:
    case FilterOperator::ge:
      return compare(column, plain_comparison(op), value, ParameterForm::value);
    case FilterOperator::between:
      return between(column, value, Predicate::Kind::between, ParameterForm::value);
    case FilterOperator::in:
      return compare(column, Comparison::any_of, value, ParameterForm::array);
    case FilterOperator::not_in:
      return compare(column, Comparison::none_of, value, ParameterForm::array);
    case FilterOperator::contains:
      if (is_array) return compare(column, Comparison::array_contains, value, ParameterForm::element);
      return compare(column, Comparison::like, value, ParameterForm::substring);
    case FilterOperator::not_contains:
      if (is_array) return compare(column, Comparison::array_not_contains, value, ParameterForm::element);
      return compare(column, Comparison::not_like, value, ParameterForm::substring);
    case FilterOperator::icontains:
      return compare(column, Comparison::ilike, value, ParameterForm::substring);
    case FilterOperator::begins_with:
      return compare(column, Comparison::like, value, ParameterForm::prefix);
    case FilterOperator::like:
      return compare(column, Comparison::like, value, ParameterForm::verbatim);
    case FilterOperator::not_like:
      return compare(column, Comparison::not_like, value, ParameterForm::verbatim);
    case FilterOperator::ilike:
      return compare(column, Comparison::ilike, value, ParameterForm::verbatim);
    case FilterOperator::not_ilike:
      return compare(column, Comparison::not_ilike, value, ParameterForm::verbatim);
    case FilterOperator::attribute_exists:
      return value.is_null() ? never() : null_test(column, value.text == "false");
    case FilterOperator::attribute_type:
      if (value.text == "_null") return null_test(column, true);
      return value.text == attribute_type(scope_.catalog()[column].type) ? null_test(column, false) : never();
    case FilterOperator::size:
      return value.is_null() ? Predicate{} : size(column, value);
  }
  return never();
}

// --- the OR form of keyset paging

bool same(const Predicate& a, const Predicate& b) {
  return a.columns == b.columns && a.parameters == b.parameters;
}

bool is_strict(Comparison comparison) {
  return comparison == Comparison::less || comparison == Comparison::greater;
}

// The parts of an `and`, or the one condition itself.
std::vector<const Predicate*> parts(const Predicate& predicate) {
  if (predicate.kind != Predicate::Kind::and_) return {&predicate};
  std::vector<const Predicate*> found;
  for (const Predicate& child : predicate.children) found.push_back(&child);
  return found;
}

// The strict comparison among the parts of a branch, when all others are equalities.
const Predicate* strict_part(const std::vector<const Predicate*>& branch) {
  const Predicate* found = nullptr;
  for (const Predicate* part : branch) {
    if (part->kind != Predicate::Kind::compare) return nullptr;
    if (part->comparison == Comparison::equal) continue;
    if (!is_strict(part->comparison) || found != nullptr) return nullptr;
    found = part;
  }
  return found;
}

// a < x OR (a = x AND b < y) [OR (a = x AND b = y AND c < z)]  →  (a, b, c) < (x, y, z), which an index on
// the columns answers. The same only when no column can be NULL.
std::optional<Predicate> as_row_comparison(const catalog::Catalog& catalog, const Predicate& predicate) {
  if (predicate.kind != Predicate::Kind::or_ || predicate.children.size() < 2) return std::nullopt;
  std::vector<const Predicate*> prefix;  // the strict comparisons of the branches before
  for (const Predicate& child : predicate.children) {
    const std::vector<const Predicate*> branch = parts(child);
    const Predicate* strict = strict_part(branch);
    if (strict == nullptr || branch.size() != prefix.size() + 1) return std::nullopt;
    if (catalog[strict->columns.front().column].nullable) return std::nullopt;
    if (!prefix.empty() && prefix.front()->comparison != strict->comparison) return std::nullopt;
    for (const Predicate* before : prefix) {
      const bool found = std::ranges::any_of(branch, [&](const Predicate* part) {
        return part->comparison == Comparison::equal && same(*part, *before);
      });
      if (!found) return std::nullopt;
    }
    prefix.push_back(strict);
  }
  Predicate row{.kind = Predicate::Kind::row_compare, .comparison = prefix.front()->comparison};
  for (const Predicate* part : prefix) {
    if (std::ranges::find(row.columns, part->columns.front()) != row.columns.end()) return std::nullopt;
    row.columns.push_back(part->columns.front());
    row.parameters.push_back(part->parameters.front());
  }
  return row;
}

void rewrite_keysets(const catalog::Catalog& catalog, Predicate& predicate) {
  for (Predicate& child : predicate.children) rewrite_keysets(catalog, child);
  if (auto row = as_row_comparison(catalog, predicate)) predicate = std::move(*row);
}

}  // namespace

void add_condition(Predicate& a, Predicate b) {
  if (b.kind == Predicate::Kind::always) return;
  if (a.kind == Predicate::Kind::always) {
    a = std::move(b);
    return;
  }
  if (a.kind != Predicate::Kind::and_) {
    Predicate both{.kind = Predicate::Kind::and_};
    both.children.push_back(std::move(a));
    a = std::move(both);
  }
  if (b.kind != Predicate::Kind::and_) {
    a.children.push_back(std::move(b));
    return;
  }
  for (Predicate& child : b.children) a.children.push_back(std::move(child));
}

Predicate plan_filter(PlannerScope& scope, Parameters& parameters, const InputNode& filter,
                      graphql::Offset offset) {
  Predicate result = FilterPlanner(scope, parameters, offset).filter(filter, 1);
  rewrite_keysets(scope.catalog(), result);
  return result;
}

Predicate plan_key(PlannerScope& scope, Parameters& parameters, catalog::ColumnId column,
                   const InputNode& value, graphql::Offset offset) {
  if (value.kind == InputKind::object && value.text.empty())
    return FilterPlanner(scope, parameters, offset).column(column, value);
  return {.kind = Predicate::Kind::compare,
          .comparison = Comparison::equal,
          .columns = {{.source = 0, .column = column}},
          .parameters = {scope.parameter(parameters, value, column, ParameterForm::value, offset)}};
}

namespace {

// The other texts are the same for every column.
bool depends_on_column(ParameterForm form) {
  return form == ParameterForm::value || form == ParameterForm::element || form == ParameterForm::array ||
         form == ParameterForm::pair;
}

}  // namespace

sql::ParameterIndex PlannerScope::parameter(Parameters& parameters, const InputNode& node,
                                            catalog::ColumnId column, ParameterForm form,
                                            graphql::Offset offset, std::uint32_t part) {
  ParameterSource source{.form = form, .part = part, .column = column, .offset = offset};
  if (!depends_on_column(form)) source.column = {};
  if (input().origin(node).variable >= 0) {
    source.kind = ParameterSource::Kind::variable;
    source.origin = input().origin(node);
    return parameters.add(std::move(source));
  }
  const auto from_variable = [&](const InputNode& child) { return input().origin(child).variable >= 0; };
  if (node.kind == InputKind::list && std::ranges::any_of(input().children(node), from_variable)) {
    // A list written in the document with variables in it: each element has its own source.
    const bool is_array_column = form == ParameterForm::value;
    source.kind = ParameterSource::Kind::list;
    for (const InputNode& child : input().children(node)) {
      Parameters one;
      parameter(one, child, column, is_array_column ? ParameterForm::element : ParameterForm::value, offset);
      for (ParameterSource& element : one.take()) source.elements.push_back(std::move(element));
    }
    return parameters.add(std::move(source));
  }
  auto text = parameter_text(schema, input(), node, column, form, part, options.limits);
  if (!text) {
    fail(offset, text.error());
    return {};
  }
  source.text = std::move(*text);
  return parameters.add(std::move(source));
}

}  // namespace tenon::api
