// tenon db push: the database becomes what the schema says, without a migration. For sketching.

#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_change.h"

namespace tenon::cli {

namespace {

struct PushOptions : MigrateOptions {
  ChangeOptions change;
  bool accept_data_loss = false;
  bool force_reset = false;
};

// Whether the change may be made, by the rows that are there and what people say.
std::optional<Exit> check_loss(Context& context, const PushOptions& options, migrate::Target& target,
                               const migrate::Difference& difference) {
  const auto findings = check_live(target, difference);
  if (!findings) return fail(context, findings.error());
  if (!findings->unexecutable.empty())
    return fail_migration(context,
                          impossible_change(*findings,
                                            "make it optional or give it a default first; or give all "
                                            "data up: --force-reset"));
  warn_of_loss(context, *findings);
  if (findings->warnings.empty() || options.accept_data_loss) return std::nullopt;
  const auto answer = ask(context, "Change the database all the same?");
  if (!answer)
    return fail(context, {.code = base::code::data_loss,
                          .message = "This would destroy data, and nobody is here to be asked.",
                          .help = "say so with --accept-data-loss"});
  return *answer ? std::nullopt : std::optional(Exit::stopped);
}

Exit push(Context& context, const PushOptions& options) {
  const auto project = open_migrate_project(context, options, {.valid_schema = true, .local = true});
  if (!project) return fail(context, project.error());
  base::Progress progress(context.err, context.err_terminal);
  auto target = open_locked(*project, "tenon db push", progress);
  if (!target) return fail(context, target.error());
  if (options.force_reset) {
    if (!options.accept_data_loss &&
        !ask(context, fmt::format("All data of {} will be lost. Go on?", target->name())).value_or(false))
      return fail_usage(context, "tenon db push --force-reset removes all data.",
                        "say so with --accept-data-loss");
    if (auto cleared = migrate::clear_schemas(*target, project->schemas); !cleared)
      return fail(context, cleared.error());
  }
  progress.step("reading the database");
  auto live = read_live(*project);
  if (!live) return fail(context, live.error());
  // What is there between two steps of a migration stays there.
  if (const auto folder = migrate::read_folder(project->migrations))
    *live = migrate::settled(std::move(*live), open_expansions(*folder), project->default_schema());
  auto made = diff_options(*project, options.change,
                           {.before = migrate::Origin::database, .after = migrate::Origin::schema_files});
  if (!made) return fail(context, made.error());
  progress.finish();
  const auto difference =
      ask_for_renames(context, {.before = &*live, .after = &project->schema->catalog}, *made);
  suggest_renames(context, difference);
  if (difference.empty()) {
    context.out << "The database is what the schema says already.\n";
    return Exit::ok;
  }
  if (const auto ended = check_loss(context, options, *target, difference)) return *ended;
  const migrate::Migration script{.name = "the change",
                                  .file = "the generated script",
                                  .text = script_text({.rest = difference}, options.change, false)};
  if (auto done = migrate::run_script(*target, script, apply_options(*project, progress)); !done)
    return fail_migration(context, done.error());
  progress.finish();
  context.out << fmt::format("{} is what the schema says now.\n", target->name());
  return Exit::ok;
}

}  // namespace

void add_db_push_command(CLI::App& db, Context& context) {
  CLI::App* command =
      db.add_subcommand("push", "Make the database what the schema says, without a migration");
  auto options = std::make_shared<PushOptions>();
  command->add_flag("--accept-data-loss", options->accept_data_loss, "Do not ask when data will be lost");
  command->add_flag("--force-reset", options->force_reset, "Empty the database first");
  add_change_options(*command, options->change);
  command->add_option("--schema", options->schema, "The schema file or folder, instead of the project's")
      ->type_name("PATH");
  add_database_option(*command, *options);
  add_lock_option(*command, *options);
  command->footer("tenon db push   # while sketching; tenon migrate dev records it");
  command->callback([&context, options] { context.exit = push(context, *options); });
}

}  // namespace tenon::cli
