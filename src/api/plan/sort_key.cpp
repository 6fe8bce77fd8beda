// Conditions on a sort key of several columns: row_noSeat_no: {ge: {row_no: 3, seat_no: 7}}.
#include <utility>
#include <vector>

#include "api/plan/scope.h"

namespace tenon::api {

using graphql::InputNode;
using sql::Comparison;
using sql::Predicate;

namespace {

class SortKeyPlanner {
 public:
  SortKeyPlanner(PlannerScope& scope, Parameters& parameters, graphql::Offset offset)
      : scope_(scope), parameters_(parameters), offset_(offset) {}

  Predicate conditions(const InputNode& object);

 private:
  struct Part {
    catalog::ColumnId column;
    const InputNode* value = nullptr;
  };
  std::vector<Part> parts(const InputNode& value);
  Predicate equal(const Part& part);
  Predicate compare(const InputNode& value, Comparison comparison);
  Predicate between(const InputNode& value);
  Predicate begins_with(const InputNode& value);
  sql::ParameterIndex parameter(const Part& part, ParameterForm form = ParameterForm::value) {
    return scope_.parameter(parameters_, *part.value, part.column, form, offset_);
  }

  PlannerScope& scope_;
  Parameters& parameters_;
  graphql::Offset offset_;
};

// Those given, which must be the first ones of the key.
std::vector<SortKeyPlanner::Part> SortKeyPlanner::parts(const InputNode& value) {
  std::vector<Part> found;
  const catalog::Catalog& catalog = scope_.catalog();
  for (const InputNode& member : scope_.input().children(value)) {
    if (member.is_null()) continue;
    const catalog::ColumnId column = scope_.schema[member.definition].column;
    const auto& key = catalog[*catalog.primary_key(catalog[column].table)].parts;
    if (key[found.size() + 1].column != column) {
      scope_.fail(offset_, "a condition on the sort key that has \"" + catalog[column].field_name +
                               "\" needs every field before it");
      return {};
    }
    if (!scope_.may_use(column, offset_)) return {};
    found.push_back({column, &member});
  }
  return found;
}

Predicate SortKeyPlanner::equal(const Part& part) {
  return {.kind = Predicate::Kind::compare,
          .comparison = Comparison::equal,
          .columns = {{.source = 0, .column = part.column}},
          .parameters = {parameter(part)}};
}

Predicate SortKeyPlanner::compare(const InputNode& value, Comparison comparison) {
  const std::vector<Part> given = parts(value);
  Predicate result;
  if (given.empty()) return {.kind = Predicate::Kind::never};
  if (comparison == Comparison::equal) {
    for (const Part& part : given) add_condition(result, equal(part));
    return result;
  }
  result = {.kind = Predicate::Kind::row_compare, .comparison = comparison};
  for (const Part& part : given) {
    result.columns.push_back({.source = 0, .column = part.column});
    result.parameters.push_back(parameter(part));
  }
  return result;
}

Predicate SortKeyPlanner::between(const InputNode& value) {
  const auto ends = scope_.input().children(value);
  if (ends.size() != 2) {
    scope_.fail(offset_, "between takes a list of exactly two values: the lowest and the highest wanted");
    return {.kind = Predicate::Kind::never};
  }
  Predicate result = compare(ends[0], Comparison::greater_or_equal);
  add_condition(result, compare(ends[1], Comparison::less_or_equal));
  return result;
}

// The last part given is the beginning of a text; a part of another kind has to be equal.
Predicate SortKeyPlanner::begins_with(const InputNode& value) {
  const std::vector<Part> given = parts(value);
  if (given.empty()) return {.kind = Predicate::Kind::never};
  Predicate result;
  for (const Part& part : given) {
    const bool is_prefix = &part == &given.back() && part.value->kind == graphql::InputKind::string;
    add_condition(result, !is_prefix ? equal(part)
                                     : Predicate{.kind = Predicate::Kind::compare,
                                                 .comparison = Comparison::like,
                                                 .columns = {{.source = 0, .column = part.column}},
                                                 .parameters = {parameter(part, ParameterForm::prefix)}});
  }
  return result;
}

Predicate SortKeyPlanner::conditions(const InputNode& object) {
  Predicate result;
  for (const InputNode& member : scope_.input().children(object)) {
    const FilterOperator op = scope_.schema[member.definition].filter;
    if (member.is_null()) continue;
    if (op == FilterOperator::between)
      add_condition(result, between(member));
    else if (op == FilterOperator::begins_with)
      add_condition(result, begins_with(member));
    else
      add_condition(result, compare(member, plain_comparison(op)));
  }
  return result;
}

}  // namespace

Predicate plan_sort_key(PlannerScope& scope, Parameters& parameters, const InputNode& conditions,
                        graphql::Offset offset) {
  return SortKeyPlanner(scope, parameters, offset).conditions(conditions);
}

}  // namespace tenon::api
