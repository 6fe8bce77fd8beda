// tenon schema: the group of the commands that work on schema files alone.

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/help.h"

namespace tenon::cli {

void add_schema_command(CLI::App& app, Context& context) {
  CLI::App* schema = app.add_subcommand("schema", "Check, format and show schema files");
  schema->group(group::start);
  add_schema_validate_command(*schema, context);
  add_schema_format_command(*schema, context);
  add_schema_describe_command(*schema, context);
  add_schema_diagram_command(*schema, context);
  schema->footer(
      "tenon schema validate            # everything that is wrong, all at once\n"
      "tenon schema format --check      # in CI: exit code 1 when a file is not formatted");
}

}  // namespace tenon::cli
