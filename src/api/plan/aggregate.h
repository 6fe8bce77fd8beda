// The part of the planner that turns aggregatePosts, `aggregate` and `groups` into the groups of a level:
// what groups the rows, what is computed of each group, which groups are wanted and in which order.
#pragma once

#include <cstdint>

#include "api/plan/plan.h"
#include "api/plan/scope.h"
#include "sql/aggregate.h"

namespace tenon::api {

// Plans into `aggregate`, whose table and keys are set.
class AggregatePlanner {
 public:
  AggregatePlanner(PlannerScope& scope, Plan& plan, LevelIndex level, sql::Aggregate& aggregate,
                   Parameters& parameters)
      : scope_(scope), plan_(plan), level_(level), aggregate_(aggregate), parameters_(parameters) {}

  // groupBy, having, orderBy, limit and offset of a field that lists groups.
  void arguments(const graphql::OperationField& field);
  // Plans the selection of plan.fields[index], a group.
  void members(std::uint32_t index, const graphql::OperationField& field);
  bool may_use(const sql::AggregateTerm& term, graphql::Offset offset);
  // The cell of a value of each group, computed once however often it is asked for.
  std::uint32_t output(const sql::AggregateTerm& term);

 private:
  void group_by(const graphql::InputNode& list, graphql::Offset offset);
  void order_by(const graphql::InputNode& list);
  void order(const graphql::InputNode& member);
  void add_order(const sql::AggregateTerm& term, std::string_view direction);
  sql::AggregateCondition having(const graphql::InputNode& object, std::uint32_t depth,
                                 graphql::Offset offset);
  sql::AggregateCondition having_list(const graphql::InputNode& node, sql::AggregateCondition::Kind kind,
                                      std::uint32_t depth, graphql::Offset offset);
  sql::AggregateCondition compare(const sql::AggregateTerm& term, const graphql::InputNode& operators,
                                  graphql::Offset offset);
  void member(std::uint32_t index, const graphql::OperationField& field);
  void values(std::uint32_t index, const graphql::OperationField& field, sql::AggregateFunction function);
  void value(OutputField& out, const graphql::OperationField& field, const OutputBinding& binding,
             sql::AggregateFunction function);
  void date_part(OutputField& out, const graphql::OperationField& field);
  void cell(OutputField& out, const sql::AggregateTerm& term);
  // What groups the rows by that column, as asked for or else the first such; fails when nothing does.
  sql::AggregateTerm group_term(const graphql::OperationField& field, catalog::ColumnId column);
  const graphql::InputNode* argument(const graphql::OperationField& field, InputBinding::Kind kind) const;
  catalog::ColumnId column_named(std::string_view name) const;

  PlannerScope& scope_;
  Plan& plan_;
  LevelIndex level_;
  sql::Aggregate& aggregate_;
  Parameters& parameters_;
  std::uint32_t conditions_ = 0;
};

}  // namespace tenon::api
