// What a mutation's root field does: a program of write steps. A step's parameters may come from the cells
// that earlier steps returned; steps that wait for the same round travel together in one exchange
// (run/execute_writes.h). A plain create, update or delete is a program of one step.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "api/plan/parameters.h"
#include "catalog/catalog.h"
#include "sql/statement.h"

namespace tenon::api {

using StepIndex = std::uint32_t;

struct WriteStep {
  // What it does when no row is concerned.
  enum class Missing : std::uint8_t {
    ignore,
    row,     // the row that the root field is about does not exist, or does not meet its condition
    target,  // a row that `input_path` names does not exist, or is not related: NOT_FOUND
    wanted,  // nothing is well: a row that is found may not be as it now is, for the caller
  };
  // What `planned` was rendered from. A select reads keys, and locks the row when later steps depend on it.
  std::variant<sql::Insert, sql::Update, sql::Delete, sql::Select, sql::OwnStatement> statement;
  PlannedStatement planned;
  std::uint32_t round = 0;  // after every round whose cells it uses; within a round in the program's order
  // Runs only if that step ran and concerned no row: the create of connectOrCreate. Somebody else may insert
  // that row at the same time, so a unique violation is a reason to run the transaction again.
  std::optional<StepIndex> unless;
  Missing missing = Missing::ignore;
  bool answers = false;    // its rows are among the field's answer
  bool by_values = false;  // it finds rows by more than their keys, so they must be ones the caller may read
  std::string input_path;  // of what it was made for: input.comments.create[0]

  catalog::TableId table() const;
  bool removes() const { return std::holds_alternative<sql::Delete>(statement); }
};

// A row that a step returned; that of `otherwise` when the step did not run or concerned none.
struct RowReference {
  StepIndex step = 0;
  std::uint32_t row = 0;
  std::optional<StepIndex> otherwise;
  friend bool operator==(const RowReference&, const RowReference&) = default;
};

struct Write {
  enum class Kind : std::uint8_t {
    create,
    update,
    remove,
    upsert,
    create_many,
    update_many,
    remove_many,
    own,  // a statement of the owner's
  };
  Kind kind = Kind::create;
  std::uint32_t field = 0;  // of Plan::fields
  catalog::TableId table;
  // Empty for an update that sets nothing: the answer is the row as it is.
  std::vector<WriteStep> steps;
  std::string unauthorized;  // what the error says when something is not allowed
  // The caller may not be told whether a row that it may not write exists.
  bool conceals = false;
  // When the row of an update or delete with a condition is missing: tells whether it exists at all.
  std::optional<PlannedStatement> exists;
  // The answer's rows in their order, where it is not that of the answering steps.
  std::vector<RowReference> rows;
  // A removal whose answer is more than the removed rows hold: its level is read, and locked, before.
  bool reads_first = false;
  // The level of the answer. Without statements of its own its rows are those of the answering steps;
  // otherwise it is read in the same transaction, after all steps or before a removal.
  std::uint32_t level = 0;
  std::uint32_t level_end = 0;  // one past the last level of this field

  bool is_many() const {
    return kind == Kind::create_many || kind == Kind::update_many || kind == Kind::remove_many;
  }
};

}  // namespace tenon::api
