#include "migrate/undo.h"

#include "base/file.h"
#include "base/limits.h"
#include "migrate/course.h"
#include "migrate/lock.h"
#include "migrate/runner.h"
#include "sql/fragment.h"

namespace tenon::migrate {

namespace {

Course course_back(Target& target, const Migration& down) {
  return {.script = down,
          .journal = way_back_journal(down.name),
          .done = "undone",
          .goes_on = "tenon migrate down --resume",
          .begun = [&]() -> sql::DatabaseResult<std::string> {
            if (auto undone = record_undone(target, down.name); !undone)
              return std::unexpected(undone.error());
            if (auto replaced = record_roll_back(target, down.name); !replaced)
              return std::unexpected(replaced.error());
            return record_start(target, down.name, checksum(*down.text));
          },
          .ended = [&](const std::string&) { return record_roll_back(target, down.name); }};
}

base::Result<void> undo_at_once(Target& target, const Migration& down, const RunPlan& plan,
                                const ApplyOptions& options) {
  const UnitRecord record{.begun = [&] { return take_lock_in_transaction(target); },
                          .finished = [&] { return record_undone(target, down.name); }};
  const Unit unit = plan.units.empty() ? Unit{} : plan.units.front();
  return Runner(target, down, plan, options).run(unit, record);
}

}  // namespace

sql::DatabaseResult<void> record_undone(Target& target, const std::string& name) {
  const bool mysql = target.engine() == catalog::Engine::mysql;
  sql::Text text = text_for(target.engine());
  (text << "UPDATE ").qualified(target.schema, "_prisma_migrations");
  text << " SET rolled_back_at = " << (mysql ? sql::Literal("UTC_TIMESTAMP(3)") : sql::Literal("now()"));
  (text << " WHERE migration_name = ").parameter(0);
  text << " AND finished_at IS NOT NULL AND rolled_back_at IS NULL";
  auto done = target.session.query(text.take(), {name});
  if (!done) return std::unexpected(done.error());
  return {};
}

base::Result<Migration> read_way_back(const Migration& migration) {
  Migration down{.name = migration.name, .file = migration.file.parent_path() / "down.sql"};
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(down.file, ignored)) return down;
  auto text = base::read_file(down.file, base::migration_bytes_max);
  if (!text) return std::unexpected(text.error());
  down.text = std::move(*text);
  return down;
}

std::string way_back_journal(const std::string& migration) { return migration + "/down.sql"; }

base::Result<void> undo_migration(Target& target, const Migration& down, const ApplyOptions& options) {
  const auto plan = plan_of(target, down);
  if (!plan) return std::unexpected(plan.error());
  auto undone = plan->atomic() ? undo_at_once(target, down, *plan, options)
                               : run_course(target, course_back(target, down), *plan, 0, options);
  if (!undone) return undone;
  return reset_session(target);
}

base::Result<void> resume_undo(Target& target, const Migration& down, const ApplyOptions& options) {
  const auto journal = read_journal(target, way_back_journal(down.name));
  if (!journal) return std::unexpected(journal.error());
  if (auto done = resume_course(target, course_back(target, down), *journal, options); !done) return done;
  return reset_session(target);
}

}  // namespace tenon::migrate
