#include "api/planner_write.h"

#include <algorithm>
#include <utility>

namespace tenon::api {

using graphql::InputNode;
using graphql::OperationField;

namespace {

struct WriteArguments {
  const InputNode* input = nullptr;
  const InputNode* condition = nullptr;
};

WriteArguments write_arguments(const PlannerScope& scope, const OperationField& field) {
  WriteArguments result;
  for (std::uint32_t i = 0; i < field.argument_count; ++i) {
    const graphql::OperationArgument& argument = scope.operation.arguments[field.first_argument + i];
    const InputNode& node = scope.input()[argument.value];
    if (node.is_null()) continue;
    const InputBinding::Kind kind = scope.schema[argument.definition].kind;
    if (kind == InputBinding::Kind::input) result.input = &node;
    if (kind == InputBinding::Kind::condition) result.condition = &node;
  }
  return result;
}

std::vector<catalog::ColumnId> key_columns(const catalog::Catalog& catalog, catalog::TableId table) {
  std::vector<catalog::ColumnId> columns;
  if (const auto key = catalog.primary_key(table))
    for (const catalog::IndexPart& part : catalog[*key].parts) columns.push_back(*part.column);
  return columns;
}

// Amplify fills a key called `id` that holds text or a uuid when neither the client nor the database does.
bool is_implicit_identifier(const catalog::Catalog& catalog, catalog::TableId table,
                            const catalog::Column& column) {
  using catalog::TypeKind;
  if (column.field_name != "id" || column.default_value.kind != catalog::Default::Kind::none) return false;
  if (column.type.kind != TypeKind::text && column.type.kind != TypeKind::varchar &&
      column.type.kind != TypeKind::uuid)
    return false;
  const auto key = key_columns(catalog, table);
  return key.size() == 1 && &catalog[key.front()] == &column;
}

class WritePlanner {
 public:
  WritePlanner(PlannerScope& scope, LevelPlanner& levels, const OperationField& field, Write& write)
      : scope_(scope),
        levels_(levels),
        field_(field),
        write_(write),
        arguments_(write_arguments(scope, field)),
        key_(key_columns(scope.catalog(), write.table)) {}

  void create();
  void update();
  void remove();

 private:
  const InputNode* input_of(catalog::ColumnId column) const;
  void generated_values(Parameters& parameters, std::vector<sql::Assignment>& values, bool updating);
  sql::Predicate key_condition(Parameters& parameters);
  sql::Predicate row_condition(Parameters& parameters);
  void plan_exists();
  // The selection needs more than the written row's own columns.
  bool needs_reading() const {
    return !levels_.select(write_.level).joins.empty() || write_.level_end > write_.level + 1;
  }
  // What the write gives back: the columns of the answer, or the key by which the answer is read.
  std::vector<catalog::ColumnId> returning();
  template <class Value>
  void set_statement(const Value& value, Parameters& parameters) {
    write_.statement =
        PlannedStatement{.statement = scope_.options.dialect->render(value), .parameters = parameters.take()};
  }

