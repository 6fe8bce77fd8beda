// What the parts of the planner share while one plan is made.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/plan/parameters.h"
#include "api/plan/planner.h"
#include "api/rules/rights.h"

namespace tenon::api {

// The operation being planned, and what is wrong with the root field at hand. Planning goes on after an
// error, so that no part of the planner needs a way out; the field is then planned in vain.
struct PlannerScope {
  const Schema& schema;
  const Rights& rights;
  const graphql::Operation& operation;
  const PlannerOptions& options;
  graphql::Errors errors = {};
  std::uint32_t filter_relations = 0;  // that all filters and orders planned so far follow

  // Counts one more of these.
  void follow_relation(graphql::Offset offset);

  // The caller may not use the field: the error that says so, and nothing else.
  void refuse(const graphql::OperationField& field);

  // The condition for rows of `table` that the caller may read like this; `always` when it is all of them.
  sql::Predicate readable(catalog::TableId table, policy::Operation reading, Parameters& parameters) const;
  // … for the rows of a link table.
  sql::Predicate readable_links(catalog::TableId link, Parameters& parameters) const;
  // Whether the column, or the relation, may be used in conditions, orders and groups. The caller's schema
  // has none that may not, so this is the second time they are looked at.
  bool may_use(catalog::ColumnId column, graphql::Offset offset);
  bool may_follow(const Relation& relation, graphql::Offset offset);

  const catalog::Catalog& catalog() const { return *schema.catalog; }
  const graphql::InputTree& input() const { return operation.input; }

  void fail(graphql::Offset offset, std::string message,
            std::string_view code = graphql::code::bad_user_input) {
    errors.push_back(
        {.message = std::move(message), .locations = {operation.document->position(offset)}, .code = code});
  }

  // The parameter for an input value: a constant when it was written in the document, otherwise a way into
  // the request's variables.
  sql::ParameterIndex parameter(Parameters& parameters, const graphql::InputNode& node,
                                catalog::ColumnId column, ParameterForm form, graphql::Offset offset,
                                std::uint32_t part = 0);
};

// --- filter.cpp

// How a relation through a link table is followed.
sql::Link link_of(const Relation& relation);

// The condition that a filter object means for rows of `table`, with the OR form of keyset paging already
// rewritten to a row comparison.
sql::Predicate plan_filter(PlannerScope& scope, Parameters& parameters, const graphql::InputNode& filter,
                           graphql::Offset offset);

// column = value, or the conditions of an object of operators.
sql::Predicate plan_key(PlannerScope& scope, Parameters& parameters, catalog::ColumnId column,
                        const graphql::InputNode& value, graphql::Offset offset);

// What an operator with the meaning of one of SQL's is called.
sql::Comparison plain_comparison(FilterOperator op);

// `a` and `b`, without needless nesting.
void add_condition(sql::Predicate& a, sql::Predicate b);
// The condition that no row meets.
sql::Predicate never();
sql::Predicate negated(sql::Predicate condition);

// --- page.cpp

// The arguments of a connection field.
struct PageArguments {
  const graphql::InputNode* filter = nullptr;
  const graphql::InputNode* limit = nullptr;
  const graphql::InputNode* offset = nullptr;
  const graphql::InputNode* next_token = nullptr;
  const graphql::InputNode* order_by = nullptr;
  const graphql::InputNode* sort_direction = nullptr;
  const graphql::InputNode* sort_key = nullptr;
  std::vector<std::pair<catalog::ColumnId, const graphql::InputNode*>> keys;
};
PageArguments page_arguments(const PlannerScope& scope, const graphql::OperationField& field);

// Gives the number of the source that a relation of a source leads to.
using JoinSource = std::function<std::uint32_t(std::uint32_t source, std::uint32_t relation)>;

// The order asked for, made total by the primary key.
std::vector<sql::OrderTerm> plan_order(PlannerScope& scope, catalog::TableId table,
                                       const PageArguments& arguments, const JoinSource& join,
                                       graphql::Offset offset);
// Names a table and an order in page tokens, whatever else is joined.
std::string ordering_name(const sql::Select& select);
// The column of an order may be NULL, be it for want of a row.
bool may_be_null(const catalog::Catalog& catalog, const sql::ColumnRef& ref);
std::uint64_t plan_limit(PlannerScope& scope, const PageArguments& arguments, graphql::Offset offset);
std::uint64_t plan_offset(PlannerScope& scope, const PageArguments& arguments, graphql::Offset offset);
// How far totalCount is to count.
std::uint64_t plan_count_max(PlannerScope& scope, const graphql::InputNode& count_max,
                             graphql::Offset offset);
// The conditions on the columns of a composite key after its first, each compared as one value with those of
// its parts that are given.
sql::Predicate plan_sort_key(PlannerScope& scope, Parameters& parameters,
                             const graphql::InputNode& conditions, graphql::Offset offset);
// The rows after the one a token names.
sql::Predicate plan_token(PlannerScope& scope, Parameters& parameters, const graphql::InputNode& token,
                          const std::vector<sql::OrderTerm>& order, const std::string& ordering,
                          graphql::Offset offset);

}  // namespace tenon::api
