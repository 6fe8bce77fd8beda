// What the caller may do, in plans: rows of statements, and fields that are refused.
#include <algorithm>
#include <utility>

#include "api/errors.h"
#include "api/plan/scope.h"
#include "api/plan/write_rows.h"
#include "api/rules/policy.h"

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

bool RowPlanner::is_owner(catalog::ColumnId column) const {
  std::vector<ColumnValue> owners;
  add_owners(catalog()[column].table, owners);
  return std::ranges::find(owners, column, &ColumnValue::column) != owners.end();
}

void RowPlanner::add_owners(catalog::TableId table, std::vector<ColumnValue>& values) const {
  const policy::Access& access = scope_.rights.access;
  if (access.unrestricted()) return;
  for (const policy::ModelRole& role : scope_.schema.policy->roles.models[table.value].roles) {
    if (!access.roles().has(role.role) || role.test.allow != policy::Allow::owner || !role.test.field)
      continue;
    const catalog::ColumnId column = *role.test.field;
    const policy::Operations some = scope_.schema.policy->roles.models[table.value].some(role);
    if (!some.has(policy::Operation::create) ||
        std::ranges::find(values, column, &ColumnValue::column) != values.end())
      continue;
    ParameterSource owner{.kind = ParameterSource::Kind::claim, .column = column};
    owner.origin.variable = static_cast<std::int32_t>(scope_.schema.policy->identity(role.test));
    if (catalog()[column].type.is_array()) {
      owner.form = ParameterForm::element;
      ParameterSource list{.kind = ParameterSource::Kind::list, .column = column, .offset = offset_};
      list.elements.push_back(std::move(owner));
      owner = std::move(list);
    }
    values.push_back({.column = column, .source = std::move(owner)});
  }
}

}  // namespace tenon::api
