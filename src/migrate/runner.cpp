#include "migrate/runner.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/terminal.h"

namespace tenon::migrate {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto one_wait = 3s;  // for a lock, before everybody who queues behind gets a turn
// A batch holds locks of rows while it waits for others: PostgreSQL would take it for a deadlock after a
// second, and end somebody's transaction.
constexpr auto batch_wait = 500ms;
// How long a moment is looked for in which nobody uses a table, as a part of the time for locks, and how
// often. A try that took longer than `brief` has done something that is lost each time.
constexpr int quiet_moment_part = 30;
constexpr auto quiet_moment_pause = 2ms;
constexpr auto watch_interval = 1s;  // between looks at who is in the way
constexpr auto first_retry_pause = 500ms;
constexpr auto longest_retry_pause = 5'000ms;

// These wait for others without making anybody wait.
bool waits_harmlessly(const sql::ScriptStatement& statement) {
  using What = sql::ScriptObject::What;
  const What what = statement.object.what;
  return what == What::index_made || what == What::index_dropped || what == What::index_rebuilt;
}

std::string database_words(const sql::DatabaseError& error) {
  std::string text = base::printable(error.message);
  if (!error.detail.empty()) text += fmt::format(" ({})", base::printable(error.detail));
  if (!error.sqlstate.empty()) text += fmt::format(" [SQLSTATE {}]", error.sqlstate);
  return text;
}

}  // namespace

base::Result<void> Runner::run(const Unit& unit, const UnitRecord& record) {
  moved_at_ = Clock::now();
  const std::string process = process_of(target_.session);
  std::optional<Session> other;
  ran_ = false;
  next_ = noted_ = unit.first;
  walk_.reset();
  rows_changed_ = 0;
  for (auto pause = first_retry_pause;; pause = std::min(pause * 2, longest_retry_pause)) {
    target_.session.watch(watch_interval, [&] { look_for_blockers(other, process); });
    const auto moved_before = moved_at_;
    const Outcome outcome = attempt(unit, record);
    target_.session.watch({}, {});
    if (outcome) return {};
    if (moved_at_ != moved_before) pause = first_retry_pause;
    if (!may_try_again(outcome.error(), moved_at_ + options_.lock_wait_max + pause))
      return std::unexpected(explain_failure(unit, outcome.error()));
    report("the lock is taken; trying again");
    std::this_thread::sleep_for(pause);
    if (unit.transaction || ran_) continue;
    // A half made index is in the way of the next attempt.
    if (auto settled = settle(target_, plan_.statements[unit.first].object); !settled)
      return std::unexpected(settled.error());
  }
}

bool Runner::may_try_again(const Failed& failed, Clock::time_point end) const {
  return lock_timed_out(failed.error) && !target_.session.broken() && Clock::now() < end;
}

void Runner::look_for_blockers(std::optional<Session>& other, const std::string& process) {
  if (!other) {
    auto opened = Session::open(target_.session.url(), target_.purpose);
    if (!opened) return;
    other = std::move(*opened);
  }
  auto found = blockers_of(*other, process);
  if (found.empty()) return;
  blockers_ = std::move(found);
  report(fmt::format("waits for {}", to_string(blockers_.front())));
}

Runner::Outcome Runner::attempt(const Unit& unit, const UnitRecord& record) {
  const bool patient = !unit.transaction && waits_harmlessly(plan_.statements[unit.first]);
  const auto timeout = unit.batch > 0 ? batch_wait : std::chrono::milliseconds(one_wait);
  if (auto set = set_lock_timeout(target_.session, patient ? 0ms : timeout); !set)
    return std::unexpected(Failed{.error = set.error()});
  return unit.transaction ? in_transaction(unit, record) : apart(unit, record);
}

