// tenon policy: what the rules of the overlay mean.

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/help.h"

namespace tenon::cli {

void add_policy_command(CLI::App& app, Context& context) {
  CLI::App* policy = app.add_subcommand("policy", "What the rules of the overlay allow, shown and tested");
  policy->group(group::tools);
  add_policy_explain_command(*policy, context);
  add_policy_test_command(*policy, context);
  add_policy_rls_command(*policy, context);
  policy->footer(
      "tenon policy explain Note --as ada.json\n"
      "tenon policy test policy/*.toml\n"
      "tenon policy rls --migration row_security");
}

}  // namespace tenon::cli
