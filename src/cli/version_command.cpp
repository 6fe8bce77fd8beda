#include <ostream>

#include <CLI/CLI.hpp>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/help.h"

namespace tenon::cli {

void add_version_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("version", "Which version this is")->group(group::tools);
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "As JSON");
  command->footer("tenon version --json  # {\"version\":\"…\"}");
  command->callback([&context, json] {
    std::string text(version());
    if (*json) {
      text.clear();
      base::JsonWriter(text).begin_object().member("version", version()).end_object();
    }
    context.out << text << '\n';
  });
}

}  // namespace tenon::cli