Runner::Outcome Runner::in_transaction(const Unit& unit, const UnitRecord& record) {
  const auto failed = [&](const sql::DatabaseError& error) {
    target_.session.roll_back();
    return std::unexpected(Failed{.error = error});
  };
  if (auto begun = target_.session.begin(); !begun) return failed(begun.error());
  if (record.begun)
    if (auto noted = record.begun(); !noted) return failed(noted.error());
  for (std::uint32_t i = unit.first; i < unit.last; ++i)
    if (auto done = run_statement(i); !done) {
      target_.session.roll_back();
      return done;
    }
  if (record.finished)
    if (auto noted = record.finished(); !noted) return failed(noted.error());
  if (auto ended = target_.session.commit(); !ended) return failed(ended.error());
  return {};
}

Runner::Outcome Runner::under_locks(const Unit& unit, const UnitRecord& record) {
  const auto noted = [&](const auto& note, std::uint32_t first) -> Outcome {
    if (!note) return {};
    if (auto done = note(Unit{.transaction = false, .first = first, .last = next_ + 1, .locked = true});
        !done)
      return std::unexpected(Failed{.error = done.error()});
    return {};
  };
  if (unit.lock && next_ == unit.first)
    if (auto locked = run_in_quiet_moment(*unit.lock); !locked) return locked;
  for (; next_ < unit.last; ++next_) {
    if (auto done = noted(record.one_begun, next_); !done) return done;
    const auto kind = plan_.statements[next_].kind;
    const bool takes = kind == sql::ScriptStatementKind::lock;
    if (auto done = takes ? run_in_quiet_moment(next_) : run_statement(next_); !done) return done;
    // Changes of rows may wait for a commit, which is at the next change of a definition.
    if (kind != sql::ScriptStatementKind::apart && !takes) continue;
    if (auto done = noted(record.one_finished, std::exchange(noted_, next_ + 1)); !done) return done;
  }
  ran_ = true;
  return {};
}

Runner::Outcome Runner::apart(const Unit& unit, const UnitRecord& record) {
  if (unit.locked && !ran_)
    if (auto done = under_locks(unit, record); !done) return done;
  if (record.begun && !ran_)
    if (auto noted = record.begun(); !noted) return std::unexpected(Failed{.error = noted.error()});
  for (std::uint32_t i = unit.first; i < unit.last && !ran_; ++i)
    if (auto done = unit.batch > 0 ? run_batches(unit) : run_in_quiet_moment(i); !done) return done;
  ran_ = true;
  return record.finished ? in_transaction({}, {.finished = record.finished}) : Outcome();
}

Runner::Outcome Runner::run_statement(std::uint32_t number) {
  if (!runs(plan_.statements[number])) return {};
  report(fmt::format("{}: statement {} of {}", migration_.name, number + 1, plan_.statements.size()));
  return execute(number);
}

// Somebody who waits for a table is waited for by all that come later, and where the server then ends one of
// them it is not the migration. When there is no such moment, waiting it is.
Runner::Outcome Runner::run_in_quiet_moment(std::uint32_t number) {
  const auto end = Clock::now() + options_.lock_wait_max / quiet_moment_part;
  const std::string_view text = plan_.statements[number].text(*migration_.text);
  const auto refuses = target_.server().refuse_waits(target_.session, text);
  if (!refuses) return std::unexpected(Failed{.error = refuses.error()});
  Outcome done = run_statement(number);
  if (!*refuses) return done;
  const auto worth_telling = Clock::now() + watch_interval;
  for (bool told = false; !done && lock_timed_out(done.error().error) && Clock::now() < end;) {
    if (!told && Clock::now() > worth_telling) {
      report("looks for a moment in which no transaction uses the table");
      told = true;
    }
    std::this_thread::sleep_for(quiet_moment_pause);
    done = execute(number);
  }
  if (auto set = set_lock_timeout(target_.session, one_wait); done && !set)
    return std::unexpected(Failed{.error = set.error()});
  return done || !lock_timed_out(done.error().error) ? done : execute(number);
}

Runner::Outcome Runner::execute(std::uint32_t number) {
  const sql::ScriptStatement& statement = plan_.statements[number];
  auto done = target_.session.run(statement.text(*migration_.text));
  if (!done) return std::unexpected(Failed{.error = done.error(), .statement = number});
  return {};
}

