#include "migrate/plan.h"

#include <algorithm>
#include <charconv>
#include <string>

#include <fmt/format.h>

#include "base/limits.h"
#include "migrate/directive.h"
#include "sql/mysql/script_batch.h"
#include "sql/postgres/script_batch.h"

namespace tenon::migrate {

namespace {

using StatementKind = sql::ScriptStatementKind;

std::string as_sql_text(std::string_view label) {
  std::string text = "'";
  for (const char c : label) text.append(c == '\'' ? 2 : 1, c);
  return text + "'";
}

bool asks_for_no_transaction(std::string_view head) {
  return std::ranges::any_of(lines_of(head, 0, head.size()), [](const Line& line) {
    const auto said = directive_in(line.text);
    return said && said->verb == "no-transaction";
  });
}

base::Result<void> check(std::string_view script, const std::vector<sql::ScriptStatement>& statements) {
  for (const sql::ScriptStatement& statement : statements) {
    const sql::ScriptPlace place = sql::place_in(script, statement.begin);
    const std::string where = fmt::format("{}:{}", place.line, place.column);
    if (statement.kind == StatementKind::roll_back)
      return base::fail(base::code::migration_failed, "ROLLBACK in a migration would undo what it did.",
                        "remove the statement", where);
    if (statement.kind == StatementKind::copy_data)
      return base::fail(base::code::migration_failed, "COPY … FROM STDIN needs data that only psql can give.",
                        "write INSERT statements, as pg_dump --inserts does", where);
  }
  return {};
}

// What the lines above a statement ask for.
struct Wishes {
  bool commit = false;
  std::optional<std::uint32_t> batch;  // zero: not a number of rows
};

Wishes wishes_above(std::string_view script, const std::vector<sql::ScriptStatement>& statements,
                    std::size_t i) {
  Wishes wishes;
  const std::size_t begin = i == 0 ? 0 : statements[i - 1].end;
  for (const Line& line : lines_of(script, begin, statements[i].begin)) {
    const auto said = directive_in(line.text);
    if (!said) continue;
    if (said->verb == "commit") wishes.commit = true;
    if (said->verb != "batch") continue;
    std::uint32_t rows = 0;
    const char* const end = said->rest.data() + said->rest.size();
    const auto read = std::from_chars(said->rest.data(), end, rows);
    wishes.batch = read.ptr == end && read.ec == std::errc() && rows <= base::batch_rows_max ? rows : 0;
  }
  return wishes;
}

base::Result<void> check_batch(catalog::Engine engine, std::string_view script,
                               const sql::ScriptStatement& statement, std::uint32_t rows) {
  const auto read = read_batch(engine, statement.text(script));
  if (rows > 0 && read) return {};
  const sql::ScriptPlace place = sql::place_in(script, statement.begin);
  return base::fail(
      base::code::migration_failed,
      rows == 0 ? fmt::format("The batches of this statement need a number of rows from 1 to {}.",
                              base::batch_rows_max)
                : fmt::format("This statement cannot run in batches: {}.", read.error()),
      "-- tenon: batch 5000 stands above one UPDATE … SET … WHERE … or DELETE FROM … WHERE … of one table",
      fmt::format("{}:{}", place.line, place.column));
}

// Cuts as it goes.
class UnitPlanner {
 public:
  UnitPlanner(std::string_view script, const std::vector<sql::ScriptStatement>& statements,
              const std::vector<Wishes>& wishes, bool alone)
      : script_(script), statements_(statements), wishes_(wishes), alone_(alone) {}

  std::vector<Unit> plan(std::uint32_t from) {
    begin_ = from;
    take_locks_again(from);
    for (std::uint32_t i = from; i < statements_.size(); ++i) add(i);
    close(static_cast<std::uint32_t>(statements_.size()));
    return std::move(units_);
  }

 private:
  void take_locks_again(std::uint32_t from) {
    std::optional<std::uint32_t> lock;
    for (std::uint32_t i = 0; i < from && i < statements_.size(); ++i) {
      if (statements_[i].kind == StatementKind::lock) lock = i;
      if (statements_[i].kind == StatementKind::unlock) lock.reset();
    }
    if (!lock || from >= statements_.size()) return;
    locked_ = true;
    units_.push_back({.transaction = false, .first = from, .last = from, .locked = true, .lock = lock});
  }

  void add(std::uint32_t i) {
    const sql::ScriptStatement& statement = statements_[i];
    if (locked_) return add_locked(statement, i);
    if (wishes_[i].commit) close(i);
    if (statement.kind == StatementKind::lock) {
      close(i);
      locked_ = true;
      units_.push_back({.transaction = false, .first = i, .last = i + 1, .locked = true});
      begin_ = i + 1;
      return;
    }
    if (statement.kind == StatementKind::commit) return close(i + 1);
    if (statement.kind == StatementKind::apart || wishes_[i].batch || (alone_ && runs(statement))) {
      close(i);
      units_.push_back(
          {.transaction = false, .first = i, .last = i + 1, .batch = wishes_[i].batch.value_or(0)});
      begin_ = i + 1;
      return;
    }
    if (uses_new_value(statement.text(script_))) close(i);
    if (statement.kind == StatementKind::enum_values)
      new_values_.push_back(as_sql_text(statement.enum_value));
  }

  // A transaction in between would give the locks up.
  void add_locked(const sql::ScriptStatement& statement, std::uint32_t i) {
    units_.back().last = begin_ = i + 1;
    locked_ = statement.kind != StatementKind::unlock;
  }

  void close(std::uint32_t end) {
    const bool something = std::any_of(statements_.begin() + begin_, statements_.begin() + end, runs);
    if (something) units_.push_back({.transaction = true, .first = begin_, .last = end});
    if (!something && begin_ < end && !units_.empty()) units_.back().last = end;
    if (something || !units_.empty()) begin_ = end;
    new_values_.clear();
  }

  bool uses_new_value(std::string_view text) const {
    return std::ranges::any_of(new_values_,
                               [&](const std::string& value) { return text.find(value) != text.npos; });
  }

  std::string_view script_;
  const std::vector<sql::ScriptStatement>& statements_;
  const std::vector<Wishes>& wishes_;
  bool alone_;
  bool locked_ = false;  // between LOCK TABLES and UNLOCK TABLES
  std::vector<Unit> units_;
  std::uint32_t begin_ = 0;
  std::vector<std::string> new_values_;
};

}  // namespace

bool runs(const sql::ScriptStatement& statement) {
  return statement.kind != StatementKind::begin && statement.kind != StatementKind::commit;
}

sql::BatchReading read_batch(catalog::Engine engine, std::string_view statement) {
  return engine == catalog::Engine::mysql ? sql::mysql::read_batch(statement)
                                          : sql::postgres::read_batch(std::string(statement));
}

base::Result<RunPlan> plan_run(catalog::Engine engine, std::string_view script,
                               std::vector<sql::ScriptStatement> statements, std::uint32_t from) {
  if (auto good = check(script, statements); !good) return std::unexpected(good.error());
  std::vector<Wishes> wishes;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    wishes.push_back(wishes_above(script, statements, i));
    if (!wishes[i].batch) continue;
    if (auto good = check_batch(engine, script, statements[i], *wishes[i].batch); !good)
      return std::unexpected(good.error());
  }
  const std::string_view head = script.substr(0, statements.empty() ? script.size() : statements[0].begin);
  RunPlan plan{.statements = std::move(statements)};
  plan.units = UnitPlanner(script, plan.statements, wishes, asks_for_no_transaction(head)).plan(from);
  return plan;
}

}  // namespace tenon::migrate
