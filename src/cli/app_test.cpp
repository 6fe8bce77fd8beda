// The command line from outside: arguments in, text and exit code out.

#include "cli/app.h"

#include <cstdio>
#include <fstream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "cli/completion.h"
#include "cli/schema_file.h"
#include "tests/support/golden.h"

namespace tenon::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct Ran {
  Exit exit;
  std::string out, err;
};

Ran run_in(const fs::path& folder, const std::vector<std::string>& arguments, bool colour = false) {
  std::ostringstream out, err;
  Context context{.out = out, .err = err, .out_terminal = {.colour = colour}, .start_folder = folder};
  const Exit exit = run(arguments, context);
  return {exit, out.str(), err.str()};
}
Ran run_here(const std::vector<std::string>& arguments) {
  return run_in(fs::temp_directory_path(), arguments);
}

TEST(Help, FirstPage) {
  test::expect_golden("tests/golden/cli/help.txt", run_here({"--help"}).out);
  EXPECT_EQ(run_here({"--help"}).exit, Exit::ok);
  EXPECT_EQ(run_here({}).out, run_here({"-h"}).out);
}
TEST(Help, OfACommandWithCommands) {
  test::expect_golden("tests/golden/cli/help_db.txt", run_here({"db", "--help"}).out);
  EXPECT_EQ(run_here({"db"}).out, run_here({"db", "-h"}).out);
}
TEST(Help, OfACommand) {
  test::expect_golden("tests/golden/cli/help_db_shell.txt", run_here({"db", "shell", "-h"}).out);
}
TEST(Help, IsColouredOnlyWhenAsked) {
  EXPECT_EQ(run_here({"--help"}).out.find('\x1b'), std::string::npos);
  EXPECT_NE(run_in("/", {"--help"}, true).out.find('\x1b'), std::string::npos);
}

// Every page has an example, every option an explanation.
void expect_complete(const CLI::App& app, const std::string& name) {
  EXPECT_FALSE(app.get_description().empty()) << name;
  if (app.get_parent() != nullptr) EXPECT_FALSE(app.get_footer().empty()) << name;
  for (const CLI::Option* option : app.get_options())
    EXPECT_FALSE(option->get_description().empty()) << name << option->get_name();
  for (const CLI::App* command : app.get_subcommands({}))
    expect_complete(*command, name + " " + command->get_name());
}
TEST(Help, IsComplete) {
  std::ostringstream out;
  Context context{.out = out, .err = out};
  expect_complete(*make_app(context), "tenon");
}

struct Mistake {
  std::vector<std::string> arguments;
  std::string message, help;
};
class Usage : public testing::TestWithParam<Mistake> {};
TEST_P(Usage, MistakesAreExplained) {
  const Ran ran = run_here(GetParam().arguments);
  EXPECT_EQ(ran.exit, Exit::usage);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("error[TN1006]"));
  EXPECT_THAT(ran.err, HasSubstr(GetParam().message));
  EXPECT_THAT(ran.err, HasSubstr(GetParam().help));
}
INSTANTIATE_TEST_SUITE_P(
    Cases, Usage,
    testing::Values(
        Mistake{{"pul"}, "tenon has no command \"pul\"", "did you mean \"pull\"?"},
        Mistake{{"nonsense"}, "no command \"nonsense\"", "see tenon --help"},
        Mistake{{"db", "statsu"}, "tenon db has no command \"statsu\"", "did you mean \"status\"?"},
        Mistake{{"db", "status", "--jsn"}, "no option \"--jsn\"", "did you mean \"--json\"?"},
        Mistake{{"db", "status", "--jsn=1"}, "no option \"--jsn=1\"", "did you mean \"--json\"?"},
        Mistake{{"db", "stop", "now"}, "no argument \"now\"", "see tenon db stop --help"},
        Mistake{{"--project"}, "--project", "see tenon --help"},
        Mistake{{"a\x1b[2J"}, "a\\x1b[2J", "see tenon --help"},
        Mistake{{"pull", "--schema", "a", "--all-schemas"}, "--all-schemas", "see tenon pull --help"},
        Mistake{{"db", "reset"}, "removes all data", "--yes"}));

