#include "api/plan/filter.h"

#include <utility>

#include <fmt/format.h>

namespace tenon::api {

using graphql::InputKind;
using graphql::InputNode;
using sql::Predicate;

void PlannerScope::follow_relation(graphql::Offset offset) {
  const std::uint32_t limit = options.limits.filter_relations_max;
  if (++filter_relations > limit)
    fail(offset,
         fmt::format("the filters and orders of an operation may follow at most {} relations", limit));
}

sql::Link link_of(const Relation& relation) {
  return {.table = relation.link->table,
          .far_columns = relation.link->to_columns,
          .target_columns = relation.to_columns};
}

Predicate FilterPlanner::filter(const InputNode& object, std::uint32_t depth) {
  Predicate result;
  if (object.is_null()) return result;
  if (!scope_.errors.empty()) return never();
  if (depth > scope_.options.limits.filter_depth_max) {
    scope_.fail(offset_, fmt::format("a filter may be nested {} levels deep at most",
                                     scope_.options.limits.filter_depth_max));
    return never();
  }
  // A member sent as null says nothing.
  for (const InputNode& member : scope_.input().children(object))
    if (!member.is_null()) add_condition(result, this->member(member, depth));
  return result;
}

Predicate FilterPlanner::member(const InputNode& member, std::uint32_t depth) {
  const InputBinding& binding = scope_.schema[member.definition];
  switch (binding.kind) {
    case InputBinding::Kind::filter_column:
      if (!scope_.may_use(binding.column, offset_)) return never();
      return column(binding.column, member);
    case InputBinding::Kind::filter_and:
      return list(member, Predicate::Kind::and_, depth + 1);
    case InputBinding::Kind::filter_or:
      return list(member, Predicate::Kind::or_, depth + 1);
    case InputBinding::Kind::filter_not:
      return negated(list(member, Predicate::Kind::and_, depth + 1));
    case InputBinding::Kind::filter_to_one:
      return related(scope_.schema.relations[binding.relation], filter(member, depth + 1));
    case InputBinding::Kind::filter_to_many:
      return to_many(scope_.schema.relations[binding.relation], member, depth + 1);
    case InputBinding::Kind::filter_compare:
      return compare_columns(member);
    default:
      return {};
  }
}

// All rows meet a condition when there is none that does not; a row for which it is unknown does not.
Predicate FilterPlanner::to_many(const Relation& relation, const InputNode& object, std::uint32_t depth) {
  Predicate result;
  for (const InputNode& member : scope_.input().children(object)) {
    if (member.is_null()) continue;
    Predicate condition = filter(member, depth);
    switch (scope_.schema[member.definition].kind) {
      case InputBinding::Kind::filter_some:
        add_condition(result, related(relation, std::move(condition)));
        break;
      case InputBinding::Kind::filter_none:
        add_condition(result, negated(related(relation, std::move(condition))));
        break;
      default: {
        if (condition.kind == Predicate::Kind::always) break;
        Predicate exception{.kind = Predicate::Kind::not_true};
        exception.children.push_back(std::move(condition));
        add_condition(result, negated(related(relation, std::move(exception))));
        break;
      }
    }
  }
  return result;
}

Predicate FilterPlanner::related(const Relation& relation, Predicate condition) {
  scope_.follow_relation(offset_);
  if (!scope_.may_follow(relation, offset_)) return never();
  add_condition(condition, scope_.readable(relation.to, reading_of(relation), parameters_));
  sql::RelatedRows rows{
      .table = relation.to, .parent_columns = relation.from_columns, .columns = relation.to_columns};
  if (relation.link) {
    rows.columns = relation.link->from_columns;
    rows.link = link_of(relation);
  }
  Predicate result{.kind = Predicate::Kind::exists, .related = std::move(rows)};
  result.children.push_back(std::move(condition));
  if (relation.link) result.children.push_back(scope_.readable_links(relation.link->table, parameters_));
  return result;
}

// {price: {gt: cost}}: the value of an operator is the name of a column of the same table.
Predicate FilterPlanner::compare_columns(const InputNode& object) {
  const catalog::Catalog& catalog = scope_.catalog();
  Predicate result;
  for (const InputNode& member : scope_.input().children(object)) {
    const catalog::ColumnId column = scope_.schema[member.definition].column;
    for (const InputNode& value : scope_.input().children(member)) {
      if (value.is_null()) continue;
      const auto other = catalog.find_field(catalog[column].table, value.text);
      if (!other || !count_condition()) return never();
      if (!scope_.may_use(column, offset_) || !scope_.may_use(*other, offset_)) return never();
      add_condition(result, {.kind = Predicate::Kind::columns_compare,
                             .comparison = plain_comparison(scope_.schema[value.definition].filter),
                             .columns = {{.source = 0, .column = column}, {.source = 0, .column = *other}}});
    }
  }
  return result;
}

bool FilterPlanner::count_condition() {
  const std::uint32_t limit = scope_.options.limits.filter_conditions_max;
  if (++conditions_ <= limit) return true;
  scope_.fail(offset_, fmt::format("a filter may hold at most {} comparisons", limit));
  return false;
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

sql::Predicate never() { return {.kind = sql::Predicate::Kind::never}; }

sql::Predicate negated(sql::Predicate condition) {
  sql::Predicate result{.kind = sql::Predicate::Kind::not_};
  result.children.push_back(std::move(condition));
  return result;
}

Predicate plan_filter(PlannerScope& scope, Parameters& parameters, const InputNode& filter,
                      graphql::Offset offset) {
  Predicate result = FilterPlanner(scope, parameters, offset).filter(filter, 1);
  rewrite_keysets(scope.catalog(), result);
  return result;
}

Predicate plan_key(PlannerScope& scope, Parameters& parameters, catalog::ColumnId column,
                   const InputNode& value, graphql::Offset offset) {
  if (!scope.may_use(column, offset)) return never();
  if (value.kind == InputKind::object && value.text.empty())
    return FilterPlanner(scope, parameters, offset).column(column, value);
  return {.kind = Predicate::Kind::compare,
          .comparison = sql::Comparison::equal,
          .columns = {{.source = 0, .column = column}},
          .parameters = {scope.parameter(parameters, value, column, ParameterForm::value, offset)}};
}

}  // namespace tenon::api
