// The part of the planner that turns inputs of writes into steps: rows to create and to change, and the
// members of their relations, at any depth.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/plan/scope.h"
#include "api/plan/write_program.h"

namespace tenon::api {

// A row to create.
struct NewRow {
  const graphql::InputNode* input = nullptr;
  std::string path;  // of `input`, for messages
};

// A row to change.
struct RowChange {
  catalog::TableId table;
  std::vector<ColumnValue> where;
  const graphql::InputNode* condition = nullptr;  // a filter besides
  const graphql::InputNode* input = nullptr;      // columns and relations to change
  std::vector<ColumnValue> values;                // besides those of `input`
  std::string path;
  WriteStep::Missing missing = WriteStep::Missing::target;
};

// What happens to a row that is there already, where one is to be created.
struct UpsertChange {
  std::vector<catalog::ColumnId> key;  // tells which row that is; the row to create has values for all of it
  std::vector<ColumnValue> values;     // `proposed` ones are those of the row to create
  // By the insert itself; else by an update before it, which finds only what may be changed.
  bool by_insert = true;
};

class RowPlanner {
 public:
  RowPlanner(PlannerScope& scope, WriteProgram& program, graphql::Offset offset)
      : scope_(scope), program_(program), offset_(offset) {}

  // Inserts rows, those that set the same columns and no relations in one statement, and gives them back in
  // their order. `given`: values that all of them have. `returning` is what each insert gives back at least.
  std::vector<RowReference> create(catalog::TableId table, const std::vector<NewRow>& rows,
                                   const std::vector<ColumnValue>& given,
                                   const std::vector<catalog::ColumnId>& returning = {});
  // Each row to create in a statement of its own from now on.
  void insert_one_by_one() { one_by_one_ = true; }
  // Inserts a row, or changes the one that is there as `change` says, which is given the values to insert.
  // The relations of the input are written in either case.
  using UpsertRule = std::function<UpsertChange(const std::vector<ColumnValue>& inserted)>;
  RowReference upsert(catalog::TableId table, const NewRow& row, const UpsertRule& rule);
  // The row afterwards. A change without values only finds and locks it.
  RowReference change(const RowChange& change);

  // The values that an input gives to columns of its own; key columns only with `with_key`.
  std::vector<ColumnValue> column_values(catalog::TableId table, const graphql::InputNode& input,
                                         bool with_key);
  // What Tenon itself sets: identifiers and times of change.
  void add_generated(catalog::TableId table, std::vector<ColumnValue>& values, bool creating);
  std::optional<ColumnValue> value(catalog::ColumnId column, const graphql::InputNode& node,
                                   ParameterForm form = ParameterForm::value);
  // The columns that say whose the row is, for an owner who does not say it.
  void add_owners(catalog::TableId table, std::vector<ColumnValue>& values) const;
  // Whether it is such a column for this caller.
  bool is_owner(catalog::ColumnId column) const;
  // A failure at a place of the input.
  void fail(const std::string& path, const std::string& message);

 private:
  struct RowDraft;
  struct Operation;
  class Depth;

  // --- rows
  RowDraft draft(catalog::TableId table, const NewRow& row, const std::vector<ColumnValue>& given);
  bool allows(std::size_t rows, const std::string& path);
  void check_references(catalog::TableId table, const RowDraft& row);
  StepIndex insert(catalog::TableId table, const RowDraft& row,
                   const std::vector<catalog::ColumnId>& returning);
  StepIndex insert_all(catalog::TableId table, const std::vector<const RowDraft*>& rows, std::size_t given,
                       const std::vector<catalog::ColumnId>& returning);
  RowReference insert_or_change(catalog::TableId table, const RowDraft& row, const UpsertChange& change);
  RowReference change_or_insert(catalog::TableId table, const RowDraft& row, const UpsertChange& change);
  void relate_all(const RowDraft& row, const RowReference& created);
  StepIndex find(const RowChange& change, bool lock);
  sql::Predicate condition(StepIndex step, const RowChange& change);

  // --- relations (write_nested.cpp)
  std::vector<const graphql::InputNode*> members(const graphql::InputNode& input, bool forward) const;
  const Relation& relation_of(const graphql::InputNode& member) const;
  std::string path_of(const std::string& path, const graphql::InputNode& member) const;
  std::vector<Operation> operations(const graphql::InputNode& member, const std::string& path) const;
  std::optional<std::vector<ColumnValue>> unique_values(catalog::TableId table,
                                                        const graphql::InputNode& where,
                                                        const std::string& path);
  RowReference find_row(catalog::TableId table, const Operation& operation,
                        const std::vector<ColumnValue>& known, WriteStep::Missing missing);
  RowReference find_or_create(catalog::TableId table, const Operation& operation,
                              const std::vector<ColumnValue>& known);
  // A relation whose key this table holds: its columns join `values`. `current` gives the row as it is, for
  // operations on what it refers to now; the row to delete afterwards is the result.
  void refer(const graphql::InputNode& member, const std::string& path, std::vector<ColumnValue>& values,
             const RowChange* change, std::optional<RowReference>& current);
  void remove_referred(const graphql::InputNode& member, const std::string& path, const RowReference& before);
  // A relation whose key the other table holds, once this row is there.
  void relate(const graphql::InputNode& member, const std::string& path, const RowReference& row);
  void relate(const Relation& relation, const Operation& operation, const std::vector<ColumnValue>& link);
  void connect(const Relation& relation, const Operation& operation, const std::vector<ColumnValue>& link);
  void disconnect(const Relation& relation, const Operation& operation, const std::vector<ColumnValue>& link);
  void replace(const Relation& relation, const Operation& operation, const std::vector<ColumnValue>& link);
  // Through a link table (write_linked.cpp); `link` are its columns that name this row.
  void relate_linked(const Relation& relation, const Operation& operation,
                     const std::vector<ColumnValue>& link);
  void create_linked(const Relation& relation, const std::vector<NewRow>& rows,
                     const std::vector<ColumnValue>& link);
  void replace_linked(const Relation& relation, const Operation& operation,
                      const std::vector<ColumnValue>& link);
  std::vector<ColumnValue> link_row(const Relation& relation, const RowReference& target,
                                    std::vector<ColumnValue> link);
  void add_link(const Relation& relation, const RowReference& target, const std::vector<ColumnValue>& link,
                const std::string& path);
  StepIndex remove(catalog::TableId table, const std::vector<ColumnValue>& where, const std::string& path,
                   WriteStep::Missing missing);
  std::vector<ColumnValue> unlinked(const Relation& relation) const;
  StepIndex update(catalog::TableId table, std::vector<ColumnValue> values,
                   const std::vector<ColumnValue>& where, const std::string& path,
                   WriteStep::Missing missing);

  const catalog::Catalog& catalog() const { return scope_.catalog(); }

  PlannerScope& scope_;
  WriteProgram& program_;
  graphql::Offset offset_;
  std::size_t rows_created_ = 0;
  std::uint32_t depth_ = 0;
  bool one_by_one_ = false;
};

// One thing that the member of a relation asks for.
struct RowPlanner::Operation {
  InputBinding::Kind kind = InputBinding::Kind::none;
  const graphql::InputNode* node = nullptr;   // what to create, or how to find the row; a boolean
  const graphql::InputNode* other = nullptr;  // connectOrCreate: what to create; update: how to change it
  std::string path;
};

}  // namespace tenon::api
