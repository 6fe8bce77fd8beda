// tenon migrate reset: an empty database, and all migrations again.

#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_run.h"

namespace tenon::cli {

namespace {

struct ResetOptions : MigrateOptions {
  bool force = false;
};

Exit reset(Context& context, const ResetOptions& options) {
  const auto project = open_migrate_project(context, options, {});
  if (!project) return fail(context, project.error());
  const auto folder = open_folder(*project);
  if (!folder) return fail_migration(context, folder.error());
  if (!options.force) {
    const auto answer =
        ask(context, fmt::format("All data of {} will be lost. Go on?", project->url.target()));
    if (!answer)
      return fail_usage(context, "tenon migrate reset removes all data of the database.",
                        "say so with --force");
    if (!*answer) return Exit::stopped;
  }
  base::Progress progress(context.err, context.err_terminal);
  auto target = open_locked(*project, "tenon migrate reset", progress);
  if (!target) return fail(context, target.error());
  progress.step(fmt::format("emptying {}", target->name()));
  if (auto cleared = migrate::clear_schemas(*target, project->schemas); !cleared)
    return fail(context, {.code = base::code::reset_failed,
                          .message = "The database cannot be emptied: " + cleared.error().message,
                          .help = cleared.error().help});
  const auto state = open_history(*project, *target, *folder);
  if (!state) return fail(context, state.error());
  const AppliedRun run = apply_pending(*project, *target, *folder, *state, progress);
  context.out << applied_text(run.names, context.out_terminal.colour);
  if (run.error) return fail_migration(context, *run.error);
  context.out << fmt::format("{} is as its migrations make it.\n", target->name());
  return Exit::ok;
}

}  // namespace

void add_migrate_reset_command(CLI::App& migrate, Context& context) {
  CLI::App* command = migrate.add_subcommand("reset", "Throw all data away, and apply all migrations again");
  auto options = std::make_shared<ResetOptions>();
  add_database_option(*command, *options);
  add_migrations_option(*command, *options);
  add_lock_option(*command, *options);
  command->add_flag("-f,--force", options->force, "Do not ask");
  command->footer("tenon migrate reset --force && tenon db seed");
  command->callback([&context, options] { context.exit = reset(context, *options); });
}

}  // namespace tenon::cli
