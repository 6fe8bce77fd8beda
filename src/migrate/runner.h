// Runs the units of a plan against a database, with attempts when locks are held by others, and tells what
// failed where.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "migrate/apply.h"
#include "migrate/plan.h"

namespace tenon::migrate {

// What to do with the record of a unit, both empty when there is none.
struct UnitRecord {
  // At the start of its transaction; of a statement that stands alone, before it and committed.
  std::function<sql::DatabaseResult<void>()> begun;
  // Before its commit; in a transaction of its own behind a statement that stands alone.
  std::function<sql::DatabaseResult<void>()> finished;
  // Under LOCK TABLES, instead of `begun`: before each statement, and behind those at which the statements so
  // far are committed. The session with the locks cannot write the journal: it is another one that does.
  std::function<sql::DatabaseResult<void>(const Unit& statement)> one_begun;
  std::function<sql::DatabaseResult<void>(const Unit& statements)> one_finished;
};

class Runner {
 public:
  Runner(Target& target, const Migration& migration, const RunPlan& plan, const ApplyOptions& options)
      : target_(target), migration_(migration), plan_(plan), options_(options) {}

  // Again and again while locks are in the way, up to the time allowed.
  base::Result<void> run(const Unit& unit, const UnitRecord& record);
  // SET statements before `end`, which another session made: they last as long as a session.
  base::Result<void> run_settings(std::uint32_t end);

 private:
  struct Failed {
    sql::DatabaseError error;
    std::optional<std::uint32_t> statement;  // empty: not one of the script's
  };
  using Outcome = std::expected<void, Failed>;

  Outcome attempt(const Unit& unit, const UnitRecord& record);
  Outcome in_transaction(const Unit& unit, const UnitRecord& record);
  Outcome apart(const Unit& unit, const UnitRecord& record);
  Outcome under_locks(const Unit& unit, const UnitRecord& record);
  Outcome run_statement(std::uint32_t number);
  Outcome run_in_quiet_moment(std::uint32_t number);
  Outcome execute(std::uint32_t number);
  Outcome run_batches(const Unit& unit);
  Outcome walk(const Unit& unit);
  Outcome run_batch(const Unit& unit, BatchOutcome& outcome);
  base::Error explain_failure(const Unit& unit, const Failed& failed) const;
  bool may_try_again(const Failed& failed, std::chrono::steady_clock::time_point end) const;
  void look_for_blockers(std::optional<Session>& other, const std::string& process);
  void report(const std::string& text) const {
    if (options_.report) options_.report(text);
  }

  Target& target_;
  const Migration& migration_;
  const RunPlan& plan_;
  const ApplyOptions& options_;
  std::vector<OtherSession> blockers_;  // seen last
  bool ran_ = false;                    // the statement that stands alone is done, and only its record is not
  std::uint32_t next_ = 0;              // of the statements under locks
  std::uint32_t noted_ = 0;             // those before it are noted as finished
  std::unique_ptr<BatchWalk> walk_;     // of a unit in batches, as far as it came
  std::uint64_t rows_changed_ = 0;      // by it
  std::chrono::steady_clock::time_point moved_at_;  // the unit began, or its last batch was done
  std::chrono::steady_clock::time_point told_at_;   // how far the batches are
};

}  // namespace tenon::migrate
