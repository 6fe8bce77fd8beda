#include "api/plan/write_program.h"

#include <algorithm>

#include "api/plan/scope.h"
#include "api/schema/unique_keys.h"

namespace tenon::api {

StepIndex WriteProgram::add(decltype(WriteStep::statement) statement, std::string input_path,
                            WriteStep::Missing missing) {
  const StepIndex index = size();
  Draft& draft = drafts_.emplace_back();
  std::visit([&](auto& value) { value.catalog = &catalog_; }, statement);
  draft.step.statement = std::move(statement);
  draft.step.round = not_before_;
  draft.step.unless = guard_;
  draft.step.missing = missing;
  draft.step.input_path = std::move(input_path);
  if (guard_) run_after(index, *guard_);
  return index;
}

void WriteProgram::run_after(StepIndex step, StepIndex other) {
  drafts_[step].step.round = std::max(drafts_[step].step.round, drafts_[other].step.round + 1);
}

sql::ParameterIndex WriteProgram::bind(StepIndex step, ParameterSource source) {
  if (source.kind == ParameterSource::Kind::step_keys) run_after(step, source.step);
  if (source.kind == ParameterSource::Kind::row) {
    run_after(step, source.step);
    if (source.otherwise) run_after(step, *source.otherwise);
  }
  return drafts_[step].parameters.add(std::move(source));
}

sql::Assignment WriteProgram::assign(StepIndex step, const ColumnValue& value) {
  if (value.operation == sql::Assignment::Operation::proposed)
    return {.column = value.column, .operation = value.operation};
  return {.column = value.column, .parameter = bind(step, value.source), .operation = value.operation};
}

sql::Predicate WriteProgram::equal(StepIndex step, const std::vector<ColumnValue>& values) {
  sql::Predicate all;
  for (const ColumnValue& value : values)
    add_condition(all, {.kind = sql::Predicate::Kind::compare,
                        .comparison = sql::Comparison::equal,
                        .columns = {{.source = 0, .column = value.column}},
                        .parameters = {bind(step, value.source)}});
  return all;
}

namespace {

// Where a column is in what a statement gives back; it is added when it is not there.
struct ReturnedColumn {
  catalog::ColumnId column;

  std::uint32_t operator()(sql::Select& select) const {
    const sql::ColumnRef wanted{.source = 0, .column = column};
    auto found = std::ranges::find(select.outputs, wanted);
    if (found == select.outputs.end()) found = select.outputs.insert(found, wanted);
    return static_cast<std::uint32_t>(found - select.outputs.begin());
  }
  // It gives what it gives, and stands alone in its program.
  std::uint32_t operator()(sql::OwnStatement&) const { return 0; }
  template <class Change>
  std::uint32_t operator()(Change& change) const {
    auto found = std::ranges::find(change.returning, column);
    if (found == change.returning.end()) found = change.returning.insert(found, column);
    return static_cast<std::uint32_t>(found - change.returning.begin());
  }
};

}  // namespace

std::uint32_t WriteProgram::returned(StepIndex step, catalog::ColumnId column) {
  return std::visit(ReturnedColumn{column}, drafts_[step].step.statement);
}

ParameterSource WriteProgram::cell(const RowReference& row, catalog::ColumnId column) {
  ParameterSource source{.kind = ParameterSource::Kind::row, .part = returned(row.step, column)};
  source.step = row.step;
  source.row = row.row;
  source.otherwise = row.otherwise;
  if (row.otherwise) source.otherwise_part = returned(*row.otherwise, column);
  return source;
}

ParameterSource WriteProgram::cells(StepIndex step, catalog::ColumnId column) {
  ParameterSource source{.kind = ParameterSource::Kind::step_keys, .part = returned(step, column)};
  source.step = step;
  return source;
}

std::uint32_t WriteProgram::last_round(StepIndex first) const {
  std::uint32_t last = not_before_;
  for (StepIndex i = first; i < size(); ++i) last = std::max(last, drafts_[i].step.round);
  return last;
}

std::vector<WriteStep> WriteProgram::finish(const sql::Dialect& dialect) {
  std::vector<WriteStep> steps;
  for (Draft& draft : drafts_) {
    if (auto* select = std::get_if<sql::Select>(&draft.step.statement); select && select->outputs.empty())
      select->outputs.push_back({.source = 0, .column = key_columns(catalog_, select->from).front()});
    draft.step.planned = {.statement = std::visit([&](const auto& value) { return dialect.render(value); },
                                                  draft.step.statement),
                          .parameters = draft.parameters.take()};
    steps.push_back(std::move(draft.step));
  }
  return steps;
}

}  // namespace tenon::api
