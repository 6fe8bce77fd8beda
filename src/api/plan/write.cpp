#include "api/plan/write.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "api/plan/write_policy.h"
#include "api/plan/write_rows.h"
#include "api/rules/policy.h"
#include "api/schema/unique_keys.h"
#include "api/values/identifiers.h"

namespace tenon::api {

using graphql::InputNode;
using graphql::OperationField;
using Assigning = sql::Assignment::Operation;

namespace {

struct WriteArguments {
  const InputNode* input = nullptr;
  const InputNode* condition = nullptr;
  const InputNode* filter = nullptr;
  const InputNode* update = nullptr;  // of an upsert
  const InputNode* increment = nullptr;
  const InputNode* multiply = nullptr;
  const InputNode* push = nullptr;
  const InputNode* conflict_key = nullptr;
  bool all = false;
  bool skip_duplicates = false;
};

WriteArguments write_arguments(const PlannerScope& scope, const OperationField& field) {
  WriteArguments result;
  for (std::uint32_t i = 0; i < field.argument_count; ++i) {
    const graphql::OperationArgument& argument = scope.operation.arguments[field.first_argument + i];
    const InputNode& node = scope.input()[argument.value];
    if (node.is_null()) continue;
    switch (scope.schema[argument.definition].kind) {
      case InputBinding::Kind::input:
        result.input = &node;
        break;
      case InputBinding::Kind::condition:
        result.condition = &node;
        break;
      case InputBinding::Kind::filter:
        result.filter = &node;
        break;
      case InputBinding::Kind::update:
        result.update = &node;
        break;
      case InputBinding::Kind::increment:
        result.increment = &node;
        break;
      case InputBinding::Kind::multiply:
        result.multiply = &node;
        break;
      case InputBinding::Kind::push:
        result.push = &node;
        break;
      case InputBinding::Kind::conflict_key:
        result.conflict_key = &node;
        break;
      case InputBinding::Kind::all:
        result.all = node.text == "true";
        break;
      case InputBinding::Kind::skip_duplicates:
        result.skip_duplicates = node.text == "true";
        break;
      default:
        break;
    }
  }
  return result;
}

class WritePlanner {
 public:
  WritePlanner(PlannerScope& scope, LevelPlanner& levels, const OperationField& field, Write& write)
      : scope_(scope),
        levels_(levels),
        field_(field),
        write_(write),
        arguments_(write_arguments(scope, field)),
        key_(key_columns(scope.catalog(), write.table)),
        program_(scope.catalog()),
        rows_(scope, program_, field.offset),
        guard_(scope, field, write, program_) {}

  void create();
  void upsert();
  void update();
  void remove();
  void create_many();
  void update_many();
  void remove_many();
  void finish() {
    guard_.protect();
    write_.steps = program_.finish(scope_.schema.dialect_of(write_.table));
  }

 private:
  const InputNode* input_of(catalog::ColumnId column) const;
  bool has_condition() const {
    return arguments_.condition != nullptr && arguments_.condition->child_count > 0;
  }
  std::vector<ColumnValue> operator_values();
  std::vector<ColumnValue> key_values();
  std::vector<catalog::ColumnId> conflict_columns(const std::vector<catalog::ColumnId>& inserted);
  std::vector<ColumnValue> changes(const std::vector<catalog::ColumnId>& inserted,
                                   const std::vector<catalog::ColumnId>& conflict);
  UpsertChange upsert_change(const std::vector<ColumnValue>& given);
  void plan_exists(const std::vector<ColumnValue>& key);
  void read_as_it_is(const std::vector<ColumnValue>& key);
  sql::Predicate bulk_condition(StepIndex step);
  bool has_unselective_filter(const sql::Predicate& where);
  // The condition of the rows that the write is allowed for, where they are read; of those that may be read
  // as well when they are found by their values.
  void keep_to_permitted(sql::Predicate& where, Parameters& parameters, bool by_values);
  // The selection needs more than the written rows' own columns.
  bool selects_relations() const {
    return !levels_.select(write_.level).joins.empty() || levels_.has_tests(write_.level) ||
           write_.level_end > write_.level + 1;
  }
  std::vector<catalog::ColumnId> selected_columns();
  void answer_with(const RowReference& row);
  void answer_with_steps();
  template <class Change>
  void limit_answer(Change& change) const;
  template <class Change>
  Change& as(StepIndex step) {
    return std::get<Change>(program_[step].statement);
  }