// A walk may change how long its session waits.
Runner::Outcome Runner::run_batches(const Unit& unit) {
  Outcome done = walk(unit);
  if (auto set = set_lock_timeout(target_.session, one_wait); done && !set)
    return std::unexpected(Failed{.error = set.error()});
  return done;
}

Runner::Outcome Runner::walk(const Unit& unit) {
  const std::string text(plan_.statements[unit.first].text(*migration_.text));
  if (!walk_) {
    auto read = read_batch(target_.engine(), text);
    if (!read) return run_statement(unit.first);  // refused when the plan was made
    walk_ = target_.server().batches({.statement = text, .read = std::move(*read), .rows = unit.batch});
  }
  for (BatchOutcome outcome; !outcome.last;) {
    if (auto done = run_batch(unit, outcome); !done) {
      if (!may_try_again(done.error(), moved_at_ + options_.lock_wait_max) || !walk_->refused()) return done;
      continue;
    }
    walk_->kept(outcome);
    const auto now = Clock::now();
    if (outcome.moved) moved_at_ = now;
    rows_changed_ += outcome.changed;
    if (!outcome.last && now - told_at_ < watch_interval) continue;
    told_at_ = now;
    report(fmt::format("{}: statement {} of {}: {} rows, {:.0f} % of the table", migration_.name,
                       unit.first + 1, plan_.statements.size(), rows_changed_, outcome.share * 100));
  }
  return {};
}

Runner::Outcome Runner::run_batch(const Unit& unit, BatchOutcome& outcome) {
  const auto failed = [&](sql::DatabaseError error) {
    target_.session.roll_back();
    return std::unexpected(Failed{.error = std::move(error), .statement = unit.first});
  };
  if (auto begun = walk_->begin(target_.session); !begun) return failed(begun.error());
  auto done = walk_->next(target_.session);
  if (!done) return failed(done.error());
  if (done->unchanged_condition > 0)
    return failed(
        {.message = fmt::format("{} rows that it changed match its WHERE still, so that its batches would "
                                "come to no end",
                                done->unchanged_condition),
         .hint = "write a WHERE that holds for no row that is done (SET a = b WHERE a IS NULL AND b IS "
                 "NOT NULL); what this batch changed was rolled back"});
  if (auto ended = target_.session.commit(); !ended) return failed(ended.error());
  outcome = *done;
  return {};
}

base::Result<void> Runner::run_settings(std::uint32_t end) {
  for (std::uint32_t i = 0; i < end; ++i) {
    if (plan_.statements[i].kind != sql::ScriptStatementKind::setting) continue;
    if (auto done = run_statement(i); !done)
      return std::unexpected(explain_failure({.first = i, .last = i + 1}, done.error()));
  }
  return {};
}

base::Error Runner::explain_failure(const Unit& unit, const Failed& failed) const {
  const sql::DatabaseError& error = failed.error;
  const bool not_the_script = plan_.statements.empty() || error.failure == sql::Failure::connection_lost;
  if (!failed.statement && not_the_script) return explain(target_.session, error);
  // A deferred constraint fails at the commit, which belongs to the unit's last statement.
  const std::uint32_t number = failed.statement.value_or(std::max(unit.last, 1U) - 1);
  const std::string_view script = *migration_.text;
  const sql::ScriptStatement& statement = plan_.statements[number];
  std::size_t at = statement.begin;
  if (failed.statement) at += target_.server().place_of(error, statement.text(script));
  const sql::ScriptPlace place = sql::place_in(script, std::min<std::size_t>(at, statement.end));
  std::string why = database_words(error);
  if (lock_timed_out(error) && !blockers_.empty())
    why += fmt::format("; it waited for {}", to_string(blockers_.front()));
  return {.code = base::code::migration_failed,
          .message = fmt::format("The migration {} failed at statement {} of {}: {}", migration_.name,
                                 number + 1, plan_.statements.size(), why),
          .help = error.hint,
          .place = fmt::format("{}:{}:{}", migration_.file.string(), place.line, place.column)};
}

}  // namespace tenon::migrate
