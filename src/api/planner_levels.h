// The part of the planner that turns selections into levels: outputs, joins for to-one relations, child
// levels for lists.
#pragma once

#include <vector>

#include "api/plan.h"
#include "api/planner_scope.h"

namespace tenon::api {

class LevelPlanner {
 public:
  LevelPlanner(PlannerScope& scope, Plan& plan) : scope_(scope), plan_(plan) {}

  // A field with everything that does not depend on what it stands for.
  OutputField start(const graphql::OperationField& field) const;

  // The root of one row: its statement's condition is added to select(level).where by the caller.
  LevelIndex add_row_level(catalog::TableId table);
  // Plans the selection of plan.fields[index], an object whose columns are those of `source` of `level`.
  void object(std::uint32_t index, const graphql::OperationField& field, LevelIndex level,
              std::uint32_t source);
  // Plans plan.fields[index], a connection over `table` at the root.
  void root_connection(std::uint32_t index, const graphql::OperationField& field, catalog::TableId table);

  sql::Select& select(LevelIndex level) { return drafts_[level].select; }
  Parameters& parameters(LevelIndex level) { return drafts_[level].parameters; }
  LevelIndex level_count() const { return static_cast<LevelIndex>(plan_.levels.size()); }
  // The row of `level` comes from a write: it has no statement.
  void without_statement(LevelIndex level) { drafts_[level].wants_rows = false; }
  // A selection without columns of its own still needs one to tell a row.
  void need_one_output(LevelIndex level);

  // Renders the statements. Call once, at the end.
  void finish();

 private:
  struct Draft {
    sql::Select select;
    sql::Select count;
    Parameters parameters;
    Parameters count_parameters;
    bool wants_rows = true;
    bool wants_count = false;
  };

  std::uint32_t output(LevelIndex level, std::uint32_t source, catalog::ColumnId column);
  std::uint32_t join(LevelIndex level, std::uint32_t source, std::uint32_t relation);
  void member(std::uint32_t index, const graphql::OperationField& field, LevelIndex level,
              std::uint32_t source);
  void to_one(std::uint32_t index, const graphql::OperationField& field, LevelIndex level,
              std::uint32_t source, std::uint32_t relation);
  void to_many(std::uint32_t index, const graphql::OperationField& field, LevelIndex level,
               std::uint32_t source, const Relation& relation);
  LevelIndex add_level(catalog::TableId table);
  std::uint32_t add_children(std::uint32_t index, const graphql::OperationField& field);
  void connection(std::uint32_t index, const graphql::OperationField& field, LevelIndex level);
  void page(LevelIndex level, const graphql::OperationField& field);
  sql::Predicate condition(Parameters& parameters, const PageArguments& arguments, graphql::Offset offset);

  PlannerScope& scope_;
  Plan& plan_;
  std::vector<Draft> drafts_;  // one for each of plan_.levels
};

}  // namespace tenon::api
