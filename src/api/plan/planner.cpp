#include "api/plan/planner.h"

#include <algorithm>

#include "api/errors.h"
#include "api/plan/cost.h"
#include "api/plan/levels.h"
#include "api/plan/own.h"
#include "api/plan/scope.h"
#include "api/plan/write.h"
#include "graphql/introspection.h"

namespace tenon::api {

namespace {

void plan_get(PlannerScope& scope, LevelPlanner& levels, Plan& plan, std::uint32_t index,
              const graphql::OperationField& field, catalog::TableId table) {
  const LevelIndex level = levels.add_row_level(table, field.offset);
  plan.fields[index].kind = OutputField::Kind::row;
  // Who sees some rows is not told whether there are others.
  const graphql::Schema& types = *scope.schema.graphql;
  if (!scope.rights.rows(table, policy::Operation::get).all())
    plan.fields[index].text = unauthorized_message(types[field.field].name, types[field.parent_type].name);
  plan.fields[index].level = level;
  const PageArguments arguments = page_arguments(scope, field);
  sql::Predicate where;
  for (const auto& [column, value] : arguments.keys)
    add_condition(where, plan_key(scope, levels.parameters(level), column, *value, field.offset));
  levels.select(level).where = std::move(where);
  levels.object(index, field, level, 0);
}

// Whether there is anything that the caller could get, or do, by a root field.
bool may_ask(const PlannerScope& scope, const graphql::OperationField& field, const OutputBinding& binding) {
  using Kind = OutputBinding::Kind;
  using policy::Operation;
  const auto has = [&](Operation operation) { return !scope.rights.rows(binding.table, operation).none(); };
  if (std::ranges::binary_search(scope.rights.denied, field.field)) return false;
  switch (binding.kind) {
    case Kind::get:
      return has(Operation::get);
    case Kind::list:
    case Kind::aggregate_list:
      return has(Operation::list);
    case Kind::create:
    case Kind::create_many:
      return has(Operation::create);
    case Kind::upsert:
      return has(Operation::create) && has(Operation::update);
    case Kind::update:
    case Kind::update_many:
      return has(Operation::update);
    case Kind::remove:
    case Kind::remove_many:
      return has(Operation::remove);
    case Kind::own:
      return scope.rights.access.operation(binding.operation);
    default:
      return true;
  }
}

void plan_root(PlannerScope& scope, LevelPlanner& levels, Plan& plan, std::uint32_t index,
               const graphql::VariableValues& variables) {
  const graphql::OperationField& field = scope.operation.fields[index];
  plan.fields[index] = start_field(scope, field);
  if (plan.fields[index].kind == OutputField::Kind::type_name) return;
  if (graphql::is_introspection(scope.operation, field)) {
    // Which types it is about is part of the plan's shape, so that the answer is made once.
    graphql::write_introspection(plan.fields[index].text, scope.operation, field, variables);
    return;
  }
  const OutputBinding& binding = scope.schema[field.field];
  if (!may_ask(scope, field, binding)) return scope.refuse(field);
  switch (binding.kind) {
    case OutputBinding::Kind::get:
      return plan_get(scope, levels, plan, index, field, binding.table);
    case OutputBinding::Kind::list:
      return levels.root_connection(index, field, binding.table);
    case OutputBinding::Kind::aggregate_list:
      return levels.root_groups(index, field, binding.table);
    case OutputBinding::Kind::create:
    case OutputBinding::Kind::update:
    case OutputBinding::Kind::remove:
    case OutputBinding::Kind::upsert:
    case OutputBinding::Kind::create_many:
    case OutputBinding::Kind::update_many:
    case OutputBinding::Kind::remove_many:
      return plan_write(scope, levels, plan, index, field, binding);
    case OutputBinding::Kind::own:
      return plan_own(scope, levels, plan, index, field, scope.schema.overlay.operations[binding.operation]);
    default:
      scope.fail(field.offset, "this field cannot be answered here");
      return;
  }
}

std::uint32_t operation_index(const graphql::Operation& operation) {
  const auto& operations = operation.document->operations;
  for (std::uint32_t i = 0; i < operations.size(); ++i)
    if (operations[i].name.text == operation.name) return i;
  return 0;
}

// The value of @transaction's argument; a variable's value is part of the plan's shape.
std::string_view isolation(const graphql::Document& document, const graphql::Directive& directive,
                           const graphql::OperationDefinition& operation,
                           const graphql::VariableValues& variables) {
  for (std::uint32_t i = 0; i < directive.arguments.count; ++i) {
    const graphql::Value& value = document.values[document.arguments[directive.arguments.first + i].value];
    if (value.kind != graphql::ValueKind::variable) return value.text;
    for (std::uint32_t v = 0; v < operation.variables.count; ++v)
      if (document.variables[operation.variables.first + v].name.text == value.text)
        if (const graphql::InputNode* node = variables.find(static_cast<std::int32_t>(v))) return node->text;
  }
  return "READ_COMMITTED";
}

std::optional<sql::Begin> transaction(const graphql::Document& document, std::uint32_t operation_index,
                                      const graphql::VariableValues& variables) {
  const graphql::OperationDefinition& operation = document.operations[operation_index];
  for (std::uint32_t i = 0; i < operation.directives.count; ++i) {
    const graphql::Directive& directive = document.directives[operation.directives.first + i];
    if (directive.name.text != "transaction") continue;
    const std::string_view level = isolation(document, directive, operation, variables);
    if (level == "SERIALIZABLE") return sql::Begin::serializable;
    if (level == "REPEATABLE_READ") return sql::Begin::repeatable_read;
    return sql::Begin::read_write;
  }
  return std::nullopt;
}

bool is_refused(const std::vector<FieldFailure>& refused, std::uint32_t index) {
  return std::ranges::find(refused, index, &FieldFailure::field) != refused.end();
}

// Plans the root fields that are not in `refused`. A field that fails is added there, and the result is then
// not to be used.
std::shared_ptr<Plan> plan_fields(const Schema& schema, const Rights& rights,
                                  const graphql::Operation& operation,
                                  const graphql::VariableValues& variables, const PlannerOptions& options,
                                  std::vector<FieldFailure>& refused) {
  PlannerScope scope{.schema = schema, .rights = rights, .operation = operation, .options = options};
  auto plan = std::make_shared<Plan>();
  plan->document = operation.document;
  plan->operation = operation_index(operation);
  plan->kind = operation.kind;
  plan->transaction = transaction(*operation.document, plan->operation, variables);
  plan->root_count = operation.root_field_count;
  plan->fields.resize(operation.root_field_count);
  LevelPlanner levels(scope, *plan);
  const std::size_t refused_before = refused.size();
  for (std::uint32_t i = 0; i < operation.root_field_count; ++i) {
    if (is_refused(refused, i)) {
      plan->fields[i] = start_field(scope, operation.fields[i]);
      continue;
    }
    const LevelIndex first_level = levels.level_count();
    plan_root(scope, levels, *plan, i, variables);
    for (LevelIndex level = first_level; level < levels.level_count(); ++level)
      plan->levels[level].root_field = i;
    if (!scope.errors.empty()) refused.push_back({i, std::move(scope.errors.front())});
    scope.errors.clear();
  }
  if (refused.size() == refused_before) levels.finish();
  return plan;
}

// No database can undo what another one did.
void refuse_transaction_across_databases(const Schema& schema, const Plan& plan,
                                         std::vector<FieldFailure>& refused) {
  if (!plan.transaction || plan.writes.empty()) return;
  const auto database = [&](const Write& write) { return schema.catalog->database_of(write.table); };
  const auto elsewhere = [&](const Write& write) { return database(write) != database(plan.writes.front()); };
  if (std::ranges::none_of(plan.writes, elsewhere)) return;
  const graphql::Error error = transaction_across_databases_error(schema, plan);
  for (const Write& write : plan.writes)
    if (!is_refused(refused, write.field)) refused.push_back({write.field, error});
}

std::uint32_t count_parameters(const Plan& plan) {
  std::size_t count = 0;
  const auto add = [&](const std::optional<PlannedStatement>& statement) {
    if (statement) count += statement->parameters.size();
  };
  for (const Level& level : plan.levels) {
    add(level.rows);
    add(level.count);
  }
  for (const Write& write : plan.writes) {
    for (const WriteStep& step : write.steps) count += step.planned.parameters.size();
    add(write.exists);
  }
  return static_cast<std::uint32_t>(count);
}

}  // namespace

std::shared_ptr<const Plan> make_plan(std::shared_ptr<const Schema> schema,
                                      std::shared_ptr<const Rights> rights,
                                      const graphql::Operation& operation,
                                      const graphql::VariableValues& variables,
                                      const PlannerOptions& options) {
  std::vector<FieldFailure> refused;
  auto plan = plan_fields(*schema, *rights, operation, variables, options, refused);
  refuse_transaction_across_databases(*schema, *plan, refused);
  if (!refused.empty()) plan = plan_fields(*schema, *rights, operation, variables, options, refused);
  plan->refused = std::move(refused);
  plan->parameter_count = count_parameters(*plan);
  plan->cost = estimate_cost(*plan);
  plan->schema = std::move(schema);
  plan->rights = std::move(rights);
  return plan;
}

}  // namespace tenon::api
