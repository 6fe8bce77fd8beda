#include "migrate/apply.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/terminal.h"
#include "migrate/course.h"
#include "migrate/lock.h"
#include "migrate/runner.h"
#include "migrate/undo.h"

namespace tenon::migrate {

namespace {

// In the logs of a failed row: whoever reads them, Tenon included, knows that nothing remained.
constexpr std::string_view rolled_back_note = "Nothing of this migration was applied: it was rolled back.";

// The row of a migration that is one transaction is written only when that has failed. A connection that
// broke on the way leaves it open what happened, and the history tells: nothing is added.
base::Error note_atomic_failure(Target& target, const Migration& migration, base::Error error) {
  if (error.code != base::code::migration_failed || target.session.broken()) return error;
  const auto noted = together(target, [&]() -> sql::DatabaseResult<void> {
    const auto id = record_start(target, migration.name, checksum(*migration.text));
    if (!id) return std::unexpected(id.error());
    std::string logs = base::to_string(error);
    logs += fmt::format("{}{}", logs.ends_with('\n') ? "" : "\n", rolled_back_note);
    return record_failure(target, *id, logs);
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

// Rows of the name that failed are replaced.
Course course_of(Target& target, const Migration& migration) {
  return {.script = migration,
          .journal = migration.name,
          .done = "applied",
          .goes_on = "tenon migrate deploy --resume",
          .begun = [&]() -> sql::DatabaseResult<std::string> {
            if (auto replaced = record_roll_back(target, migration.name); !replaced)
              return std::unexpected(replaced.error());
            return record_start(target, migration.name, checksum(*migration.text));
          },
          .ended = [&](const std::string& id) { return record_success(target, id); }};
}

base::Result<void> apply_plan(Target& target, const Migration& migration, const base::Result<RunPlan>& plan,
                              const ApplyOptions& options) {
  if (!plan) return std::unexpected(plan.error());
  auto applied = plan->atomic() ? apply_atomic(target, migration, *plan, options)
                                : run_course(target, course_of(target, migration), *plan, 0, options);
  if (!applied) return applied;
  return reset_session(target);
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

base::Result<void> apply_migration(Target& target, const Migration& migration, const ApplyOptions& options,
                                   std::optional<std::vector<sql::ScriptStatement>> statements) {
  const auto plan =
      statements ? plan_of(target, migration, *std::move(statements), 0) : plan_of(target, migration);
  return apply_plan(target, migration, plan, options);
}

base::Result<Interruption> examine(Target& target, const Migration& migration, const HistoryRow& row) {
  auto journal = read_journal(target, migration.name);
  if (!journal) return std::unexpected(journal.error());
  Migration script = migration;
  Interruption found{.failed = row.logs && !row.logs->empty()};
  if (journal->empty()) {
    journal = read_journal(target, way_back_journal(migration.name));
    if (!journal) return std::unexpected(journal.error());
    found.way_back = !journal->empty();
    if (found.way_back) script = read_way_back(migration).value_or(Migration{});
  }
  const auto statements =
      script.text ? split_script(target.engine(), *script.text) : std::vector<sql::ScriptStatement>();
  found.statements = static_cast<std::uint32_t>(statements.size());
  if (journal->empty()) {
    if (row.logs && row.logs->find(rolled_back_note) != std::string::npos)
      found.certainty = Interruption::Certainty::nothing_applied;
    return found;
  }
  const Progressed came = progressed(*journal);
  found.certainty = came.in_doubt ? Interruption::Certainty::in_doubt : Interruption::Certainty::stopped_at;
  found.statement = came.in_doubt.value_or(came.finished);
  found.statements = static_cast<std::uint32_t>(journal->size());
  point_at(found, script, statements);
  if (!came.in_doubt || found.statement >= statements.size()) return found;
  const sql::ScriptStatement& doubtful = statements[found.statement];
  const auto effect = effect_of(target, doubtful.object,
                                look_before((*journal)[found.statement], doubtful.text(*script.text)));
  if (!effect) return std::unexpected(effect.error());
  found.effect = *effect;
  return found;
}

std::uint32_t Interruption::done() const {
  if (certainty != Certainty::stopped_at && certainty != Certainty::in_doubt) return 0;
  return statement + (effect == Effect::done ? 1 : 0);
}

std::string to_string(const Interruption& interruption) {
  const std::string_view of_what = interruption.way_back ? " of its way back" : "";
  const std::string done = interruption.statement == 0
                               ? fmt::format("No statement{} is done", of_what)
                               : fmt::format("{} of {} statements{} are done", interruption.statement,
                                             interruption.statements, of_what);
  const std::string next = interruption.text.empty()
                               ? fmt::format("statement {}", interruption.statement + 1)
                               : fmt::format("statement {} ({}: {})", interruption.statement + 1,
                                             interruption.place, interruption.text);
  switch (interruption.certainty) {
    case Interruption::Certainty::nothing_applied:
      return "Nothing of it was applied: it was rolled back.";
    case Interruption::Certainty::stopped_at:
      if (interruption.statement == 0)
        return interruption.way_back ? done + "." : "No statement of it is done.";
      if (interruption.statement >= interruption.statements)
        return fmt::format("All of {} statements are done.",
                           interruption.way_back ? "its way back's" : "its");
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
  if (state->certainty == Interruption::Certainty::unknown || state->way_back)
    return base::fail(base::code::resume_impossible,
                      fmt::format("How much of {} was applied is not known.", migration.name),
                      fmt::format("look at the database, then: tenon migrate resolve --applied {0}, or "
                                  "--rolled-back {0}",
                                  migration.name));
  if (journal->empty()) {
    if (auto replaced = record_roll_back(target, migration.name); !replaced)
      return as_result(target, replaced);
    return apply_plan(target, migration, plan_of(target, migration), options);
  }
  if (auto done = resume_course(target, course_of(target, migration), *journal, options); !done) return done;
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