  PlannerScope& scope_;
  LevelPlanner& levels_;
  const OperationField& field_;
  Write& write_;
  WriteArguments arguments_;
  std::vector<catalog::ColumnId> key_;
};

const InputNode* WritePlanner::input_of(catalog::ColumnId column) const {
  if (arguments_.input == nullptr) return nullptr;
  for (const InputNode& member : scope_.input().children(*arguments_.input)) {
    const InputBinding& binding = scope_.schema[member.definition];
    if (binding.kind == InputBinding::Kind::input_column && binding.column == column) return &member;
  }
  return nullptr;
}

std::vector<catalog::ColumnId> WritePlanner::returning() {
  if (needs_reading()) {
    levels_.need_one_output(write_.level);
    sql::Predicate where;
    for (std::uint32_t i = 0; i < key_.size(); ++i)
      add_condition(
          where,
          {.kind = sql::Predicate::Kind::compare,
           .comparison = sql::Comparison::equal,
           .columns = {{.source = 0, .column = key_[i]}},
           .parameters = {
               levels_.parameters(write_.level).add({.kind = ParameterSource::Kind::row, .part = i})}});
    levels_.select(write_.level).where = std::move(where);
    return key_;
  }
  levels_.need_one_output(write_.level);
  levels_.without_statement(write_.level);
  std::vector<catalog::ColumnId> columns;
  for (const sql::ColumnRef& output : levels_.select(write_.level).outputs) columns.push_back(output.column);
  return columns;
}

void WritePlanner::generated_values(Parameters& parameters, std::vector<sql::Assignment>& values,
                                    bool updating) {
  const catalog::Catalog& catalog = scope_.catalog();
  for (const catalog::ColumnId id : catalog[write_.table].columns) {
    const catalog::Column& column = catalog[id];
    const bool identifier = column.client_default.kind != catalog::ClientDefault::Kind::none ||
                            is_implicit_identifier(catalog, write_.table, column);
    if (!column.updated_at && (updating || !identifier)) continue;
    if (std::ranges::any_of(values, [&](const sql::Assignment& value) { return value.column == id; }))
      continue;
    values.push_back({id, parameters.add({.kind = ParameterSource::Kind::generated, .column = id})});
  }
}

void WritePlanner::create() {
  sql::Insert insert{.catalog = &scope_.catalog(), .table = write_.table};
  Parameters parameters;
  if (arguments_.condition != nullptr && arguments_.condition->child_count > 0)
    scope_.fail(field_.offset, "a condition is about a row that exists; a create has none yet");
  if (arguments_.input != nullptr) {
    for (const InputNode& member : scope_.input().children(*arguments_.input)) {
      const InputBinding& binding = scope_.schema[member.definition];
      if (binding.kind != InputBinding::Kind::input_column) continue;
      // Null for what cannot be null asks for the default.
      if (member.is_null() && !scope_.catalog()[binding.column].nullable) continue;
      insert.values.push_back({binding.column, scope_.parameter(parameters, member, binding.column,
                                                                ParameterForm::value, field_.offset)});
    }
  }
  generated_values(parameters, insert.values, false);
  insert.returning = returning();
  set_statement(insert, parameters);
}

sql::Predicate WritePlanner::key_condition(Parameters& parameters) {
  sql::Predicate where;
  for (const catalog::ColumnId column : key_) {
    const InputNode* value = input_of(column);
    if (value == nullptr || value->is_null()) {
      scope_.fail(field_.offset, "the input must hold every field of the key: \"" +
                                     scope_.catalog()[column].field_name + "\" is missing");
      return {.kind = sql::Predicate::Kind::never};
    }
    add_condition(where, plan_key(scope_, parameters, column, *value, field_.offset));
  }
  if (key_.empty()) return {.kind = sql::Predicate::Kind::never};
  return where;
}

sql::Predicate WritePlanner::row_condition(Parameters& parameters) {
  sql::Predicate where = key_condition(parameters);
  if (arguments_.condition != nullptr)
    add_condition(where, plan_filter(scope_, parameters, *arguments_.condition, field_.offset));
  return where;
}

void WritePlanner::plan_exists() {
  if (arguments_.condition == nullptr) return;
  sql::Select select{.catalog = &scope_.catalog(), .from = write_.table};
  Parameters parameters;
  select.where = key_condition(parameters);
  for (const catalog::ColumnId column : key_) select.outputs.push_back({.source = 0, .column = column});
  write_.exists =
      PlannedStatement{.statement = scope_.options.dialect->render(select), .parameters = parameters.take()};
}

void WritePlanner::update() {
  sql::Update update{.catalog = &scope_.catalog(), .table = write_.table};
  Parameters parameters;
  if (arguments_.input != nullptr) {
    for (const InputNode& member : scope_.input().children(*arguments_.input)) {
      const InputBinding& binding = scope_.schema[member.definition];
      if (binding.kind != InputBinding::Kind::input_column) continue;
      if (std::ranges::find(key_, binding.column) != key_.end()) continue;
      update.values.push_back({binding.column, scope_.parameter(parameters, member, binding.column,
                                                                ParameterForm::value, field_.offset)});
    }
  }
  plan_exists();
  if (update.values.empty()) {
    // Nothing to set: the answer is the row as it is.
    levels_.need_one_output(write_.level);
    levels_.select(write_.level).where = row_condition(levels_.parameters(write_.level));
    return;
  }
  generated_values(parameters, update.values, true);
  update.where = row_condition(parameters);
  update.returning = returning();
  set_statement(update, parameters);
}

void WritePlanner::remove() {
  sql::Delete remove{.catalog = &scope_.catalog(), .table = write_.table};
  Parameters parameters;
  plan_exists();
  remove.where = row_condition(parameters);
  if (needs_reading()) {
    // What hangs on the row is gone with it, so the answer is read first.
    levels_.need_one_output(write_.level);
    sql::Select& select = levels_.select(write_.level);
    select.where = row_condition(levels_.parameters(write_.level));
    select.lock = true;
    remove.returning = key_;
  } else {
    remove.returning = returning();
  }
  set_statement(remove, parameters);
}

}  // namespace

void plan_write(PlannerScope& scope, LevelPlanner& levels, Plan& plan, std::uint32_t index,
                const OperationField& field, const OutputBinding& binding) {
  Write write{.field = index, .table = binding.table, .level = levels.add_row_level(binding.table)};
  plan.fields[index].kind = OutputField::Kind::row;
  plan.fields[index].level = write.level;
  levels.object(index, field, write.level, 0);
  write.level_end = levels.level_count();
  WritePlanner planner(scope, levels, field, write);
  switch (binding.kind) {
    case OutputBinding::Kind::create:
      write.kind = Write::Kind::create;
      planner.create();
      break;
    case OutputBinding::Kind::update:
      write.kind = Write::Kind::update;
      planner.update();
      break;
    default:
      write.kind = Write::Kind::remove;
      planner.remove();
      break;
  }
  plan.writes.push_back(std::move(write));
}

}  // namespace tenon::api
