#include "migrate/course.h"

#include <optional>

#include <fmt/format.h>

#include "migrate/lock.h"
#include "migrate/runner.h"

namespace tenon::migrate {

namespace {

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

base::Error note_failure(Target& target, const Course& course, const std::string& id, base::Error error) {
  if (error.code != base::code::migration_failed) return error;
  if (auto revived = revive(target); revived) {
    const auto noted = as_result(target, record_failure(target, id, base::to_string(error)));
    if (!noted) error.help += fmt::format("\n(the failure could not be recorded: {})", noted.error().message);
  }
  error.help += fmt::format("{}what is before this statement is {}; correct the rest, then: {}",
                            error.help.empty() ? "" : "\n", course.done, course.goes_on);
  return error;
}

sql::DatabaseResult<void> complete(Target& target, const Course& course, const std::string& id) {
  if (auto erased = erase_journal(target, course.journal); !erased) return erased;
  return course.ended(id);
}

// With what the statement's object looks like before it, where that will tell.
sql::DatabaseResult<void> note_beginning(Target& target, Target& notes, const Course& course,
                                         const RunPlan& plan, const Unit& unit) {
  const sql::ScriptObject& object = plan.statements[unit.first].object;
  return journal_begun(notes, course.journal, unit, target.server().look_of(target.session, object));
}

// Another session of the same database, for notes while the first holds locks.
base::Result<Target> beside(const Target& target) {
  return open_target(target.session.url(),
                     {.purpose = target.purpose, .pooled = target.pooled, .without_lock = true});
}

// The units of a plan whose history row and journal are written.
base::Result<void> run_units(Target& target, const Course& course, const RunPlan& plan, const std::string& id,
                             const ApplyOptions& options) {
  if (plan.units.empty()) return together(target, [&] { return complete(target, course, id); });
  Runner runner(target, course.script, plan, options);
  std::optional<Target> notes;
  for (const Unit& unit : plan.units) {
    const bool is_last = &unit == &plan.units.back();
    if (unit.locked && !notes) {
      auto opened = beside(target);
      if (!opened) return std::unexpected(std::move(opened.error()));
      notes = std::move(*opened);
    }
    const UnitRecord record{
        .begun =
            [&] {
              return unit.transaction ? take_lock_in_transaction(target)
                                      : note_beginning(target, target, course, plan, unit);
            },
        .finished =
            [&] {
              return is_last ? complete(target, course, id) : journal_finished(target, course.journal, unit);
            },
        .one_begun =
            [&](const Unit& statement) { return note_beginning(target, *notes, course, plan, statement); },
        .one_finished =
            [&](const Unit& statements) { return journal_finished(*notes, course.journal, statements); }};
    if (auto done = runner.run(unit, record); !done)
      return std::unexpected(note_failure(target, course, id, std::move(done.error())));
  }
  return {};
}

}  // namespace

base::Result<RunPlan> plan_of(const Target& target, const Migration& script, std::uint32_t from) {
  return plan_of(target, script, split_script(target.engine(), *script.text), from);
}

base::Result<RunPlan> plan_of(const Target& target, const Migration& script,
                              std::vector<sql::ScriptStatement> statements, std::uint32_t from) {
  auto plan = plan_run(target.engine(), *script.text, std::move(statements), from);
  if (!plan) plan.error().place = fmt::format("{}:{}", script.file.string(), plan.error().place);
  return plan;
}

base::Result<void> as_result(const Target& target, const sql::DatabaseResult<void>& done) {
  if (!done) return std::unexpected(explain(target.session, done.error()));
  return {};
}

base::Result<void> together(Target& target, const std::function<sql::DatabaseResult<void>()>& work) {
  if (auto begun = target.session.begin(); !begun) return as_result(target, begun);
  if (auto done = work(); !done) {
    target.session.roll_back();
    return as_result(target, done);
  }
  return as_result(target, target.session.commit());
}

std::string look_before(const JournalStep& step, std::string_view text) {
  return checksum(text) == step.checksum ? step.look_before : "";
}

base::Result<void> run_course(Target& target, const Course& course, const RunPlan& plan,
                              std::uint32_t finished, const ApplyOptions& options) {
  if (auto made = create_journal(target); !made) return made;
  std::string id;
  const auto started = together(target, [&]() -> sql::DatabaseResult<void> {
    auto row = course.begun();
    if (!row) return std::unexpected(row.error());
    id = std::move(*row);
    return write_journal(target, course.journal, *course.script.text, plan, finished);
  });
  if (!started) return started;
  return run_units(target, course, plan, id, options);
}

base::Result<void> resume_course(Target& target, const Course& course,
                                 const std::vector<JournalStep>& journal, const ApplyOptions& options) {
  const Progressed came = progressed(journal);
  std::uint32_t finished = came.finished;
  auto plan = plan_of(target, course.script, finished);
  if (!plan) return std::unexpected(plan.error());
  const std::string& text = *course.script.text;
  if (const auto changed = changed_since(journal, text, plan->statements))
    return base::fail(
        base::code::resume_impossible,
        fmt::format("Statement {} of {} is done, and reads otherwise now.", *changed + 1, course.script.name),
        "bring it back to what it was; only statements that are not done may be corrected",
        course.script.file.string());
  if (auto set = Runner(target, course.script, *plan, options).run_settings(finished); !set) return set;
  if (came.in_doubt && *came.in_doubt < plan->statements.size()) {
    const sql::ScriptStatement& doubtful = plan->statements[*came.in_doubt];
    const auto effect =
        settle(target, doubtful.object, look_before(journal[*came.in_doubt], doubtful.text(text)));
    if (!effect) return std::unexpected(effect.error());
    if (*effect == Effect::done) plan = plan_of(target, course.script, finished = *came.in_doubt + 1);
    if (!plan) return std::unexpected(plan.error());
  }
  return run_course(target, course, *plan, finished, options);
}

}  // namespace tenon::migrate
