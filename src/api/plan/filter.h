// The part of the planner that turns filter objects into conditions: objects and relations in
// filter.cpp, the operators of one column in operators.cpp.
#pragma once

#include "api/plan/scope.h"

namespace tenon::api {

// Conditions for one argument. Depth is bounded by the limits, and before that by the nesting of documents
// and variables.
class FilterPlanner {
 public:
  FilterPlanner(PlannerScope& scope, Parameters& parameters, graphql::Offset offset)
      : scope_(scope), parameters_(parameters), offset_(offset) {}

  sql::Predicate filter(const graphql::InputNode& object, std::uint32_t depth);
  // The conditions of an object of operators; all must hold.
  sql::Predicate column(catalog::ColumnId column, const graphql::InputNode& operators);
  // column <operator> value.
  sql::Predicate condition(catalog::ColumnId column, FilterOperator op, const graphql::InputNode& value);

 private:
  sql::Predicate member(const graphql::InputNode& member, std::uint32_t depth);
  sql::Predicate list(const graphql::InputNode& node, sql::Predicate::Kind kind, std::uint32_t depth);
  sql::Predicate to_many(const Relation& relation, const graphql::InputNode& object, std::uint32_t depth);
  sql::Predicate related(const Relation& relation, sql::Predicate condition);
  sql::Predicate compare_columns(const graphql::InputNode& object);
  // Counts one more comparison; false when they are too many.
  bool count_condition();

  sql::Predicate json(catalog::ColumnId column, FilterOperator op, const graphql::InputNode& value,
                      std::optional<sql::ParameterIndex> path);
  sql::Predicate compare(catalog::ColumnId column, sql::Comparison comparison,
                         const graphql::InputNode& value, ParameterForm form);
  sql::Predicate between(catalog::ColumnId column, const graphql::InputNode& value, sql::Predicate::Kind kind,
                         ParameterForm form);
  sql::Predicate size(catalog::ColumnId column, const graphql::InputNode& operators);
  sql::ParameterIndex parameter(const graphql::InputNode& value, catalog::ColumnId column, ParameterForm form,
                                std::uint32_t part = 0) {
    return scope_.parameter(parameters_, value, column, form, offset_, part);
  }

  PlannerScope& scope_;
  Parameters& parameters_;
  graphql::Offset offset_;
  std::uint32_t conditions_ = 0;
};

// --- keyset.cpp

// Rewrites the OR form of keyset paging, wherever it stands, to a row comparison, which an index answers.
void rewrite_keysets(const catalog::Catalog& catalog, sql::Predicate& predicate);

}  // namespace tenon::api
