// Conditions on one column.
#include <optional>
#include <utility>

#include "api/plan/filter.h"

namespace tenon::api {

using graphql::InputKind;
using graphql::InputNode;
using sql::Comparison;
using sql::Predicate;

namespace {

Predicate null_test(catalog::ColumnId column, bool is_null) {
  return {.kind = is_null ? Predicate::Kind::is_null : Predicate::Kind::is_not_null,
          .columns = {{.source = 0, .column = column}}};
}

Predicate empty_test(catalog::ColumnId column, bool is_empty) {
  Predicate empty{.kind = Predicate::Kind::is_empty, .columns = {{.source = 0, .column = column}}};
  if (is_empty) return empty;
  Predicate filled{.kind = Predicate::Kind::not_};
  filled.children.push_back(std::move(empty));
  return filled;
}

bool is_document(const catalog::ColumnType& type) {
  return !type.is_array() && (type.kind == catalog::TypeKind::json || type.kind == catalog::TypeKind::jsonb);
}

// The name of Amplify's ModelAttributeTypes for a column's values.
std::string_view attribute_type_of(const catalog::ColumnType& type) {
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

}  // namespace

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

Predicate FilterPlanner::column(catalog::ColumnId column, const InputNode& operators) {
  Predicate result;
  const bool is_json = is_document(scope_.catalog()[column].type);
  std::optional<sql::ParameterIndex> path;
  for (const InputNode& member : scope_.input().children(operators))
    if (scope_.schema[member.definition].filter == FilterOperator::json_path && !member.is_null())
      path = parameter(member, column, ParameterForm::texts);
  for (const InputNode& member : scope_.input().children(operators)) {
    const InputBinding& binding = scope_.schema[member.definition];
    if (binding.filter == FilterOperator::json_path) continue;
    if (binding.kind != InputBinding::Kind::filter_operator) continue;
    if (!count_condition()) return never();
    if (is_json)
      add_condition(result, json(column, binding.filter, member, path));
    else
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
      return compare(column, Comparison::like, value, ParameterForm::pattern);
    case FilterOperator::not_like:
      return compare(column, Comparison::not_like, value, ParameterForm::pattern);
    case FilterOperator::ilike:
      return compare(column, Comparison::ilike, value, ParameterForm::pattern);
    case FilterOperator::not_ilike:
      return compare(column, Comparison::not_ilike, value, ParameterForm::pattern);
    case FilterOperator::attribute_exists:
      return value.is_null() ? never() : null_test(column, value.text == "false");
    case FilterOperator::attribute_type:
      if (value.text == "_null") return null_test(column, true);
      return value.text == attribute_type_of(scope_.catalog()[column].type) ? null_test(column, false)
                                                                            : never();
    case FilterOperator::size:
      return value.is_null() ? Predicate{} : size(column, value);
    case FilterOperator::eqi:
      return compare(column, Comparison::equal_ignoring_case, value, ParameterForm::verbatim);
    case FilterOperator::has_every:
      return compare(column, Comparison::array_contains_all, value, ParameterForm::array);
    case FilterOperator::has_some:
      return compare(column, Comparison::array_overlaps, value, ParameterForm::array);
    case FilterOperator::is_empty:
      return value.is_null() ? never() : empty_test(column, value.text != "false");
    case FilterOperator::search:
      return compare(column, Comparison::search, value, ParameterForm::words);
    case FilterOperator::json_path:
      break;
  }
  return never();
}

// `path` leads into the value. A part that is not there and one that is JSON's null are both null.
Predicate FilterPlanner::json(catalog::ColumnId column, FilterOperator op, const InputNode& value,
                              std::optional<sql::ParameterIndex> path) {
  const sql::ColumnRef ref{.source = 0, .column = column};
  const auto compare_with = [&](Comparison comparison, sql::ParameterIndex parameter) {
    return Predicate{.kind = Predicate::Kind::compare,
                     .comparison = comparison,
                     .columns = {ref},
                     .parameters = {parameter},
                     .path = path};
  };
  const auto presence = [&](bool is_null) {
    return Predicate{.kind = is_null ? Predicate::Kind::is_null : Predicate::Kind::is_not_null,
                     .columns = {ref},
                     .path = path};
  };
  const auto text = [&](Comparison comparison, ParameterForm form) {
    return value.is_null() ? never() : compare_with(comparison, parameter(value, column, form));
  };
  switch (op) {
    case FilterOperator::eq:
    case FilterOperator::ne: {
      if (!value.is_null()) return text(plain_comparison(op), ParameterForm::value);
      const bool is_null = op == FilterOperator::eq;
      Predicate result = presence(is_null);
      if (!path) return result;
      const sql::ParameterIndex null = parameters_.add({.column = column, .text = "null"});
      Predicate both{.kind = is_null ? Predicate::Kind::or_ : Predicate::Kind::and_};
      both.children.push_back(std::move(result));
      both.children.push_back(compare_with(is_null ? Comparison::equal : Comparison::not_equal, null));
      return both;
    }
    case FilterOperator::contains:
      return text(Comparison::json_contains, ParameterForm::value);
    case FilterOperator::not_contains:
      return text(Comparison::json_not_contains, ParameterForm::value);
    case FilterOperator::begins_with:
      return text(Comparison::like, ParameterForm::prefix);
    case FilterOperator::like:
      return text(Comparison::like, ParameterForm::pattern);
    case FilterOperator::ilike:
      return text(Comparison::ilike, ParameterForm::pattern);
    case FilterOperator::icontains:
      return text(Comparison::ilike, ParameterForm::substring);
    case FilterOperator::attribute_exists:
      return value.is_null() ? never() : presence(value.text == "false");
    case FilterOperator::attribute_type:
      if (path) scope_.fail(offset_, "attributeType is about the whole value; path cannot be used with it");
      return condition(column, op, value);
    default:
      return text(plain_comparison(op), ParameterForm::value);
  }
}

}  // namespace tenon::api
