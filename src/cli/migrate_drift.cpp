#include "cli/migrate_drift.h"

#include "migrate/diff.h"
#include "migrate/render.h"
#include "migrate/summary.h"

namespace tenon::cli {

base::Result<Drift> find_drift(const MigrateProject& project, const MigrateOptions& options,
                               const migrate::Folder& folder, const migrate::State& state,
                               base::Progress& progress) {
  std::vector<const migrate::Migration*> applied;
  for (const migrate::MigrationState* each : state.of(migrate::MigrationState::Kind::applied))
    applied.push_back(folder.find(each->name));
  migrate::DatabaseObjects recorded_objects;
  auto recorded = replay(project, options, applied, progress, &recorded_objects);
  if (!recorded) return std::unexpected(recorded.error());
  progress.step("reading the database");
  const auto live = read_live(project);
  if (!live) return std::unexpected(live.error());
  const auto objects = read_objects(project, project.url);
  if (!objects) return std::unexpected(objects.error());
  Drift drift{.objects = migrate::compare_objects({.before = &recorded_objects, .after = &*objects})};
  const auto difference =
      migrate::diff({.before = &*recorded, .after = &*live},
                    {.origins = {.before = migrate::Origin::database, .after = migrate::Origin::database},
                     .default_schema = project.default_schema()});
  if (!difference.empty()) {
    drift.summary = migrate::summary(difference);
    drift.script = migrate::to_text(migrate::render(difference));
  }
  drift.recorded = std::move(*recorded);
  return drift;
}

}  // namespace tenon::cli
