// tenon db seed: fills the database, by the project's own command or its seed.sql.

#include <cstring>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_project.h"
#include "cli/shell.h"

namespace tenon::cli {

namespace fs = std::filesystem;

namespace {

// Empty: the project has none.
base::Result<std::string> seed_command(const server::Project& project) {
  if (project.config.seed_command) return project.config.seed_command->text;
  if (!project.prisma.seed) return std::string();
  const auto command = server::resolve(project, *project.prisma.seed);
  if (!command) return std::unexpected(command.error());
  return command->reveal();
}

Exit run_file(Context& context, const MigrateProject& project, const fs::path& file) {
  auto text = base::read_file(file, base::migration_bytes_max);
  if (!text) return fail(context, text.error());
  auto target = migrate::open_target(project.url, {.purpose = "tenon db seed"});
  if (!target) return fail(context, target.error());
  base::Progress progress(context.err, context.err_terminal);
  const migrate::Migration script{.name = "seed.sql", .file = file, .text = std::move(*text)};
  if (auto done = migrate::run_script(*target, script, apply_options(project, progress)); !done) {
    base::Error error = done.error();
    error.code = base::code::seed_failed;
    return fail_migration(context, error);
  }
  progress.finish();
  context.out << fmt::format("{} is filled from {}.\n", target->name(), shown_path(context, file));
  return Exit::ok;
}

Exit seed(Context& context, const MigrateOptions& options) {
  const auto project = open_migrate_project(context, options, {});
  if (!project) return fail(context, project.error());
  const auto command = seed_command(project->project);
  if (!command) return fail(context, command.error());
  if (command->empty()) {
    const fs::path file = project->migrations.parent_path() / "seed.sql";
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored)) return run_file(context, *project, file);
    return fail(context,
                {.code = base::code::seed_failed,
                 .message = fmt::format("The project does not say how to fill its database: there is no {}.",
                                        shown_path(context, file)),
                 .help = "write that file, or name a command: [migrations] seed = \"…\" in tenon.toml"});
  }
  context.err << fmt::format("running: {}\n", base::printable(*command)) << std::flush;
  context.out << std::flush;
  const int code = run_by_shell(*command, project->project.folder, url_text(project->url));
  if (code == 0) return Exit::ok;
  return fail(context, {.code = base::code::seed_failed,
                        .message = fmt::format("The seed command ended with {}.", code)});
}

}  // namespace

void add_db_seed_command(CLI::App& db, Context& context) {
  CLI::App* command =
      db.add_subcommand("seed", "Fill the database: the project's seed command, or its seed.sql");
  auto options = std::make_shared<MigrateOptions>();
  add_database_option(*command, *options);
  command->footer("tenon migrate reset --force && tenon db seed");
  command->callback([&context, options] { context.exit = seed(context, *options); });
}

}  // namespace tenon::cli
