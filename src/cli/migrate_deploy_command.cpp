// tenon migrate deploy: applies what is pending.

#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_lint.h"
#include "cli/migrate_run.h"
#include "cli/migrate_with.h"

namespace tenon::cli {

namespace {

using Kind = migrate::MigrationState::Kind;

struct DeployOptions : MigrateOptions {
  bool resume = false;
  bool strict = false;
  std::string with;  // another tool
  std::string command;
};

// The migration that failed, and how far it came; nothing when none did.
base::Result<std::optional<Resumed>> find_resumed(const DeployOptions& options, migrate::Target& target,
                                                  const migrate::Folder& folder,
                                                  const migrate::State& state) {
  const auto failed = state.of(Kind::failed);
  if (failed.empty()) return std::nullopt;
  if (!options.resume) return std::unexpected(explain_failed(target, folder, *failed.front()));
  const migrate::Migration* const migration = folder.find(failed.front()->name);
  if (migration == nullptr)
    return base::fail(
        base::code::migration_unknown,
        fmt::format("The migration {}, which failed, is not in the folder.", failed.front()->name),
        "bring it back, or settle it with tenon migrate resolve");
  const auto found = migrate::examine(target, *migration, *failed.front()->row);
  if (!found) return std::unexpected(found.error());
  if (found->way_back) return std::unexpected(explain_failed(target, folder, *failed.front()));
  return Resumed{.migration = migration, .done = found->done()};
}

std::string as_json(const AppliedRun& run, const std::vector<std::string>& warnings) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().key("applied").begin_array();
  for (const std::string& name : run.names) json.string(name);
  json.end_array().key("warnings").begin_array();
  for (const std::string& warning : warnings) json.string(warning);
  json.end_array();
  if (run.error)
    json.key("error")
        .begin_object()
        .member("code", run.error->code.text)
        .member("message", run.error->message)
        .member("place", run.error->place)
        .end_object();
  json.end_object();
  return text + "\n";
}

void warn(Context& context, const std::vector<std::string>& warnings) {
  base::Diagnostics shown;
  for (const std::string& warning : warnings) shown.warning(base::code::history_differs, warning);
  print(context, shown, {});
}

Exit finish(Context& context, const DeployOptions& options, const migrate::Target& target,
            const AppliedRun& run, const std::vector<std::string>& warnings) {
  if (options.json) {
    context.out << as_json(run, warnings);
  } else {
    context.out << applied_text(run.names, context.out_terminal.colour);
    if (!run.error && run.names.empty())
      context.out << fmt::format("Nothing is pending: {} is up to date.\n", target.name());
    if (!run.error && !run.names.empty())
      context.out << fmt::format("{} applied to {}.\n", number_of(run.names.size(), "migration"),
                                 target.name());
  }
  return run.error ? fail_migration(context, *run.error) : Exit::ok;
}

Exit deploy(Context& context, const DeployOptions& options) {
  const auto project = open_migrate_project(context, options, {});
  if (!project) return fail(context, project.error());
  if (!options.with.empty()) return deploy_with(context, *project, options.with, options.command);
  const auto folder = open_folder(*project);
  if (!folder) return fail_migration(context, folder.error());
  base::Progress progress(context.err, context.err_terminal);
  auto target = open_locked(*project, "tenon migrate deploy", progress);
  if (!target) return fail(context, target.error());
  auto state = open_history(*project, *target, *folder);
  if (!state) return fail(context, state.error());
  AppliedRun run;
  const auto resumed = find_resumed(options, *target, *folder, *state);
  if (!resumed) return fail_migration(context, resumed.error());
  const std::vector<std::string> warnings = differences(*state);
  if (options.strict && !warnings.empty())
    return fail(context, {.code = base::code::history_differs,
                          .message = warnings.front(),
                          .help = "without --strict this is a warning"});
  const auto looked_at = check_approved(context, *folder, *state, *target, *resumed);
  if (!looked_at) {
    run.error = looked_at.error();
    return finish(context, options, *target, run, warnings);
  }
  if (*resumed) {
    const migrate::Migration& migration = *(*resumed)->migration;
    auto done = migrate::resume_migration(*target, migration, *state->of(Kind::failed).front()->row,
                                          apply_options(*project, progress));
    if (!done) return fail_migration(context, done.error());
    run.names.push_back(migration.name);
  }
  AppliedRun applied = apply_pending(*project, *target, *folder, *state, progress, looked_at->scripts);
  applied.names.insert(applied.names.begin(), run.names.begin(), run.names.end());
  warn(context, warnings);
  return finish(context, options, *target, applied, warnings);
}

}  // namespace

void add_migrate_deploy_command(CLI::App& migrate, Context& context) {
  CLI::App* command = migrate.add_subcommand("deploy", "Apply what is pending; never asks, never resets");
  auto options = std::make_shared<DeployOptions>();
  add_database_option(*command, *options);
  add_migrations_option(*command, *options);
  add_lock_option(*command, *options);
  command->add_flag("--resume", options->resume, "Go on with the migration that failed or was interrupted");
  command->add_flag("--strict", options->strict,
                    "Refuse when migrations were edited, are missing, or come late; otherwise a warning");
  command
      ->add_option("--with", options->with,
                   "Another tool that migrates: alembic; under the lock and in the history of migrations")
      ->type_name("TOOL");
  command
      ->add_option(
          "--command", options->command,
          "What runs it, in the project's folder with DATABASE_URL; alembic upgrade head unless given")
      ->type_name("COMMAND");
  command->add_flag("--json", options->json, "What was done, as JSON");
  command->footer(
      "tenon migrate deploy --url env:DATABASE_URL\n"
      "tenon migrate deploy --resume           # after the script or the database was corrected\n"
      "tenon migrate deploy --with alembic     # one deployment at a time, recorded\n"
      "tenon migrate deploy --lock-timeout 30s # give up earlier when another deployment runs");
  command->callback([&context, options] { context.exit = deploy(context, *options); });
}

}  // namespace tenon::cli
