#include "migrate/apply.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/terminal.h"
#include "migrate/lock.h"
#include "migrate/runner.h"

namespace tenon::migrate {

namespace {

// In the logs of a failed row: whoever reads them, Tenon included, knows that nothing remained.
constexpr std::string_view rolled_back_note = "Nothing of this migration was applied: it was rolled back.";

base::Result<RunPlan> plan_of(const Target& target, const Migration& migration, std::uint32_t from = 0) {
  auto plan = plan_run(*migration.text, split_script(target.engine(), *migration.text), from);
  if (!plan) plan.error().place = fmt::format("{}:{}", migration.file.string(), plan.error().place);
  return plan;
}

base::Result<void> as_result(const Target& target, const sql::DatabaseResult<void>& done) {
  if (!done) return std::unexpected(explain(target.session, done.error()));
  return {};
}

// Several statements of ours, or none.
base::Result<void> together(Target& target, const std::function<sql::DatabaseResult<void>()>& work) {
  if (auto begun = target.session.begin(); !begun) return as_result(target, begun);
  if (auto done = work(); !done) {
    target.session.roll_back();
    return as_result(target, done);
  }
  return as_result(target, target.session.commit());
}

// A connection that broke is made again, so that the failure can be recorded.
base::Result<void> revive(Target& target) {
  if (!target.session.broken()) return {};
  auto again =
      open_target(target.session.url(),
                  {.purpose = target.purpose, .pooled = target.pooled, .without_lock = target.without_lock});
  if (!again) return std::unexpected(again.error());
  target.session = std::move(again->session);
  return {};
}

std::string logs_of(const base::Error& error, bool rolled_back) {
  std::string logs = base::to_string(error);
  if (rolled_back) logs += fmt::format("{}{}", logs.ends_with('\n') ? "" : "\n", rolled_back_note);
  return logs;
}

// The row of a migration that is one transaction is written only when that has failed. A connection that
// broke on the way leaves it open what happened, and the history tells: nothing is added.
base::Error note_atomic_failure(Target& target, const Migration& migration, base::Error error) {
  if (error.code != base::code::migration_failed || target.session.broken()) return error;
  const auto noted = together(target, [&]() -> sql::DatabaseResult<void> {
    const auto id = record_start(target, migration.name, checksum(*migration.text));
    if (!id) return std::unexpected(id.error());
    return record_failure(target, *id, logs_of(error, true));
  });
  error.help +=
      fmt::format("{}nothing of it was applied; correct the script, then: tenon migrate deploy --resume",
                  error.help.empty() ? "" : "\n");
  if (!noted) error.help += fmt::format("\n(the failure could not be recorded: {})", noted.error().message);
  return error;
}

// Behind a pooler only this tells that somebody else was faster.
sql::DatabaseResult<bool> is_applied(Target& target, const std::string& name) {
  const auto history = read_history(target);
  if (!history) return std::unexpected(sql::DatabaseError{.message = history.error().message});
  return *history && std::ranges::any_of(
                         **history, [&](const HistoryRow& row) { return row.name == name && row.applied(); });
}

base::Result<void> apply_atomic(Target& target, const Migration& migration, const RunPlan& plan,
                                const ApplyOptions& options) {
  bool by_another = false;
  const UnitRecord record{
      .begun = [&]() -> sql::DatabaseResult<void> {
        if (auto locked = take_lock_in_transaction(target); !locked) return locked;
        if (!target.pooled) return {};
        const auto applied = is_applied(target, migration.name);
        if (!applied) return std::unexpected(applied.error());
        by_another = *applied;
        if (by_another) return std::unexpected(sql::DatabaseError{.message = "it has just been applied"});
        return {};
      },
      .finished = [&]() -> sql::DatabaseResult<void> {
        const auto id = record_start(target, migration.name, checksum(*migration.text));
        if (!id) return std::unexpected(id.error());
        return record_success(target, *id);
      }};
  const Unit unit = plan.units.empty() ? Unit{} : plan.units.front();
  auto done = Runner(target, migration, plan, options).run(unit, record);
  if (!done && !by_another)
    return std::unexpected(note_atomic_failure(target, migration, std::move(done.error())));
  return {};
}

base::Error note_failure(Target& target, const std::string& id, base::Error error) {
  if (error.code != base::code::migration_failed) return error;
  if (auto revived = revive(target); revived) {
    const auto noted = as_result(target, record_failure(target, id, logs_of(error, false)));
    if (!noted) error.help += fmt::format("\n(the failure could not be recorded: {})", noted.error().message);
  }
  error.help += fmt::format(
      "{}what is before this statement is applied; correct the rest, then: "
      "tenon migrate deploy --resume",
      error.help.empty() ? "" : "\n");
  return error;
}

sql::DatabaseResult<void> complete(Target& target, const Migration& migration, const std::string& id) {
  if (auto erased = erase_journal(target, migration.name); !erased) return erased;
  return record_success(target, id);
}

// With what the statement's object looks like before it, where that will tell.
sql::DatabaseResult<void> note_beginning(Target& target, const Migration& migration, const RunPlan& plan,
                                         const Unit& unit) {
  const sql::ScriptObject& object = plan.statements[unit.first].object;
  return journal_begun(target, migration.name, unit, target.server().look_of(target.session, object));
}

// The units of a plan whose history row and journal are written.
base::Result<void> run_units(Target& target, const Migration& migration, const RunPlan& plan,
                             const std::string& id, const ApplyOptions& options) {
  if (plan.units.empty()) return together(target, [&] { return complete(target, migration, id); });
  Runner runner(target, migration, plan, options);
  for (const Unit& unit : plan.units) {
    const bool is_last = &unit == &plan.units.back();
    const UnitRecord record{.begun =
                                [&] {
                                  return unit.transaction ? take_lock_in_transaction(target)
                                                          : note_beginning(target, migration, plan, unit);
                                },
                            .finished =
                                [&] {
                                  return is_last ? complete(target, migration, id)
                                                 : journal_finished(target, migration.name, unit);
                                }};
    if (auto done = runner.run(unit, record); !done)
      return std::unexpected(note_failure(target, id, std::move(done.error())));
  }
  return {};
}

// `finished` statements are done already; rows of the name that failed are replaced.
base::Result<void> apply_in_steps(Target& target, const Migration& migration, const RunPlan& plan,
                                  std::uint32_t finished, const ApplyOptions& options) {
  if (auto made = create_journal(target); !made) return made;
  std::string id;
  const auto started = together(target, [&]() -> sql::DatabaseResult<void> {
    if (auto replaced = record_roll_back(target, migration.name); !replaced) return replaced;
    auto row = record_start(target, migration.name, checksum(*migration.text));
    if (!row) return std::unexpected(row.error());
    id = std::move(*row);
    return write_journal(target, migration.name, *migration.text, plan, finished);
  });
  if (!started) return started;
  return run_units(target, migration, plan, id, options);
}

std::string first_line(std::string_view text) {
  return base::printable(text.substr(0, std::min<std::size_t>(text.find('\n'), 80)));
}

void point_at(Interruption& found, const Migration& migration,
              const std::vector<sql::ScriptStatement>& statements) {
  if (!migration.text || found.statement >= statements.size()) return;
  const sql::ScriptStatement& statement = statements[found.statement];
  const sql::ScriptPlace place = sql::place_in(*migration.text, statement.begin);
  found.place = fmt::format("{}:{}:{}", migration.file.string(), place.line, place.column);
  found.text = first_line(statement.text(*migration.text));
}

// Of the object of a statement in doubt; another text may be about another object.
std::string look_before(const JournalStep& step, std::string_view text) {
  return checksum(text) == step.checksum ? step.look_before : "";
}

// What the database shows of a statement in doubt.
std::string_view seen_of(Effect effect) {
  switch (effect) {
    case Effect::done:
      return ": it took effect";
    case Effect::nothing:
      return ": it has not taken effect";
    case Effect::half:
      return ": what it made is not complete";
    case Effect::unknown:
      break;
  }
  return "";
}

}  // namespace

base::Result<void> apply_migration(Target& target, const Migration& migration, const ApplyOptions& options) {
  const auto plan = plan_of(target, migration);
  if (!plan) return std::unexpected(plan.error());
  auto applied = plan->atomic() ? apply_atomic(target, migration, *plan, options)
                                : apply_in_steps(target, migration, *plan, 0, options);
  if (!applied) return applied;
  return reset_session(target);
}

base::Result<Interruption> examine(Target& target, const Migration& migration, const HistoryRow& row) {
  const auto journal = read_journal(target, migration.name);
  if (!journal) return std::unexpected(journal.error());
  const auto statements =
      migration.text ? split_script(target.engine(), *migration.text) : std::vector<sql::ScriptStatement>();
  Interruption found{.failed = row.logs && !row.logs->empty(),
                     .statements = static_cast<std::uint32_t>(statements.size())};
  if (journal->empty()) {
    if (row.logs && row.logs->find(rolled_back_note) != std::string::npos)
      found.certainty = Interruption::Certainty::nothing_applied;
    return found;
  }
  const Progressed came = progressed(*journal);
  found.certainty = came.in_doubt ? Interruption::Certainty::in_doubt : Interruption::Certainty::stopped_at;
  found.statement = came.in_doubt.value_or(came.finished);
  found.statements = static_cast<std::uint32_t>(journal->size());
  point_at(found, migration, statements);
  if (!came.in_doubt || found.statement >= statements.size()) return found;
  const sql::ScriptStatement& doubtful = statements[found.statement];
  const auto effect = effect_of(target, doubtful.object,
                                look_before((*journal)[found.statement], doubtful.text(*migration.text)));
  if (!effect) return std::unexpected(effect.error());
  found.effect = *effect;
  return found;
}

std::string to_string(const Interruption& interruption) {
  const std::string done =
      interruption.statement == 0
          ? std::string("No statement is done")
          : fmt::format("{} of {} statements are done", interruption.statement, interruption.statements);
  const std::string next = interruption.text.empty()
                               ? fmt::format("statement {}", interruption.statement + 1)
                               : fmt::format("statement {} ({}: {})", interruption.statement + 1,
                                             interruption.place, interruption.text);
  switch (interruption.certainty) {
    case Interruption::Certainty::nothing_applied:
      return "Nothing of it was applied: it was rolled back.";
    case Interruption::Certainty::stopped_at:
      if (interruption.statement == 0) return "No statement of it is done.";
      if (interruption.statement >= interruption.statements) return "All of its statements are done.";
      return fmt::format("{}; {} and what follows is not.", done, next);
    case Interruption::Certainty::in_doubt:
      if (interruption.failed) return fmt::format("{}; {} failed.", done, next);
      return fmt::format("{}; {} had begun, and its end was not seen{}.", done, next,
                         seen_of(interruption.effect));
    case Interruption::Certainty::unknown:
      break;
  }
  return "How much of it was applied is not known.";
}

base::Result<void> resume_migration(Target& target, const Migration& migration, const HistoryRow& row,
                                    const ApplyOptions& options) {
  const auto journal = read_journal(target, migration.name);
  if (!journal) return std::unexpected(journal.error());
  const auto state = examine(target, migration, row);
  if (!state) return std::unexpected(state.error());
  if (state->certainty == Interruption::Certainty::unknown)
    return base::fail(base::code::resume_impossible,
                      fmt::format("How much of {} was applied is not known.", migration.name),
                      fmt::format("look at the database, then: tenon migrate resolve --applied {0}, or "
                                  "--rolled-back {0}",
                                  migration.name));
  auto statements = split_script(target.engine(), *migration.text);
  if (const auto changed = changed_since(*journal, *migration.text, statements))
    return base::fail(
        base::code::resume_impossible,
        fmt::format("Statement {} of {} is done, and reads otherwise now.", *changed + 1, migration.name),
        "bring it back to what it was; only statements that are not done may be corrected",
        migration.file.string());
  std::uint32_t finished = progressed(*journal).finished;
  auto plan = plan_of(target, migration, finished);
  if (!plan) return std::unexpected(plan.error());
  if (auto set = Runner(target, migration, *plan, options).run_settings(finished); !set) return set;
  if (state->certainty == Interruption::Certainty::in_doubt && state->statement < statements.size()) {
    const sql::ScriptStatement& doubtful = statements[state->statement];
    const auto effect = settle(target, doubtful.object,
                               look_before((*journal)[state->statement], doubtful.text(*migration.text)));
    if (!effect) return std::unexpected(effect.error());
    if (*effect == Effect::done) plan = plan_of(target, migration, finished = state->statement + 1);
  }
  if (journal->empty() && plan->atomic()) {
    const auto replaced = record_roll_back(target, migration.name);
    if (!replaced) return as_result(target, replaced);
    if (auto applied = apply_atomic(target, migration, *plan, options); !applied) return applied;
  } else if (auto applied = apply_in_steps(target, migration, *plan, finished, options); !applied) {
    return applied;
  }
  return reset_session(target);
}

base::Result<void> run_script(Target& target, const Migration& script, const ApplyOptions& options) {
  const auto plan = plan_of(target, script);
  if (!plan) return std::unexpected(plan.error());
  Runner runner(target, script, *plan, options);
  for (const Unit& unit : plan->units)
    if (auto done = runner.run(unit, {}); !done) return done;
  return reset_session(target);
}

}  // namespace tenon::migrate
