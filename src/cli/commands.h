// One file for each command, <command>_command.cpp; each adds itself to the tree. The group of a command is
// its place on the help page (help.h).
#pragma once

#include "cli/context.h"

namespace CLI {
class App;
}

namespace tenon::cli {

void add_dev_command(CLI::App& app, Context& context);
void add_pull_command(CLI::App& app, Context& context);
void add_db_command(CLI::App& app, Context& context);
// Below `tenon db`.
void add_db_push_command(CLI::App& db, Context& context);
void add_db_execute_command(CLI::App& db, Context& context);
void add_db_seed_command(CLI::App& db, Context& context);
void add_migrate_command(CLI::App& app, Context& context);
// Below `tenon migrate`.
void add_migrate_dev_command(CLI::App& migrate, Context& context);
void add_migrate_deploy_command(CLI::App& migrate, Context& context);
void add_migrate_status_command(CLI::App& migrate, Context& context);
void add_migrate_diff_command(CLI::App& migrate, Context& context);
void add_migrate_lint_command(CLI::App& migrate, Context& context);
void add_migrate_down_command(CLI::App& migrate, Context& context);
void add_migrate_squash_command(CLI::App& migrate, Context& context);
void add_migrate_import_command(CLI::App& migrate, Context& context);
void add_migrate_resolve_command(CLI::App& migrate, Context& context);
void add_migrate_reset_command(CLI::App& migrate, Context& context);
void add_schema_command(CLI::App& app, Context& context);
// Below `tenon schema`.
void add_schema_validate_command(CLI::App& schema, Context& context);
void add_schema_format_command(CLI::App& schema, Context& context);
void add_schema_describe_command(CLI::App& schema, Context& context);
void add_schema_diagram_command(CLI::App& schema, Context& context);
void add_check_command(CLI::App& app, Context& context);
void add_serve_command(CLI::App& app, Context& context);
void add_auth_command(CLI::App& app, Context& context);
void add_secret_command(CLI::App& app, Context& context);
void add_doctor_command(CLI::App& app, Context& context);
void add_explain_command(CLI::App& app, Context& context);
void add_policy_command(CLI::App& app, Context& context);
// Below `tenon policy`.
void add_policy_explain_command(CLI::App& policy, Context& context);
void add_policy_test_command(CLI::App& policy, Context& context);
void add_policy_rls_command(CLI::App& policy, Context& context);
void add_graphql_command(CLI::App& app, Context& context);
void add_lsp_command(CLI::App& app, Context& context);
void add_completion_command(CLI::App& app, Context& context);
void add_version_command(CLI::App& app, Context& context);

}  // namespace tenon::cli
