// Which statements of a script run together. Everything runs in one transaction, unless it cannot: statements
// that PostgreSQL refuses inside of one, and those at which MySQL commits by itself, stand alone; COMMIT ends
// one, and a value that was added to an enum needs a commit before it is used. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sql/script.h"

namespace tenon::migrate {

struct Unit {
  bool transaction = true;  // false: one statement outside of any, or those under one LOCK TABLES
  std::uint32_t first = 0;  // statements first … last - 1
  std::uint32_t last = 0;
  friend bool operator==(const Unit&, const Unit&) = default;
};

struct RunPlan {
  std::vector<sql::ScriptStatement> statements;
  std::vector<Unit> units;

  // All or nothing, by itself: there is no state in between that a crash could leave.
  bool atomic() const { return units.empty() || (units.size() == 1 && units.front().transaction); }
};

// Whether a statement is given to the database: BEGIN and COMMIT only say where units end.
bool runs(const sql::ScriptStatement& statement);

// `statements` of `script` from number `from` on. `-- tenon: no-transaction` in a line of its own above the
// first statement makes each statement a unit. P3018 for what no migration can hold: ROLLBACK, and data of
// COPY.
base::Result<RunPlan> plan_run(std::string_view script, std::vector<sql::ScriptStatement> statements,
                               std::uint32_t from = 0);

}  // namespace tenon::migrate
