// Which statements of a script run together. Everything runs in one transaction, unless it cannot: statements
// that PostgreSQL refuses inside of one, and those at which MySQL commits by itself, stand alone; COMMIT ends
// one, a value that was added to an enum needs a commit before it is used, and a script may ask for more.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "catalog/catalog.h"
#include "sql/script.h"
#include "sql/script_batch.h"

namespace tenon::migrate {

struct Unit {
  bool transaction = true;  // false: one statement outside of any, or those under one LOCK TABLES
  std::uint32_t first = 0;  // statements first … last - 1
  std::uint32_t last = 0;
  std::uint32_t batch = 0;  // rows of one transaction of the statement, when it runs in several (batch.h)
  // Those under one LOCK TABLES.
  bool locked = false;
  // That statement, when it is before `first`: its locks went with the session that ran it.
  std::optional<std::uint32_t> lock;
  friend bool operator==(const Unit&, const Unit&) = default;
};

struct RunPlan {
  std::vector<sql::ScriptStatement> statements;
  std::vector<Unit> units;

  // All or nothing, by itself: there is no state in between that a crash could leave.
  bool atomic() const { return units.empty() || (units.size() == 1 && units.front().transaction); }
};

// A statement that can run in batches.
sql::BatchReading read_batch(catalog::Engine engine, std::string_view statement);

// Whether a statement is given to the database: BEGIN and COMMIT only say where units end.
bool runs(const sql::ScriptStatement& statement);

// `statements` of `script` from number `from` on. In lines of their own `-- tenon: no-transaction` above the
// first statement makes each statement a unit, `-- tenon: commit` above one begins a new unit with it, and
// `-- tenon: batch 5000` makes it one that runs in batches of so many rows. P3018 for what no migration can
// hold: ROLLBACK, data of COPY, and batches of what cannot be cut.
base::Result<RunPlan> plan_run(catalog::Engine engine, std::string_view script,
                               std::vector<sql::ScriptStatement> statements, std::uint32_t from = 0);

}  // namespace tenon::migrate
