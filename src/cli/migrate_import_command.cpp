// tenon migrate import: goes on where another migration tool stopped.

#include <algorithm>
#include <chrono>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_project.h"
#include "migrate/diff.h"
#include "migrate/import.h"
#include "migrate/render.h"

namespace tenon::cli {

namespace {

using migrate::ImportedMigration;
using migrate::Migrator;

struct ImportOptions : MigrateOptions {
  std::string from;
  std::string path;
};

// Where each tool looks for its files, unless told otherwise.
base::Result<std::filesystem::path> folder_of(const Context& context, const ImportOptions& options,
                                              Migrator migrator) {
  if (!options.path.empty()) return (context.start_folder / options.path).lexically_normal();
  const std::vector<std::string> usual =
      migrator == Migrator::flyway ? std::vector<std::string>{"sql", "src/main/resources/db/migration"}
                                   : std::vector<std::string>{"db/migrations"};
  for (const std::string& each : usual)
    if (std::filesystem::is_directory(context.start_folder / each)) return context.start_folder / each;
  return base::fail(base::code::file_unreadable,
                    fmt::format("There is no folder {} with migrations of {}.", usual.front(), options.from),
                    fmt::format("name it: tenon migrate import --from {} PATH", options.from));
}

// What is there, as one migration: a tool whose migrations are programs has no scripts to take over.
base::Result<std::vector<ImportedMigration>> baseline(const MigrateProject& project,
                                                      const std::string& version) {
  const auto live = read_live(project);
  if (!live) return std::unexpected(live.error());
  catalog::Catalog nothing;
  nothing.engine = live->engine;
  const auto difference =
      migrate::diff({.before = &nothing, .after = &*live},
                    {.origins = {.before = migrate::Origin::database, .after = migrate::Origin::database},
                     .default_schema = project.default_schema()});
  return std::vector<ImportedMigration>{
      {.version = version,
       .name = migrate::migration_name(std::chrono::system_clock::now(), "baseline"),
       .text = migrate::to_text(migrate::render(difference))}};
}

base::Result<std::vector<ImportedMigration>> read_theirs(const Context& context, const ImportOptions& options,
                                                         const MigrateProject& project, Migrator migrator,
                                                         const std::vector<std::string>& versions) {
  if (migrator == Migrator::alembic) {
    if (versions.empty())
      return base::fail(base::code::database_empty,
                        "The database has no table alembic_version with a revision.",
                        "alembic upgrade head, then import what is there");
    return baseline(project, versions.front());
  }
  const auto folder = folder_of(context, options, migrator);
  if (!folder) return std::unexpected(folder.error());
  auto read = migrate::read_migrations_of(migrator, *folder);
  if (read && read->empty())
    return base::fail(base::code::file_unreadable,
                      fmt::format("There are no migrations in {}.", folder->string()));
  return read;
}

struct Taken {
  std::vector<migrate::Migration> migrations;
  std::size_t applied = 0;
};

bool is_applied(const ImportedMigration& migration, Migrator migrator,
                const std::vector<std::string>& versions) {
  return std::ranges::any_of(versions, [&](const std::string& version) {
    return migrator == Migrator::flyway
               ? !migrate::flyway_before(version, migration.version) &&
                     !migrate::flyway_before(migration.version, version) && !migration.version.empty()
               : version == migration.version;
  });
}

base::Result<Taken> take_over(const MigrateProject& project, migrate::Target& target,
                              const migrate::Folder& folder, Migrator migrator,
                              const std::vector<ImportedMigration>& theirs,
                              const std::vector<std::string>& versions) {
  Taken taken;
  for (const ImportedMigration& each : theirs) {
    auto written = migrate::write_migration(folder, each.name, each.text, project.url.engine);
    if (!written) return std::unexpected(written.error());
    if (!each.down.empty())
      if (auto down = base::write_file(written->file.parent_path() / "down.sql", each.down); !down)
        return std::unexpected(down.error());
    if (is_applied(each, migrator, versions)) {
      const auto recorded = migrate::record_applied(target, each.name, migrate::checksum(each.text));
      if (!recorded) return std::unexpected(explain(target.session, recorded.error()));
      ++taken.applied;
    }
    taken.migrations.push_back(std::move(*written));
  }
  return taken;
}

Exit import(Context& context, const ImportOptions& options) {
  const auto migrator = migrate::migrator_named(options.from);
  if (!migrator)
    return fail_usage(context, "tenon migrate import takes --from alembic, flyway or dbmate.",
                      "tenon migrate import --from dbmate db/migrations");
  const auto project = open_migrate_project(context, options, {});
  if (!project) return fail(context, project.error());
  const auto folder = open_folder(*project);
  if (!folder) return fail_migration(context, folder.error());
  if (!folder->migrations.empty())
    return fail(context,
                {.code = base::code::usage_invalid,
                 .message = fmt::format("{} has migrations already.", shown_path(context, folder->path)),
                 .help = "import into an empty folder: --migrations FOLDER"});
  base::Progress progress(context.err, context.err_terminal);
  auto target = open_locked(*project, "tenon migrate import", progress);
  if (!target) return fail(context, target.error());
  const auto history = migrate::read_history(*target);
  if (!history) return fail(context, history.error());
  const auto is_ours = [](const migrate::HistoryRow& row) {
    return !row.name.starts_with(migrate::guest_prefix);
  };
  if (*history && std::ranges::any_of(**history, is_ours))
    return fail(context, {.code = base::code::migration_already_applied,
                          .message = fmt::format("{} has a history of its own already.", target->name())});
  const auto versions = migrate::versions_of(*migrator, *target);
  if (!versions) return fail(context, versions.error());
  const std::vector<std::string> applied = versions->value_or(std::vector<std::string>());
  const auto theirs = read_theirs(context, options, *project, *migrator, applied);
  if (!theirs) return fail(context, theirs.error());
  if (!*history)
    if (auto made = migrate::create_history(*target); !made) return fail(context, made.error());
  const auto taken = take_over(*project, *target, *folder, *migrator, *theirs, applied);
  if (!taken) return fail(context, taken.error());
  progress.finish();
  context.out << fmt::format("{} in {}; {} recorded as applied to {}.\n",
                             number_of(taken->migrations.size(), "migration"),
                             shown_path(context, folder->path), taken->applied, target->name());
  return Exit::ok;
}

}  // namespace

void add_migrate_import_command(CLI::App& migrate, Context& context) {
  CLI::App* command = migrate.add_subcommand("import", "Go on where another migration tool stopped");
  auto options = std::make_shared<ImportOptions>();
  command->add_option("--from", options->from, "alembic, flyway or dbmate")->type_name("TOOL")->required();
  command->add_option("path", options->path, "The folder of its migrations; its usual one unless given")
      ->type_name("PATH");
  add_database_option(*command, *options);
  add_migrations_option(*command, *options);
  add_lock_option(*command, *options);
  command->footer(
      "tenon migrate import --from dbmate\n"
      "tenon migrate import --from flyway src/main/resources/db/migration\n"
      "tenon migrate import --from alembic # what is there becomes the baseline");
  command->callback([&context, options] { context.exit = import(context, *options); });
}

}  // namespace tenon::cli
