// docs/cli.md against the program: every command and option of one is in the other.
#include <regex>
#include <set>
#include <sstream>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include "cli/app.h"
#include "cli/help.h"
#include "tests/support/golden.h"

namespace tenon::cli {
namespace {

std::string page() { return test::read_file(test::source_dir() / "docs/cli.md"); }

struct Known {
  std::set<std::string> commands;  // "tenon schema format"
  std::set<std::string> options;   // "--json"
};

void collect(const CLI::App& app, Known& known) {
  known.commands.insert(full_name(app));
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) known.options.insert("--" + name);
  for (const CLI::App* command : app.get_subcommands({})) collect(*command, known);
}

Known known_to_the_program() {
  std::ostringstream out;
  Context context{.out = out, .err = out};
  Known known;
  collect(*make_app(context), known);
  return known;
}

TEST(CommandLinePage, HasEveryCommandAndOption) {
  const std::string text = page();
  const Known known = known_to_the_program();
  for (const std::string& command : known.commands) {
    const bool shell = command.starts_with("tenon completion ");  // "tenon completion SHELL"
    EXPECT_TRUE(shell || text.contains(command)) << command;
  }
  for (const std::string& option : known.options)
    EXPECT_TRUE(std::regex_search(text, std::regex("`[^`|]*" + option + "[ `\\]]"))) << option;
}
// Rows "| `--option VALUE` | …" and headings "## tenon command".
TEST(CommandLinePage, HasNoOther) {
  const std::string text = page();
  const Known known = known_to_the_program();
  const std::regex option("\\| `(?:-\\w`?, `?)?(--[a-z-]+)");
  for (std::sregex_iterator at(text.begin(), text.end(), option), end; at != end; ++at)
    EXPECT_TRUE(known.options.contains((*at)[1])) << (*at)[1];
  const std::regex heading("\n##+ (tenon [a-z -]*[a-z])");
  for (std::sregex_iterator at(text.begin(), text.end(), heading), end; at != end; ++at)
    EXPECT_TRUE(known.commands.contains((*at)[1])) << (*at)[1];
}

}  // namespace
}  // namespace tenon::cli
