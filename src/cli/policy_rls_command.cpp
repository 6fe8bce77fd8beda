// tenon policy rls: the rules as row security of PostgreSQL.

#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "api/rules/row_security.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_project.h"
#include "cli/policy_schema.h"

namespace tenon::cli {

namespace {

struct RlsOptions : PolicyOptions {
  api::RowSecurityOptions script;
  std::string migration;
};

Exit write_rls(Context& context, const RlsOptions& options) {
  const auto opened = open_policy_project(context, options, false);
  if (!opened) return context.exit;
  const auto made = api::make_row_security(*opened->schema, options.script);
  if (!made) return fail(context, made.error());
  for (const std::string& refusal : made->refusals)
    context.err << base::toned("closed", base::Tone::warning, context.err_terminal.colour) << ": " << refusal
                << '\n';
  if (options.migration.empty()) {
    context.out << made->script;
    return Exit::ok;
  }
  const auto project = open_migrate_project(context, {.url = options.url}, {.database = false});
  if (!project) return fail_migration(context, project.error());
  const auto folder = open_folder(*project);
  if (!folder) return fail_migration(context, folder.error());
  const auto written = migrate::write_migration(
      *folder, migrate::next_migration_name(*folder, std::chrono::system_clock::now(), options.migration),
      made->script, catalog::Engine::postgresql);
  if (!written) return fail_migration(context, written.error());
  context.out << fmt::format(
      "Written: {}\nIt is applied by `tenon migrate dev` and `tenon migrate deploy`.\n",
      shown_path(context, written->file));
  return Exit::ok;
}

}  // namespace

void add_policy_rls_command(CLI::App& policy, Context& context) {
  CLI::App* command =
      policy.add_subcommand("rls", "The rules as row security of PostgreSQL, for direct connections");
  const auto options = std::make_shared<RlsOptions>();
  command
      ->add_option("--migration", options->migration, "Write a migration with this name, instead of stdout")
      ->type_name("NAME");
  command->add_option("--role", options->script.role, "The role of the sessions (tenon_user)")
      ->type_name("NAME");
  command
      ->add_option("--setting", options->script.setting,
                   "The prefix of the session's settings with provider and claims (tenon)")
      ->type_name("NAME");
  add_policy_schema_options(*command, *options);
  command->footer(
      "tenon policy rls > row_security.sql\n"
      "tenon policy rls --migration row_security");
  command->callback([&context, options] { context.exit = write_rls(context, *options); });
}

}  // namespace tenon::cli