TEST(Version, AsTextAndAsJson) {
  EXPECT_THAT(run_here({"version"}).out, testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_THAT(run_here({"version", "--json"}).out, testing::MatchesRegex("\\{\"version\":\"[0-9.]+\"\\}\n"));
  EXPECT_THAT(run_here({"--version"}).out, testing::MatchesRegex("tenon [0-9.]+\n"));
}

class InFolder : public testing::Test {
 protected:
  InFolder() {
    std::string pattern = (fs::temp_directory_path() / "tenon-cli-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  ~InFolder() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(InFolder, CheckFindsNothingWrongInNothing) {
  const Ran ran = run_in(folder_, {"check"});
  EXPECT_EQ(ran.exit, Exit::ok);
  EXPECT_THAT(run_in(folder_, {"check", "--json"}).out, HasSubstr("\"errors\":0"));
}
TEST_F(InFolder, CheckReportsMistakes) {
  std::ofstream(folder_ / "tenon.toml") << "[server]\nprot = 1\n";
  const Ran ran = run_in(folder_, {"check"});
  EXPECT_EQ(ran.exit, Exit::findings);
  EXPECT_THAT(ran.out, HasSubstr("tenon.toml:2:1"));
  const Ran json = run_in(folder_, {"check", "--json"});
  EXPECT_EQ(json.exit, Exit::findings);
  EXPECT_THAT(json.out, HasSubstr("\"file\":\"tenon.toml\",\"line\":2,\"column\":1"));
}
TEST_F(InFolder, OtherCommandsRefuseABrokenConfiguration) {
  std::ofstream(folder_ / "tenon.toml") << "[server]\nprot = 1\n";
  const Ran ran = run_in(folder_, {"db", "status"});
  EXPECT_EQ(ran.exit, Exit::failed);
  EXPECT_THAT(ran.err, HasSubstr("error[TN1001]"));
}
TEST_F(InFolder, ProjectIsTakenFromItsOption) {
  fs::create_directories(folder_ / "shop");
  EXPECT_THAT(run_in(folder_, {"-C", "shop", "db", "status"}).out, HasSubstr("shop/.tenon/postgres"));
  EXPECT_THAT(run_in(folder_, {"db", "status", "--project", "shop"}).out, HasSubstr("shop/.tenon/postgres"));
  const Ran missing = run_in(folder_, {"-C", "shp", "db", "status"});
  EXPECT_EQ(missing.exit, Exit::failed);
  EXPECT_THAT(missing.err, HasSubstr("There is no folder"));
}
TEST_F(InFolder, WithoutADatabaseEveryCommandSaysWhatToDo) {
  EXPECT_THAT(run_in(folder_, {"db", "status"}).out, HasSubstr("absent"));
  EXPECT_THAT(run_in(folder_, {"db", "stop"}).out, HasSubstr("was not running"));
  const Ran url = run_in(folder_, {"db", "url"});
  EXPECT_EQ(url.exit, Exit::failed);
  EXPECT_THAT(url.err, HasSubstr("error[TN2004]"));
  EXPECT_THAT(url.err, HasSubstr("tenon db start"));
  const Ran pull = run_in(folder_, {"pull"});
  EXPECT_EQ(pull.exit, Exit::failed);
  EXPECT_THAT(pull.err, HasSubstr("error[TN1005]"));
  EXPECT_THAT(run_in(folder_, {"pull", "--url", "env:NO_SUCH"}).err, HasSubstr("error[TN1002]"));
  EXPECT_THAT(run_in(folder_, {"pull", "--url", "oracle://x"}).err, HasSubstr("error[P1013]"));
}
TEST_F(InFolder, PullTouchesNoSchemaOfSomebodyElse) {
  fs::create_directories(folder_ / "prisma");
  std::ofstream(folder_ / "prisma/shop.prisma") << "// mine";
  EXPECT_THAT(run_in(folder_, {"pull", "--force"}).err, HasSubstr("error[TN3002]"));
  fs::remove(folder_ / "prisma/shop.prisma");
  std::ofstream(folder_ / "prisma/schema.prisma") << "// mine";
  const Ran ran = run_in(folder_, {"pull"});
  EXPECT_EQ(ran.exit, Exit::failed);
  EXPECT_THAT(ran.err, HasSubstr("prisma/schema.prisma was not written by tenon pull"));
  std::ofstream(folder_ / "prisma/schema.prisma") << marked("model a {}\n") << "more";
  EXPECT_THAT(run_in(folder_, {"pull"}).err, HasSubstr("has been edited since"));
}

TEST(SchemaFile, KnowsItsOwnText) {
  const std::string text = marked("model a {\n}\n");
  EXPECT_EQ(authorship(text), Authorship::pulled);
  EXPECT_EQ(authorship(text + "\n"), Authorship::edited);
  EXPECT_EQ(authorship("\n" + text), Authorship::foreign);
  EXPECT_EQ(authorship(""), Authorship::foreign);
  EXPECT_EQ(authorship(text.substr(0, 160)), Authorship::foreign);
  std::string windows;
  for (const char c : text) windows += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_EQ(authorship(windows), Authorship::pulled);
  std::string edited = text;
  edited[edited.find("model a") + 6] = 'b';
  EXPECT_EQ(authorship(edited), Authorship::edited);
}
TEST_F(InFolder, FilesAreReplacedAtOnce) {
  const fs::path file = folder_ / "deep/er/schema.prisma";
  ASSERT_TRUE(replace_file(file, "one"));
  ASSERT_TRUE(replace_file(file, "two"));
  EXPECT_EQ(test::read_file(file), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(file.parent_path()), {}), 1);
  const auto failed = replace_file("/proc/nope/schema.prisma", "x");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, base::code::file_unwritable);
}

// What bash offers after `words` (the last one is being typed).
std::string bash_offers(const fs::path& folder, const std::vector<std::string>& words) {
  std::ostringstream out;
  Context context{.out = out, .err = out};
  const fs::path script = folder / "completion";
  std::ofstream file(script);
  file << bash_completion(*make_app(context)) << "COMP_WORDS=(tenon";
  for (const std::string& word : words) file << " '" << word << "'";
  file << ")\nCOMP_CWORD=" << words.size() << "\n_tenon\necho \"${COMPREPLY[*]}\"\n";
  file.close();
  std::FILE* bash = ::popen(("bash --norc -u " + script.string() + " 2>&1").c_str(), "r");
  std::string text(4096, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), bash));
  EXPECT_EQ(::pclose(bash), 0) << text;
  return text;
}

TEST_F(InFolder, BashCompletesCommandsAndOptions) {
  EXPECT_THAT(bash_offers(folder_, {""}), HasSubstr("pull"));
  EXPECT_EQ(bash_offers(folder_, {"d"}), "db\n");
  EXPECT_EQ(bash_offers(folder_, {"db", "st"}), "start stop status\n");
  EXPECT_EQ(bash_offers(folder_, {"db", "status", "--j"}), "--json\n");
  EXPECT_EQ(bash_offers(folder_, {"db", "status", "--p"}), "--project\n");
  EXPECT_EQ(bash_offers(folder_, {"-C", "shop", "db", "re"}), "reset\n");
  EXPECT_EQ(bash_offers(folder_, {"completion", ""}), "bash zsh fish\n");
  EXPECT_EQ(bash_offers(folder_, {"pull", "--out", "d"}), "\n");  // left to bash: a folder
  EXPECT_EQ(bash_offers(folder_, {"db", "nonsense", "x"}), "\n");
}

TEST(Completion, Scripts) {
  for (const char* shell : {"bash", "zsh", "fish"})
    test::expect_golden(std::string("tests/golden/cli/completion.") + shell,
                        run_here({"completion", shell}).out);
}

}  // namespace
}  // namespace tenon::cli
