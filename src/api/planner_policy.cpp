// What the caller may do, in plans: rows of statements, and fields that are refused.
#include <utility>

#include "api/errors.h"
#include "api/planner_scope.h"
#include "api/policy.h"

namespace tenon::api {

void PlannerScope::refuse(const graphql::OperationField& field) {
  const graphql::Schema& types = *schema.graphql;
  errors.push_back(
      unauthorized_error(unauthorized_message(types[field.field].name, types[field.parent_type].name)));
  errors.back().locations = {operation.document->position(field.offset)};
}

sql::Predicate PlannerScope::readable(catalog::TableId table, policy::Operation reading,
                                      Parameters& parameters) const {
  if (rights.access.unrestricted()) return {};
  return schema.policy->condition(table, rights.rows(table, reading), parameters);
}

sql::Predicate PlannerScope::readable_links(catalog::TableId link, Parameters& parameters) const {
  if (catalog()[link].implicit_link) return {};
  return readable(link, policy::Operation::list, parameters);
}

bool PlannerScope::may_use(catalog::ColumnId column, graphql::Offset offset) {
  if (rights.is_usable(catalog(), column)) return true;
  fail(offset, "this field cannot be used here");
  return false;
}

bool PlannerScope::may_follow(const Relation& relation, graphql::Offset offset) {
  if (rights.follows(schema, relation)) return true;
  fail(offset, "this relation cannot be used here");
  return false;
}

}  // namespace tenon::api
