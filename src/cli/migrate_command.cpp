// tenon migrate: the group of the commands around migrations.

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/help.h"

namespace tenon::cli {

void add_migrate_command(CLI::App& app, Context& context) {
  CLI::App* migrate = app.add_subcommand("migrate", "Bring databases to the schema, step by recorded step");
  migrate->group(group::database);
  add_migrate_dev_command(*migrate, context);
  add_migrate_deploy_command(*migrate, context);
  add_migrate_status_command(*migrate, context);
  add_migrate_diff_command(*migrate, context);
  add_migrate_lint_command(*migrate, context);
  add_migrate_down_command(*migrate, context);
  add_migrate_squash_command(*migrate, context);
  add_migrate_import_command(*migrate, context);
  add_migrate_resolve_command(*migrate, context);
  add_migrate_reset_command(*migrate, context);
  migrate->footer(
      "tenon migrate dev --name add_users  # write a migration for what changed, and apply it\n"
      "tenon migrate deploy                # apply what is pending, in production\n"
      "tenon migrate status");
}

}  // namespace tenon::cli
