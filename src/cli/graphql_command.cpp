// tenon graphql: the GraphQL language alone, for tools.

#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/help.h"
#include "graphql/checker.h"

namespace tenon::cli {

void add_graphql_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("graphql", "The GraphQL language alone");
  command->group(group::tools);
  command->footer("tenon graphql check-stdio < requests.jsonl");
  CLI::App* check = command->add_subcommand(
      "check-stdio", "Parse and validate documents: one JSON request a line in, one JSON answer a line out");
  check->footer(R"(echo '{"id":"1","op":"parse","source":"{ a }"}' | tenon graphql check-stdio)");
  check->callback([&context] {
    graphql::run_checker(std::cin, context.out);
    context.exit = Exit::ok;
  });
}

}  // namespace tenon::cli
