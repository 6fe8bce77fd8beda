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
TEST(Help, OfTheCommandsThatServe) {
  for (const char* command : {"serve", "dev", "explain", "check", "pull"})
    test::expect_golden(std::string("tests/golden/cli/help_") + command + ".txt",
                        run_here({command, "--help"}).out);
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

TEST_F(InFolder, CheckNeedsSomethingToCheck) {
  const Ran ran = run_in(folder_, {"check"});
  EXPECT_EQ(ran.exit, Exit::failed);
  EXPECT_THAT(ran.err, HasSubstr("error[TN1005]"));
  const Ran missing = run_in(folder_, {"check", "-C", "shp"});
  EXPECT_EQ(missing.exit, Exit::failed);
  EXPECT_THAT(missing.err, HasSubstr("There is no folder"));
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

class CheckedProject : public InFolder {
 protected:
  void write(const std::string& name, std::string_view text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  void write_schema(std::string_view models) const {
    write("prisma/schema.prisma",
          "datasource db {\n  provider = \"postgresql\"\n}\n\n" + std::string(models));
  }
};
constexpr std::string_view two_models = "model Post {\n  id Int @id\n}\n\nmodel Draft {\n  id Int @id\n}\n";

TEST_F(CheckedProject, WithoutMistakesShowsWhatIsOpen) {
  write_schema(two_models);
  write("api/all.graphql",
        "extend type Post @auth(rules: [{ allow: public }])\n"
        "extend type Draft @auth(rules: [{ allow: public, operations: [get, create] }])\n");
  const Ran ran = run_in(folder_, {"check"});
  EXPECT_EQ(ran.exit, Exit::ok);
  EXPECT_EQ(ran.err, "");
  test::expect_golden("tests/golden/cli/check.txt", ran.out);
  EXPECT_EQ(run_in(folder_, {"check", "--json"}).out, "{\"errors\":0,\"findings\":[]}\n");
}
TEST_F(CheckedProject, ModelsThatNobodyReachesAreWarnings) {
  write_schema(two_models);
  write("api/post.graphql", "extend type Post @auth(rules: [{ allow: public }])\n");
  const Ran ran = run_in(folder_, {"check"});
  EXPECT_EQ(ran.exit, Exit::ok);
  EXPECT_THAT(ran.out, HasSubstr("warning[TN4006]: Draft has no rules"));
  EXPECT_THAT(ran.out, HasSubstr("No errors, 1 warning."));
}
TEST_F(CheckedProject, WithoutOverlayNothingIsServedInProduction) {
  write_schema(two_models);
  const Ran ran = run_in(folder_, {"check"});
  EXPECT_EQ(ran.exit, Exit::ok);
  EXPECT_THAT(ran.out, HasSubstr("warning[TN4007]: There is no overlay"));
  EXPECT_THAT(ran.out, Not(HasSubstr("TN4006")));
}
TEST_F(CheckedProject, AnOverlayThatOpensNothingIsAnError) {
  write_schema(two_models);
  write("api/a.graphql", "extend type Post @auth(rules: [{ allow: public, operations: [create] }])\n");
  const Ran ran = run_in(folder_, {"check"});
  EXPECT_EQ(ran.exit, Exit::findings);
  EXPECT_THAT(ran.out, HasSubstr("error[TN4007]"));
}
TEST_F(CheckedProject, ReportsEverythingAtOnce) {
  write("tenon.toml", "[database]\nurl = \"env:NO_SUCH\"\n\n[api]\nkeys = [\"file:no/such\"]\n\n[srver]\n");
  write_schema("model Post {\n  id Int @id\n  author Author\n}\n");
  write("api/a.graphql", "extend type Pst @auth(rules: [])\n");
  const Ran ran = run_in(folder_, {"check"});
  EXPECT_EQ(ran.exit, Exit::findings);
  EXPECT_THAT(ran.out, HasSubstr("error[TN1001]: Unknown section srver"));
  EXPECT_THAT(ran.out, HasSubstr("tenon.toml:2:7: The environment variable NO_SUCH is not set."));
  EXPECT_THAT(ran.out, HasSubstr("error[TN1002]: tenon.toml:5:9: Cannot read"));
  EXPECT_THAT(ran.out, HasSubstr("prisma/schema.prisma:7:10"));
  EXPECT_THAT(ran.out, HasSubstr("4 errors, 0 warnings."));
  EXPECT_THAT(run_in(folder_, {"check", "--json"}).out, HasSubstr("\"errors\":4"));
}
TEST_F(CheckedProject, OverlayMistakesHaveTheirPlace) {
  write_schema(two_models);
  write("api/a.graphql", "extend type Pst @auth(rules: [{ allow: public }])\n");
  const Ran ran = run_in(folder_, {"check"}, true);
  EXPECT_EQ(ran.exit, Exit::findings);
  EXPECT_THAT(ran.out, HasSubstr("api/a.graphql:1:13"));
  EXPECT_THAT(ran.out, HasSubstr("did you mean \"Post\"?"));
  EXPECT_THAT(ran.out, HasSubstr("\x1b["));
}
TEST_F(CheckedProject, TablesWithoutKeyAreLeftOut) {
  write_schema(
      "model Post {\n  id Int @id\n}\n\nmodel log {\n  line String?\n\n  @@ignore\n}\n\n"
      "model code {\n  text String @unique\n}\n");
  write("api/a.graphql", "extend type Post @auth(rules: [{ allow: public }])\n");
  const Ran ran = run_in(folder_, {"check"});
  EXPECT_EQ(ran.exit, Exit::ok);
  EXPECT_THAT(ran.out, HasSubstr("warning[TN3001]: The table log has no primary key"));
  EXPECT_THAT(ran.out, HasSubstr("warning[TN3001]: The table code has no primary key"));
  EXPECT_THAT(ran.out, Not(HasSubstr("TN4006")));
}
TEST_F(CheckedProject, NamesThatMeetAreFindings) {
  write_schema("model Post {\n  id Int @id\n}\n\nmodel post {\n  id Int @id\n}\n");
  write("api/a.graphql",
        "extend type Post @auth(rules: [{ allow: public }])\n"
        "extend type post @auth(rules: [{ allow: public }])\n");
  EXPECT_THAT(run_in(folder_, {"check"}).out, HasSubstr("[TN4005]"));
}
TEST_F(CheckedProject, ProvidersThatTenonDoesNotServeAreErrors) {
  write("prisma/schema.prisma", "datasource db {\n  provider = \"mongodb\"\n}\n");
  const Ran ran = run_in(folder_, {"check"});
  EXPECT_EQ(ran.exit, Exit::findings);
  EXPECT_THAT(ran.out, HasSubstr("error[TN3004]"));
  EXPECT_THAT(ran.out, HasSubstr("prisma/schema.prisma:2:14"));
}
TEST_F(CheckedProject, ADatasourceWithoutItsVariableIsAWarning) {
  write("prisma/schema.prisma",
        "datasource db {\n  provider = \"postgresql\"\n  url = env(\"NO_SUCH\")\n}\n\nmodel Post {\n  id Int "
        "@id\n}\n");
  const Ran ran = run_in(folder_, {"check"});
  EXPECT_EQ(ran.exit, Exit::ok);
  EXPECT_THAT(ran.out, HasSubstr("warning[TN1002]"));
  EXPECT_THAT(ran.out, HasSubstr("NO_SUCH is not set"));
  const Ran bad = run_in(folder_, {"check", "--url", "oracle://x"});
  EXPECT_EQ(bad.exit, Exit::findings);
  EXPECT_THAT(bad.out, HasSubstr("error[P1013]"));
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
}

class PulledFile : public InFolder {
 protected:
  server::Project project_{.folder = folder_};
  fs::path file_ = folder_ / "prisma/schema.prisma";
};
TEST_F(PulledFile, IsKnownByItsText) {
  const std::string text = "model a {\n}\n";
  EXPECT_EQ(authorship(project_, file_, text), Authorship::unknown);
  ASSERT_TRUE(remember_pulled(project_, file_, text));
  EXPECT_EQ(authorship(project_, file_, text), Authorship::pulled);
  EXPECT_EQ(authorship(project_, file_, "model a {\r\n}\r\n"), Authorship::pulled);
  EXPECT_EQ(authorship(project_, file_, text + "\n"), Authorship::edited);
  EXPECT_EQ(authorship(project_, folder_ / "other/schema.prisma", text), Authorship::unknown);
  ASSERT_TRUE(remember_pulled(project_, file_, "model b {\n}\n"));
  EXPECT_EQ(authorship(project_, file_, text), Authorship::edited);
}
TEST_F(PulledFile, IsRecordedAsSha256sumDoes) {
  ASSERT_TRUE(remember_pulled(project_, file_, "x"));
  ASSERT_TRUE(remember_pulled(project_, "/elsewhere/schema.prisma", "x"));
  const std::string hash = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
  EXPECT_EQ(test::read_file(folder_ / ".tenon/pulled"),
            hash + "  /elsewhere/schema.prisma\n" + hash + "  prisma/schema.prisma\n");
  EXPECT_EQ(test::read_file(folder_ / ".tenon/.gitignore"), "*\n");
}
TEST_F(PulledFile, IsUnknownWhenTheRecordIsBroken) {
  fs::create_directories(folder_ / ".tenon");
  std::ofstream(folder_ / ".tenon/pulled") << "\n\nabc  prisma/schema.prisma\n" << std::string(70, 'x');
  EXPECT_EQ(authorship(project_, file_, "x"), Authorship::unknown);
  ASSERT_TRUE(remember_pulled(project_, file_, "x"));
  EXPECT_EQ(authorship(project_, file_, "x"), Authorship::pulled);
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
  EXPECT_EQ(bash_offers(folder_, {"d"}), "dev db doctor\n");
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
