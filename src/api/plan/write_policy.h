// What rules ask of the steps of a write: every step of a program is looked at, whatever it was planned for.
#pragma once

#include "api/plan/levels.h"
#include "api/plan/write_program.h"

namespace tenon::api {

class WriteGuard {
 public:
  WriteGuard(PlannerScope& scope, const graphql::OperationField& field, Write& write, WriteProgram& program)
      : scope_(scope), field_(field), write_(write), program_(program) {}

  // Refuses the field when a step is not allowed for any row; gives the others the condition of the rows they
  // are allowed for, and adds steps that look whether new and changed rows are as they may be.
  void protect();
  // Whether steps may insert such a row and change it, whichever rows there are.
  bool is_free(catalog::TableId table, const std::vector<ColumnValue>& inserted,
               const std::vector<ColumnValue>& changed) const;

 private:
  // Rows that a step is allowed for: a row has to be among each of them.
  using Limits = std::vector<const policy::Rows*>;

  bool is_bound(catalog::TableId table) const;
  bool add(Limits& limits, const policy::Rows& rows);
  bool limit(StepIndex step, policy::Operation operation, const std::vector<sql::Assignment>& values,
             Limits& limits);
  void keep(StepIndex step, catalog::TableId table, const Limits& limits, sql::Predicate& where);
  bool stays(catalog::TableId table, const Limits& limits, const std::vector<sql::Assignment>& values) const;
  bool is_made_so(StepIndex step, const sql::Insert& insert, const policy::Rows& rows) const;
  void check(StepIndex step, catalog::TableId table, const Limits& limits);
  void visit(StepIndex step, sql::Insert& insert);
  void visit(StepIndex step, sql::Update& update);
  void visit(StepIndex step, sql::Delete& remove);
  void visit(StepIndex step, sql::Select& select);
  // An operation of the owner's own is open or not as a whole, and stands alone in its program.
  void visit(StepIndex, sql::OwnStatement&) {}

  PlannerScope& scope_;
  const graphql::OperationField& field_;
  Write& write_;
  WriteProgram& program_;
  bool refused_ = false;
  struct Check {
    StepIndex step;
    catalog::TableId table;
    Limits limits;
  };
  std::vector<Check> checks_;
};

}  // namespace tenon::api
