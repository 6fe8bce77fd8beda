// A write program under construction: steps, the cells they give each other, and the rounds that follow from
// that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/plan/write_plan.h"
#include "sql/dialect.h"

namespace tenon::api {

// What a column is set to, or compared with.
struct ColumnValue {
  catalog::ColumnId column;
  ParameterSource source;
  sql::Assignment::Operation operation = sql::Assignment::Operation::set;
};

class WriteProgram {
 public:
  explicit WriteProgram(const catalog::Catalog& catalog) : catalog_(catalog) {}

  // Adds a step at the end. It runs no earlier than `not_before()` and under the guard of the moment.
  StepIndex add(decltype(WriteStep::statement) statement, std::string input_path,
                WriteStep::Missing missing = WriteStep::Missing::ignore);
  StepIndex size() const { return static_cast<StepIndex>(drafts_.size()); }
  WriteStep& operator[](StepIndex step) { return drafts_[step].step; }
  Parameters& parameters(StepIndex step) { return drafts_[step].parameters; }

  // A parameter of the step; when it is another step's cell, the step runs after that one.
  sql::ParameterIndex bind(StepIndex step, ParameterSource source);
  sql::Assignment assign(StepIndex step, const ColumnValue& value);
  // All columns equal to the values.
  sql::Predicate equal(StepIndex step, const std::vector<ColumnValue>& values);

  // The value of a column of a row that an earlier step gives back.
  ParameterSource cell(const RowReference& row, catalog::ColumnId column);

  // An array of the values of a column in all rows that an earlier step gives back.
  ParameterSource cells(StepIndex step, catalog::ColumnId column);
  const ParameterSource& source(StepIndex step, sql::ParameterIndex parameter) const {
    return drafts_[step].parameters.at(parameter);
  }

  // Steps added from now on run only if step `guard` concerned no row; the guard before is given back.
  std::optional<StepIndex> set_guard(std::optional<StepIndex> guard) { return std::exchange(guard_, guard); }
  // Steps added from now on run in this round or later.
  std::uint32_t not_before() const { return not_before_; }
  void set_not_before(std::uint32_t round) { not_before_ = round; }
  // The last round of the steps from `first` on.
  std::uint32_t last_round(StepIndex first) const;

  std::vector<WriteStep> finish(const sql::Dialect& dialect);

 private:
  struct Draft {
    WriteStep step;
    Parameters parameters;
  };
  std::uint32_t returned(StepIndex step, catalog::ColumnId column);
  void run_after(StepIndex step, StepIndex other);

  const catalog::Catalog& catalog_;
  std::vector<Draft> drafts_;
  std::optional<StepIndex> guard_;
  std::uint32_t not_before_ = 0;
};

}  // namespace tenon::api
