#include "api/plan/own.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/errors.h"

namespace tenon::api {

using graphql::InputNode;
using graphql::OperationField;
using Result = OverlayOperation::Result;
using Kind = OutputField::Kind;

namespace {

class OwnPlanner {
 public:
  OwnPlanner(PlannerScope& scope, Plan& plan, const OperationField& field, const OverlayOperation& operation)
      : scope_(scope), plan_(plan), field_(field), operation_(operation) {}

  PlannedStatement statement();
  // The field's value, from the rows that `own` then describes.
  void result(std::uint32_t index, LevelIndex level, OwnRows& own);
  sql::OwnStatement own_statement() const;

 private:
  sql::ParameterIndex argument(std::uint32_t number);
  bool holds_variables(const InputNode& node) const;
  void member(std::uint32_t index, const OperationField& field, LevelIndex level, OwnRows& own);
  catalog::ColumnId column_of(const OperationField& field) const;
  bool may_read(const OperationField& field) const;

  PlannerScope& scope_;
  Plan& plan_;
  const OperationField& field_;
  const OverlayOperation& operation_;
  Parameters parameters_;
};

bool OwnPlanner::holds_variables(const InputNode& node) const {
  return std::ranges::any_of(scope_.input().children(node), [&](const InputNode& child) {
    return scope_.input().origin(child).variable >= 0 || holds_variables(child);
  });
}

// What is not given is NULL.
sql::ParameterIndex OwnPlanner::argument(std::uint32_t number) {
  const catalog::ColumnId column = operation_.argument_columns[number];
  const InputNode* node = scope_.operation.argument(field_, operation_.arguments[number].name);
  if (node == nullptr || node->is_null()) return parameters_.add({.column = column});
  const bool structured = node->kind == graphql::InputKind::object || node->kind == graphql::InputKind::list;
  const bool as_json = structured && !scope_.catalog()[column].type.is_array();
  if (!as_json) return scope_.parameter(parameters_, *node, column, ParameterForm::value, field_.offset);
  if (scope_.input().origin(*node).variable < 0 && holds_variables(*node)) {
    scope_.fail(field_.offset,
                fmt::format("{} is written with variables inside of it: pass it as one variable.",
                            operation_.arguments[number].name));
    return {};
  }
  return scope_.parameter(parameters_, *node, column, ParameterForm::json, field_.offset);
}

sql::OwnStatement OwnPlanner::own_statement() const {
  return {.catalog = &scope_.catalog(),
          .table = operation_.table,
          .text = operation_.statement,
          .places = {},
          .columns = {}};
}

PlannedStatement OwnPlanner::statement() {
  sql::OwnStatement own = own_statement();
  std::vector<std::optional<sql::ParameterIndex>> bound(operation_.arguments.size());
  for (const OverlayOperation::Place& place : operation_.places) {
    auto& parameter = bound[place.argument];
    if (!parameter) {
      // Each name is a parameter of its own, also where two have the same value: their types may differ.
      parameter = argument(place.argument);
      own.columns.resize(std::max<std::size_t>(own.columns.size(), parameter->value + 1));
      own.columns[parameter->value] = operation_.argument_columns[place.argument];
    }
    own.places.push_back({.begin = place.begin, .end = place.end, .parameter = *parameter});
  }
  const sql::Dialect& dialect = scope_.schema.dialect_of(operation_.table);
  return {.statement = dialect.render(own), .parameters = parameters_.take()};
}

// Of a model the field's own column; of a type of the overlay's the one of that name.
catalog::ColumnId OwnPlanner::column_of(const OperationField& field) const {
  const OutputBinding& binding = scope_.schema[field.field];
  if (binding.kind == OutputBinding::Kind::column) return binding.column;
  const std::string_view name = (*scope_.schema.graphql)[field.field].name;
  return *std::ranges::find(operation_.columns, name, [&](catalog::ColumnId id) {
    return std::string_view(scope_.catalog()[id].field_name);
  });
}

// The rules of the operation decide about its rows. A field of a model with rules of its own is shown to
// those who may read it in every row: a statement's rows cannot be told apart.
bool OwnPlanner::may_read(const OperationField& field) const {
  if (std::ranges::binary_search(scope_.rights.denied, field.field)) return false;
  if (!operation_.model || scope_.rights.access.unrestricted()) return true;
  const catalog::ColumnId column = column_of(field);
  const policy::Access& access = scope_.rights.access;
  return !access.has_own_rules(*operation_.model, column) ||
         access.column(*operation_.model, column, policy::Operation::get).all();
}

void OwnPlanner::member(std::uint32_t index, const OperationField& field, LevelIndex level, OwnRows& own) {
  OutputField& out = plan_.fields[index] = start_field(scope_, field);
  if (out.kind == Kind::type_name) return;
  const OutputBinding& binding = scope_.schema[field.field];
  if (binding.kind != OutputBinding::Kind::column && binding.kind != OutputBinding::Kind::own_field)
    return scope_.fail(field.offset,
                       fmt::format("the rows of {} come from a statement, which gives no related rows",
                                   operation_.field.name));
  if (!may_read(field)) {
    out.kind = Kind::denied;
    const graphql::Schema& types = *scope_.schema.graphql;
    out.text = unauthorized_message(types[field.field].name, types[field.parent_type].name);
    return;
  }
  const catalog::Column& column = scope_.catalog()[column_of(field)];
  out.kind = Kind::result;
  out.column = column_of(field);
  out.format = shown_format(column);
  out.level = level;
  const OwnRows::Column wanted{.name = column.name, .other_name = column.field_name};
  const auto found = std::ranges::find(own.columns, wanted);
  out.cell = static_cast<std::uint32_t>(found - own.columns.begin());
  if (found == own.columns.end()) own.columns.push_back(wanted);
}

void OwnPlanner::result(std::uint32_t index, LevelIndex level, OwnRows& own) {
  OutputField& out = plan_.fields[index];
  out.level = level;
  out.kind = operation_.is_list() ? Kind::results : Kind::result_row;
  if (operation_.result == Result::jsons || operation_.result == Result::json) {
    const std::string& scalar = scope_.catalog()[operation_.columns.front()].scalar;
    own.form = scalar == "AWSJSON" ? OwnRows::Form::json_text : OwnRows::Form::json;
    return;
  }
  if (operation_.result == Result::values || operation_.result == Result::value) {
    own.form = OwnRows::Form::value;
    out.column = operation_.columns.front();
    out.format = shown_format(scope_.catalog()[out.column]);
    return;
  }
  const std::uint32_t first = add_fields(plan_, index, field_.child_count);
  for (std::uint32_t i = 0; i < field_.child_count; ++i)
    member(first + i, scope_.operation.fields[field_.first_child + i], level, own);
}

}  // namespace

void plan_own(PlannerScope& scope, LevelPlanner& levels, Plan& plan, std::uint32_t index,
              const OperationField& field, const OverlayOperation& operation) {
  OwnPlanner planner(scope, plan, field, operation);
  PlannedStatement statement = planner.statement();
  OwnRows own;
  const LevelIndex level = levels.add_own_level(operation.table, field.offset);
  planner.result(index, level, own);
  plan.levels[level].own = std::move(own);
  if (operation.kind == graphql::OperationKind::query) {
    plan.levels[level].rows = std::move(statement);
    return;
  }
  Write write{.kind = Write::Kind::own,
              .field = index,
              .table = operation.table,
              .steps = {},
              .level = level,
              .level_end = level + 1};
  write.steps.push_back(
      {.statement = planner.own_statement(), .planned = std::move(statement), .answers = true});
  plan.writes.push_back(std::move(write));
}

}  // namespace tenon::api
