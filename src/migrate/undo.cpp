#include "migrate/undo.h"

#include <fmt/format.h>

#include "migrate/lock.h"
#include "migrate/runner.h"
#include "sql/fragment.h"

namespace tenon::migrate {

namespace {

base::Result<RunPlan> plan_of(const Target& target, const Migration& down) {
  auto plan = plan_run(*down.text, split_script(target.engine(), *down.text));
  if (!plan) plan.error().place = fmt::format("{}:{}", down.file.string(), plan.error().place);
  return plan;
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

base::Result<void> undo_migration(Target& target, const Migration& down, const std::string& name,
                                  const ApplyOptions& options) {
  auto plan = plan_of(target, down);
  if (!plan) return std::unexpected(plan.error());
  if (plan->units.empty()) plan->units.push_back({});
  Runner runner(target, down, *plan, options);
  for (const Unit& unit : plan->units) {
    UnitRecord record;
    if (unit.transaction) record.begun = [&] { return take_lock_in_transaction(target); };
    if (&unit == &plan->units.back()) record.finished = [&] { return record_undone(target, name); };
    if (auto done = runner.run(unit, record); !done) return done;
  }
  return reset_session(target);
}

}  // namespace tenon::migrate
