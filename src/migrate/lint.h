// What the statements of migrations do to a database that is in use, written by hand or not: read from their
// text, weighed by what is known of the tables, and set against what their author approved of.
//
// An approval is a line of a comment above a statement, `-- tenon: approve drop-column, table-rewrite`, and
// counts for that statement; `-- tenon: approve-file …` counts for all. Such lines are no change of a script
// (folder.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "migrate/folder.h"
#include "migrate/hazard.h"
#include "sql/script.h"
#include "sql/script_action.h"

namespace tenon::migrate {

struct LintStatement {
  sql::ScriptStatement place;
  std::vector<sql::ScriptAction> actions;
  std::vector<std::string> approved = {};  // codes
};

// A word of an approval that is no code.
struct UnknownApproval {
  std::string word;
  std::uint32_t begin = 0;  // of its line
  std::uint32_t end = 0;
};

struct LintScript {
  const Migration* migration = nullptr;
  std::vector<LintStatement> statements;
  std::vector<std::string> approved;  // for all of them
  std::vector<UnknownApproval> unknown;
};

// The migration has a text, and outlives the result.
LintScript read_lint_script(catalog::Engine engine, const Migration& migration);

struct ColumnFact {
  std::string name;
  catalog::ColumnType type;
  bool nullable = true;
  bool proven_not_null = false;  // by a check that is valid
};

struct TableFact {
  std::optional<std::uint64_t> rows;
  bool exact = false;  // counted; otherwise the server's estimate
  std::vector<ColumnFact> columns;
};

// What is known of the tables that scripts name. Those that were looked for and are not there have no fact.
struct TableFacts {
  std::string default_schema;  // of names without one
  std::map<sql::ObjectName, TableFact> tables;
};

// The tables that the actions are about, in the order in which they come.
std::vector<sql::ObjectName> tables_of(std::span<const LintScript> scripts);

struct LintFinding {
  std::string_view code;  // drop-column
  HazardKind kind = HazardKind::data_loss;
  Severity severity = Severity::warning;
  LockLevel lock = LockLevel::none;
  std::string message;
  std::string advice;                 // the safe form; empty when there is none
  std::string table;                  // as the script names it
  std::optional<std::uint64_t> rows;  // of the table, when it is known
  bool rows_exact = false;            // counted, not estimated
  const Migration* migration = nullptr;
  std::uint32_t begin = 0;  // bytes of the script, within one line
  std::uint32_t end = 0;
  bool refused = false;   // by deploy, unless it is approved
  bool approved = false;  // and then not refused
};

// The scripts one after the other: what one makes is new, and empty, to those behind it. Without facts the
// size of no table is known, and what a script made may have got rows before the next.
std::vector<LintFinding> lint(catalog::Engine engine, std::span<const LintScript> scripts,
                              const TableFacts* facts = nullptr);

// As it is shown: an error when deploy refuses it.
base::Diagnostic to_diagnostic(const LintFinding& finding, base::SourceId source);

// Kinds of findings, by their codes.
struct LintRule {
  // What deploy refuses without an approval.
  enum class Gate : std::uint8_t {
    none,
    with_rows,  // unless the table is empty
    by_size,    // unless the table has few rows: limits.h lint_blocking_rows_min
    always,
  };
  std::string_view code;
  HazardKind kind;
  Gate gate;
  LockLevel lock;
  std::string_view advice;
};
std::span<const LintRule> lint_rules();
const LintRule* find_lint_rule(std::string_view code);

}  // namespace tenon::migrate
