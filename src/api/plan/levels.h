// The part of the planner that turns selections into levels: outputs, joins for to-one relations, child
// levels for lists.
#pragma once

#include <optional>
#include <vector>

#include "api/plan/plan.h"
#include "api/plan/scope.h"

namespace tenon::api {

// A field with everything that does not depend on what it stands for.
OutputField start_field(const PlannerScope& scope, const graphql::OperationField& field);
// Makes room for the fields selected in plan.fields[index]; the first one's index.
std::uint32_t add_fields(Plan& plan, std::uint32_t index, std::uint32_t count);

// Rows of the answer that a write gives, whoever may read them: what the caller knows of them.
struct WrittenRows {
  std::vector<policy::Operation> operations;  // what was done, any of these
  std::vector<catalog::ColumnId> given;       // columns whose values the caller gave
};

class LevelPlanner {
 public:
  LevelPlanner(PlannerScope& scope, Plan& plan) : scope_(scope), plan_(plan) {}

  // The root of one row: its statement's condition is added to select(level).where by the caller.
  LevelIndex add_row_level(catalog::TableId table, graphql::Offset offset = 0);
  // The level's rows are those of a write. To be said before its fields are planned.
  void set_written(LevelIndex level, WrittenRows written) { drafts_[level].written = std::move(written); }
  // Plans the selection of plan.fields[index], an object whose columns are those of `source` of `level`.
  void object(std::uint32_t index, const graphql::OperationField& field, LevelIndex level,
              std::uint32_t source);
  // The root of rows that a statement of the owner's gives, which the caller sets.
  LevelIndex add_own_level(catalog::TableId table, graphql::Offset offset);
  // Plans plan.fields[index], a connection over `table` at the root.
  void root_connection(std::uint32_t index, const graphql::OperationField& field, catalog::TableId table);

  // The rows that a write of many returns or that are read after it: their keys come first. Without `key` the
  // level has no such columns.
  LevelIndex add_written_level(catalog::TableId table, const std::vector<catalog::ColumnId>& key,
                               graphql::Offset offset);
  // Plans plan.fields[index], the result of a write of many rows.
  void written(std::uint32_t index, const graphql::OperationField& field, LevelIndex level);
  bool wants_rows(LevelIndex level) const { return drafts_[level].wants_rows; }
  // Reads the level by the keys of the written rows.
  void read_by_keys(LevelIndex level, const std::vector<catalog::ColumnId>& key);
  // The cell of a column of the level's own table.
  std::uint32_t cell(LevelIndex level, catalog::ColumnId column) { return output(level, 0, column); }

  // The selection has what no write gives back.
  bool has_tests(LevelIndex level) const { return !drafts_[level].select.tests.empty(); }
  sql::Select& select(LevelIndex level) { return drafts_[level].select; }
  Parameters& parameters(LevelIndex level) { return drafts_[level].parameters; }
  LevelIndex level_count() const { return static_cast<LevelIndex>(plan_.levels.size()); }
  // Plans plan.fields[index], groups of rows of `table` at the root.
  void root_groups(std::uint32_t index, const graphql::OperationField& field, catalog::TableId table);

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
    policy::Operation reading = policy::Operation::list;
    std::optional<WrittenRows> written;
    // Instead of `select`.
    std::optional<sql::Aggregate> aggregate;
    std::optional<sql::RowEstimate> estimate;
  };

  // --- level_rules.cpp: what of a row the caller may read
  catalog::TableId table_of(LevelIndex level, std::uint32_t source) const;
  const policy::Rows* limits(LevelIndex level, std::uint32_t source, catalog::ColumnId column) const;
  bool is_implied(const WrittenRows& written, catalog::TableId table, const policy::Rows& rows) const;
  void deny(std::uint32_t index, const graphql::OperationField& field);
  bool guard(std::uint32_t index, const graphql::OperationField& field, LevelIndex level,
             std::uint32_t source, const std::vector<catalog::ColumnId>& columns);
  bool hides_own_column(const OutputField& out, LevelIndex level, std::uint32_t source,
                        catalog::ColumnId column) const;
  void keep_to_readable(LevelIndex level);
  void place_guards();

  std::uint32_t output(LevelIndex level, std::uint32_t source, catalog::ColumnId column);
  std::uint32_t join(LevelIndex level, std::uint32_t source, std::uint32_t relation);
  void member(std::uint32_t index, const graphql::OperationField& field, LevelIndex level,
              std::uint32_t source);
  void to_one(std::uint32_t index, const graphql::OperationField& field, LevelIndex level,
              std::uint32_t source, std::uint32_t relation);
  void to_many(std::uint32_t index, const graphql::OperationField& field, LevelIndex level,
               std::uint32_t source, const Relation& relation);
  void beyond_to_one(std::uint32_t index, const graphql::OperationField& field, LevelIndex parent,
                     std::uint32_t source, const Relation& relation);
  LevelIndex add_level(catalog::TableId table, graphql::Offset offset,
                       policy::Operation reading = policy::Operation::list);
  LevelIndex add_child_level(LevelIndex parent, std::uint32_t source, const Relation& relation,
                             graphql::Offset offset);
  void connection(std::uint32_t index, const graphql::OperationField& field, LevelIndex level);
  void page(LevelIndex level, const graphql::OperationField& field);
  sql::Predicate condition(Parameters& parameters, const PageArguments& arguments, graphql::Offset offset);

  // single_statement.cpp
  sql::BundlePart bundle_part(LevelIndex level, bool count, std::uint32_t& parameter_count) const;
  void finish_single();

  // groups.cpp: what else of a connection than its rows and their number.
  LevelIndex add_group_level(LevelIndex connection, const graphql::OperationField& connection_field);
  void finish_groups(LevelIndex level);
  void groups(std::uint32_t index, const graphql::OperationField& field, LevelIndex level);
  void connection_groups(std::uint32_t index, const graphql::OperationField& field, LevelIndex connection,
                         const graphql::OperationField& connection_field);
  void connection_group(std::uint32_t index, const graphql::OperationField& field, LevelIndex connection,
                        const graphql::OperationField& connection_field, std::optional<LevelIndex>& level);
  void connection_count(std::uint32_t index, const graphql::OperationField& field, LevelIndex connection,
                        const graphql::OperationField& connection_field);
  void connection_estimate(std::uint32_t index, LevelIndex connection,
                           const graphql::OperationField& connection_field);

  PlannerScope& scope_;
  Plan& plan_;
  std::vector<Draft> drafts_;  // one for each of plan_.levels
  struct Guard {
    std::uint32_t field = 0;  // of Plan::fields
    LevelIndex level = 0;
    std::uint32_t test = 0;  // of the level's
  };
  std::vector<Guard> guards_;
};

}  // namespace tenon::api