  PlannerScope& scope_;
  LevelPlanner& levels_;
  const OperationField& field_;
  Write& write_;
  WriteArguments arguments_;
  std::vector<catalog::ColumnId> key_;
  WriteProgram program_;
  RowPlanner rows_;
  WriteGuard guard_;
};

// --- the answer

std::vector<catalog::ColumnId> WritePlanner::selected_columns() {
  levels_.need_one_output(write_.level);
  std::vector<catalog::ColumnId> columns;
  for (const sql::ColumnRef& output : levels_.select(write_.level).outputs) columns.push_back(output.column);
  return columns;
}

// One row: what its statement gives back, if that is all there is to it; else it is read after all steps.
void WritePlanner::answer_with(const RowReference& row) {
  if (!scope_.errors.empty()) return;
  program_[row.step].answers = true;
  if (program_.size() == 1 && !selects_relations() &&
      !std::holds_alternative<sql::Select>(program_[row.step].statement)) {
    levels_.without_statement(write_.level);
    std::visit(
        [&](auto& statement) {
          if constexpr (requires { statement.returning; }) statement.returning = selected_columns();
        },
        program_[row.step].statement);
    return;
  }
  levels_.need_one_output(write_.level);
  sql::Predicate where;
  for (const catalog::ColumnId column : key_)
    add_condition(where, {.kind = sql::Predicate::Kind::compare,
                          .comparison = sql::Comparison::equal,
                          .columns = {{.source = 0, .column = column}},
                          .parameters = {levels_.parameters(write_.level).add(program_.cell(row, column))}});
  levels_.select(write_.level).where = std::move(where);
}

// Many rows, whose keys come first in what their steps give back.
void WritePlanner::answer_with_steps() {
  if (!scope_.errors.empty() || !levels_.wants_rows(write_.level)) return;
  if (program_.size() == 0) return levels_.without_statement(write_.level);
  if (program_.size() > 1 || selects_relations()) {
    levels_.need_one_output(write_.level);
    levels_.read_by_keys(write_.level, key_);
    return;
  }
  const std::vector<catalog::ColumnId> columns = selected_columns();
  levels_.without_statement(write_.level);
  std::visit(
      [&](auto& statement) {
        if constexpr (requires { statement.returning; })
          statement.returning.insert(statement.returning.end(), columns.begin(), columns.end());
      },
      program_[0].statement);
}

// One row more than an answer may have tells that there are too many.
template <class Change>
void WritePlanner::limit_answer(Change& change) const {
  if (levels_.wants_rows(write_.level))
    change.limit = std::uint64_t{scope_.options.limits.rows_answer_max} + 1;
}

// --- inputs

const InputNode* WritePlanner::input_of(catalog::ColumnId column) const {
  if (arguments_.input == nullptr) return nullptr;
  for (const InputNode& member : scope_.input().children(*arguments_.input)) {
    const InputBinding& binding = scope_.schema[member.definition];
    if (binding.kind == InputBinding::Kind::input_column && binding.column == column) return &member;
  }
  return nullptr;
}

std::vector<ColumnValue> WritePlanner::key_values() {
  std::vector<ColumnValue> values;
  for (const catalog::ColumnId column : key_) {
    const InputNode* value = input_of(column);
    if (value == nullptr || value->is_null()) {
      scope_.fail(field_.offset, "the input must hold every field of the key: \"" +
                                     scope_.catalog()[column].field_name + "\" is missing");
      return {};
    }
    if (auto one = rows_.value(column, *value)) values.push_back(std::move(*one));
  }
  return values;
}

// increment, multiply, push
std::vector<ColumnValue> WritePlanner::operator_values() {
  std::vector<ColumnValue> values;
  const auto add = [&](const InputNode* object, Assigning operation) {
    if (object == nullptr) return;
    for (const InputNode& member : scope_.input().children(*object)) {
      if (member.is_null()) continue;
      auto one = rows_.value(scope_.schema[member.definition].column, member);
      if (!one) continue;
      one->operation = operation;
      if (std::ranges::find(values, one->column, &ColumnValue::column) != values.end())
        scope_.fail(field_.offset,
                    fmt::format("\"{}\" is changed in two ways", scope_.catalog()[one->column].field_name));
      values.push_back(std::move(*one));
    }
  };
  add(arguments_.increment, Assigning::add);
  add(arguments_.multiply, Assigning::multiply);
  add(arguments_.push, Assigning::append);
  return values;
}

// --- one row

void WritePlanner::create() {
  if (arguments_.condition != nullptr && arguments_.condition->child_count > 0)
    scope_.fail(field_.offset, "a condition is about a row that exists; a create has none yet");
  if (arguments_.input == nullptr) return;
  answer_with(rows_.create(write_.table, {{arguments_.input, "input"}}, {}).front());
}

// The columns of the key that tells whether the row exists, all of which are inserted.
std::vector<catalog::ColumnId> WritePlanner::conflict_columns(
    const std::vector<catalog::ColumnId>& inserted) {
  const std::vector<UniqueKey> keys = unique_keys(scope_.catalog(), write_.table);
  std::vector<catalog::ColumnId> columns = key_;
  if (arguments_.conflict_key != nullptr) {
    const auto key = std::ranges::find(keys, arguments_.conflict_key->text, &UniqueKey::name);
    if (key != keys.end()) columns = key->columns;
  }
  for (const catalog::ColumnId column : columns) {
    if (std::ranges::find(key_, column) == key_.end()) scope_.may_use(column, field_.offset);
    if (std::ranges::find(inserted, column) == inserted.end())
      rows_.fail("input", fmt::format("\"{}\" is part of the key that tells whether the row exists; "
                                      "it must be given",
                                      scope_.catalog()[column].field_name));
  }
  return columns;
}

// What is changed of the row that holds the key already.
std::vector<ColumnValue> WritePlanner::changes(const std::vector<catalog::ColumnId>& inserted,
                                               const std::vector<catalog::ColumnId>& conflict) {
  std::vector<ColumnValue> values = operator_values();
  const auto is_changed = [&](catalog::ColumnId column) {
    return std::ranges::find(values, column, &ColumnValue::column) != values.end();
  };
  if (arguments_.update != nullptr) {
    for (ColumnValue& value : rows_.column_values(write_.table, *arguments_.update, false)) {
      if (is_changed(value.column))
        rows_.fail("update",
                   fmt::format("\"{}\" is changed in two ways", scope_.catalog()[value.column].field_name));
      values.push_back(std::move(value));
    }
  } else {
    for (const catalog::ColumnId id : inserted) {
      const bool is_key =
          std::ranges::find(key_, id) != key_.end() || std::ranges::find(conflict, id) != conflict.end();
      const catalog::Column& column = scope_.catalog()[id];
      const bool made_on_insert = column.client_default.kind != catalog::ClientDefault::Kind::none ||
                                  is_time_of_change(column) || rows_.is_owner(id);
      if (!is_key && !is_changed(id) && !(made_on_insert && input_of(id) == nullptr))
        values.push_back({.column = id, .operation = Assigning::proposed});
    }
  }
  if (!values.empty()) rows_.add_generated(write_.table, values, false);
  return values;
}

// Where it depends on the row whether it may be changed, a row that may be is changed first; the insert of
// one that may not be fails, and says no more than that.
UpsertChange WritePlanner::upsert_change(const std::vector<ColumnValue>& given) {
  std::vector<catalog::ColumnId> inserted;
  for (const ColumnValue& value : given) inserted.push_back(value.column);
  UpsertChange change{.key = conflict_columns(inserted)};
  if (!scope_.errors.empty()) return change;
  change.values = changes(inserted, change.key);
  change.by_insert = guard_.is_free(write_.table, given, change.values);
  return change;
}

void WritePlanner::upsert() {
  if (arguments_.input == nullptr) return;
  UpsertChange change;
  const RowReference row =
      rows_.upsert(write_.table, {arguments_.input, "input"},
                   [&](const std::vector<ColumnValue>& given) { return change = upsert_change(given); });
  if (!scope_.errors.empty()) return;
  if (!change.by_insert) {
    program_[row.step].by_values = change.key != key_;
    write_.conceals = true;
  }
  answer_with(row);
}

void WritePlanner::plan_exists(const std::vector<ColumnValue>& key) {
  if (arguments_.condition == nullptr) return;
  WriteProgram program(scope_.catalog());
  const StepIndex step = program.add(sql::Select{.from = write_.table}, {});
  sql::Predicate where = program.equal(step, key);
  keep_to_permitted(where, program.parameters(step), true);
  sql::Select& select = std::get<sql::Select>(program[step].statement);
  select.where = std::move(where);
  for (const catalog::ColumnId column : key_) select.outputs.push_back({.source = 0, .column = column});
  write_.exists = std::move(program.finish(scope_.schema.dialect_of(write_.table)).front().planned);
}

void WritePlanner::keep_to_permitted(sql::Predicate& where, Parameters& parameters, bool by_values) {
  if (scope_.rights.access.unrestricted()) return;
  const bool removes = write_.kind == Write::Kind::remove || write_.kind == Write::Kind::remove_many;
  const auto operation = removes ? policy::Operation::remove : policy::Operation::update;
  const policy::Rows& rows = scope_.rights.rows(write_.table, operation);
  add_condition(where, scope_.schema.policy->condition(write_.table, rows, parameters));
  const auto reading = write_.is_many() ? policy::Operation::list : policy::Operation::get;
  const policy::Rows& readable = scope_.rights.rows(write_.table, reading);
  write_.conceals = !rows.all() || (by_values && !readable.all());
  if (by_values && !readable.covers(rows))
    add_condition(where, scope_.readable(write_.table, reading, parameters));
}

// Nothing to change: the answer is the row, if it meets the condition.
void WritePlanner::read_as_it_is(const std::vector<ColumnValue>& key) {
  levels_.need_one_output(write_.level);
  Parameters& parameters = levels_.parameters(write_.level);
  sql::Predicate where;
  for (const ColumnValue& value : key)
    add_condition(where, {.kind = sql::Predicate::Kind::compare,
                          .comparison = sql::Comparison::equal,
                          .columns = {{.source = 0, .column = value.column}},
                          .parameters = {parameters.add(value.source)}});
  if (arguments_.condition != nullptr)
    add_condition(where, plan_filter(scope_, parameters, *arguments_.condition, field_.offset));
  keep_to_permitted(where, parameters, has_condition());
  levels_.select(write_.level).where = std::move(where);
}

void WritePlanner::update() {
  if (arguments_.input == nullptr) return;
  RowChange change{.table = write_.table,
                   .where = key_values(),
                   .condition = arguments_.condition,
                   .input = arguments_.input,
                   .values = operator_values(),
                   .path = "input",
                   .missing = WriteStep::Missing::row};
  plan_exists(change.where);
  const auto says_nothing = [&](const InputNode& member) {
    const InputBinding& binding = scope_.schema[member.definition];
    if (binding.kind != InputBinding::Kind::input_column) return member.is_null();
    return std::ranges::find(key_, binding.column) != key_.end();
  };
  if (change.values.empty() && std::ranges::all_of(scope_.input().children(*arguments_.input), says_nothing))
    return read_as_it_is(change.where);
  answer_with(rows_.change(change));
}

void WritePlanner::remove() {
  const std::vector<ColumnValue> key = key_values();
  plan_exists(key);
  const StepIndex step = program_.add(sql::Delete{.table = write_.table}, {}, WriteStep::Missing::row);
  program_[step].answers = true;
  sql::Predicate where = program_.equal(step, key);
  program_[step].by_values = has_condition();
  if (arguments_.condition != nullptr)
    add_condition(where,
                  plan_filter(scope_, program_.parameters(step), *arguments_.condition, field_.offset));
  as<sql::Delete>(step).where = std::move(where);
  if (!selects_relations()) return answer_with({.step = step});
  // What hangs on the row is gone with it, so the answer is read first.
  read_as_it_is(key);
  levels_.select(write_.level).lock = true;
  write_.reads_first = true;
  as<sql::Delete>(step).returning = key_;
}

// --- many rows

void WritePlanner::create_many() {
  if (arguments_.input == nullptr) return;
  std::vector<NewRow> rows;
  for (const InputNode& row : scope_.input().children(*arguments_.input))
    rows.push_back({&row, fmt::format("input[{}]", rows.size())});
  const bool answers = levels_.wants_rows(write_.level);
  if (arguments_.skip_duplicates && !scope_.schema.dialect_of(write_.table).skips_among_many())
    rows_.insert_one_by_one();
  const auto created =
      rows_.create(write_.table, rows, {}, answers ? key_ : std::vector<catalog::ColumnId>{});
  if (!scope_.errors.empty()) return;
  for (const RowReference& row : created) {
    program_[row.step].answers = true;
    // Any key: no columns are named.
    if (arguments_.skip_duplicates) as<sql::Insert>(row.step).conflict = sql::Conflict{.skip = true};
  }
  for (StepIndex step = 0; arguments_.skip_duplicates && step < program_.size(); ++step)
    if (!program_[step].answers)
      return rows_.fail(program_[step].input_path,
                        "with skipDuplicates there may be no row to relate to; leave relations out");
  if (program_.size() > 1) write_.rows = created;
  answer_with_steps();
}

bool WritePlanner::has_unselective_filter(const sql::Predicate& where) {
  if (where.kind != sql::Predicate::Kind::always || arguments_.all) return false;
  scope_.fail(field_.offset, "the filter is empty, which means every row; say so with `all: true`");
  return true;
}

sql::Predicate WritePlanner::bulk_condition(StepIndex step) {
  sql::Predicate where;
  if (arguments_.filter != nullptr)
    where = plan_filter(scope_, program_.parameters(step), *arguments_.filter, field_.offset);
  has_unselective_filter(where);
  program_[step].by_values = where.kind != sql::Predicate::Kind::always;
  return where;
}

void WritePlanner::update_many() {
  std::vector<ColumnValue> values = operator_values();
  if (arguments_.input != nullptr) {
    for (ColumnValue& value : rows_.column_values(write_.table, *arguments_.input, false)) {
      if (std::ranges::find(values, value.column, &ColumnValue::column) != values.end())
        rows_.fail("input",
                   fmt::format("\"{}\" is changed in two ways", scope_.catalog()[value.column].field_name));
      values.push_back(std::move(value));
    }
  }
  if (values.empty())
    scope_.fail(field_.offset, "nothing to change; give `input` or one of its operators a value");
  rows_.add_generated(write_.table, values, false);
  const StepIndex step = program_.add(sql::Update{.table = write_.table}, {});
  program_[step].answers = true;
  std::vector<sql::Assignment> assigned;
  for (const ColumnValue& value : values) assigned.push_back(program_.assign(step, value));
  sql::Predicate where = bulk_condition(step);
  sql::Update& update = as<sql::Update>(step);
  update.values = std::move(assigned);
  update.where = std::move(where);
  if (levels_.wants_rows(write_.level)) update.returning = key_;
  limit_answer(update);
  answer_with_steps();
}

void WritePlanner::remove_many() {
  const StepIndex step = program_.add(sql::Delete{.table = write_.table}, {});
  program_[step].answers = true;
  if (!levels_.wants_rows(write_.level) || !selects_relations()) {
    sql::Predicate where = bulk_condition(step);
    as<sql::Delete>(step).where = std::move(where);
    limit_answer(as<sql::Delete>(step));
    return answer_with_steps();
  }
  // What hangs on the rows is gone with them, so the answer is read first and they are removed by their keys.
  sql::Select& select = levels_.select(write_.level);
  sql::Predicate where;
  if (arguments_.filter != nullptr)
    where = plan_filter(scope_, levels_.parameters(write_.level), *arguments_.filter, field_.offset);
  if (has_unselective_filter(where)) return;
  keep_to_permitted(where, levels_.parameters(write_.level), where.kind != sql::Predicate::Kind::always);
  select.where = std::move(where);
  select.lock = true;
  select.limit = std::uint64_t{scope_.options.limits.rows_answer_max} + 1;
  write_.reads_first = true;
  sql::Predicate removed{.kind = sql::Predicate::Kind::any_row};
  for (const catalog::ColumnId column : key_) {
    removed.columns.push_back({.source = 0, .column = column});
    removed.parameters.push_back(program_.bind(
        step, {.kind = ParameterSource::Kind::row_keys, .part = levels_.cell(write_.level, column)}));
  }
  as<sql::Delete>(step).where = std::move(removed);
}

struct Root {
  OutputBinding::Kind binding;
  Write::Kind kind;
  void (WritePlanner::*plan)();
};
constexpr Root roots[] = {
    {OutputBinding::Kind::create, Write::Kind::create, &WritePlanner::create},
    {OutputBinding::Kind::upsert, Write::Kind::upsert, &WritePlanner::upsert},
    {OutputBinding::Kind::update, Write::Kind::update, &WritePlanner::update},
    {OutputBinding::Kind::remove, Write::Kind::remove, &WritePlanner::remove},
    {OutputBinding::Kind::create_many, Write::Kind::create_many, &WritePlanner::create_many},
    {OutputBinding::Kind::update_many, Write::Kind::update_many, &WritePlanner::update_many},
    {OutputBinding::Kind::remove_many, Write::Kind::remove_many, &WritePlanner::remove_many},
};

// What the caller knows of the rows because it wrote it. Operators change what is there; an upsert with an
// `update` of its own gives one of two values.
WrittenRows written_rows(const PlannerScope& scope, const OperationField& field, const Write& write) {
  using policy::Operation;
  const WriteArguments arguments = write_arguments(scope, field);
  WrittenRows written;
  switch (write.kind) {
    case Write::Kind::create:
    case Write::Kind::create_many:
      written.operations = {Operation::create};
      break;
    case Write::Kind::upsert:
      written.operations = {Operation::create, Operation::update};
      break;
    case Write::Kind::update:
    case Write::Kind::update_many:
      written.operations = {Operation::update};
      break;
    case Write::Kind::remove:
    case Write::Kind::remove_many:
      written.operations = {Operation::remove};
      break;
    case Write::Kind::own:  // own.cpp
      break;
  }
  if (arguments.input == nullptr || arguments.update != nullptr || write.kind == Write::Kind::create_many)
    return written;
  for (const InputNode& member : scope.input().children(*arguments.input))
    if (scope.schema[member.definition].kind == InputBinding::Kind::input_column)
      written.given.push_back(scope.schema[member.definition].column);
  for (const InputNode* object : {arguments.increment, arguments.multiply, arguments.push})
    for (std::uint32_t i = 0; object != nullptr && i < object->child_count; ++i)
      std::erase(written.given, scope.schema[scope.input().children(*object)[i].definition].column);
  return written;
}

}  // namespace

void plan_write(PlannerScope& scope, LevelPlanner& levels, Plan& plan, std::uint32_t index,
                const OperationField& field, const OutputBinding& binding) {
  const Root& root = *std::ranges::find(roots, binding.kind, &Root::binding);
  Write write{.kind = root.kind, .field = index, .table = binding.table};
  if (write.is_many()) {
    // Created and changed rows come with their keys, by which they are put in order or read.
    std::vector<catalog::ColumnId> key;
    if (root.kind != Write::Kind::remove_many) key = key_columns(scope.catalog(), binding.table);
    write.level = levels.add_written_level(binding.table, key, field.offset);
    levels.set_written(write.level, written_rows(scope, field, write));
    levels.written(index, field, write.level);
  } else {
    write.level = levels.add_row_level(binding.table, field.offset);
    levels.set_written(write.level, written_rows(scope, field, write));
    plan.fields[index].kind = OutputField::Kind::row;
    plan.fields[index].level = write.level;
    levels.object(index, field, write.level, 0);
  }
  write.level_end = levels.level_count();
  WritePlanner planner(scope, levels, field, write);
  (planner.*root.plan)();
  planner.finish();
  plan.writes.push_back(std::move(write));
}

}  // namespace tenon::api
