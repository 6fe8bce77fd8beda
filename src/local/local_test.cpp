// What can be tested of local/ without a PostgreSQL: child processes, and installations made of shell
// scripts.

#include <chrono>
#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local/cluster.h"
#include "local/installed.h"
#include "local/mariadb.h"
#include "local/postgres.h"
#include "local/process.h"

namespace tenon::local {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::HasSubstr;

TEST(Run, GivesOutputAndExitCode) {
  const Outcome outcome =
      run({.arguments = {"/bin/sh", "-c", "echo out; echo err >&2; exit 3"}}, milliseconds(60'000));
  EXPECT_EQ(outcome.output, "out\nerr\n");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_FALSE(outcome.timed_out);
}

TEST(Run, EndsTheWholeGroupAtTheDeadline) {
  const auto begin = std::chrono::steady_clock::now();
  Outcome outcome;
  // A busy machine may not even begin within a short time.
  for (milliseconds time(300); outcome.output.empty() && time < std::chrono::minutes(1); time *= 4)
    outcome = run({.arguments = {"/bin/sh", "-c", "echo begun; sleep 600 & sleep 600"}}, time);
  EXPECT_TRUE(outcome.timed_out);
  EXPECT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.output, "begun\n");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::minutes(2));
}

TEST(Run, TellsWhyAProgramCannotBeStarted) {
  const Outcome outcome = run({.arguments = {"/nonexistent/program"}}, milliseconds(1'000));
  EXPECT_EQ(outcome.exit_code, 127);
  EXPECT_EQ(outcome.output, "No such file or directory");
}

TEST(Run, KeepsTheTailOfEndlessOutput) {
  const Outcome outcome =
      run({.arguments = {"/bin/sh", "-c", "yes line | head -n 100000; echo end"}}, milliseconds(60'000));
  EXPECT_TRUE(outcome.ok());
  EXPECT_LE(outcome.output.size(), 65'536U);
  EXPECT_TRUE(outcome.output.ends_with("line\nend\n"));
}

TEST(Run, PassesNoVariablesOfPostgres) {
  ::setenv("PGPORT", "1", 1);
  const Outcome outcome =
      run({.arguments = {"/bin/sh", "-c", "echo \"$PGPORT$LC_ALL\""}}, milliseconds(60'000));
  ::unsetenv("PGPORT");
  EXPECT_EQ(outcome.output, "C\n");
}

// A folder with programs that look like a PostgreSQL installation.
class InstallationTest : public testing::Test {
 protected:
  InstallationTest() {
    std::string pattern = (fs::temp_directory_path() / "tenon-bin-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    ::chmod(folder_.c_str(), 0755);
    ::setenv("TENON_POSTGRES_BIN", folder_.c_str(), 1);
  }
  ~InstallationTest() override {
    ::unsetenv("TENON_POSTGRES_BIN");
    fs::remove_all(folder_);
  }
  void program(const std::string& name, const std::string& script) {
    std::ofstream(folder_ / name) << "#!/bin/sh\n" << script << "\n";
    ::chmod((folder_ / name).c_str(), 0755);
  }
  fs::path folder_;
};

TEST_F(InstallationTest, IsNamedWhenItHoldsNoServer) {
  const auto found = postgres_kind().find({});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, base::code::server_not_installed);
  EXPECT_THAT(found.error().message, HasSubstr(folder_.string()));
  EXPECT_THAT(found.error().help, HasSubstr("package \"postgresql\""));
}

TEST_F(InstallationTest, IsFoundByItsVersion) {
  program("postgres", "echo 'postgres (PostgreSQL) 17beta2 (Debian 17~beta2-1)'");
  program("initdb", "exit 0");
  const auto found = postgres_kind().find({});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->version, "17");
  fs::create_directories(folder_ / "old" / "data");
  std::ofstream(folder_ / "old" / "data" / "PG_VERSION") << "15\n";
  const auto older = postgres_kind().find({.folder = folder_ / "old", .home = folder_ / "old"});
  ASSERT_FALSE(older);
  EXPECT_THAT(older.error().help, HasSubstr("postgresql-15"));
}

TEST_F(InstallationTest, MustBeNewEnoughAndPostgres) {
  program("initdb", "exit 0");
  program("postgres", "echo 'postgres (PostgreSQL) 9.6.24'");
  EXPECT_TRUE(installed_postgres().empty());
  program("postgres", "echo 'something else'");
  EXPECT_TRUE(installed_postgres().empty());
}

TEST_F(InstallationTest, TellsThatTheDiskIsFull) {
  program("postgres", "echo 'postgres (PostgreSQL) 15.1'");
  program("initdb", "echo 'initdb: error: could not write to file: No space left on device'; exit 1");
  const fs::path project = folder_ / "project";
  const auto server = start_server({.folder = project / "postgres"});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, base::code::cluster_create_failed);
  EXPECT_THAT(server.error().message, HasSubstr("The disk is full"));
}

TEST_F(InstallationTest, RepeatsWhatInitdbComplainsAbout) {
  program("postgres", "echo 'postgres (PostgreSQL) 15.1'");
  program("initdb", "echo running; echo 'initdb: error: invalid locale name \"C.UTF-8\"'; exit 1");
  const auto server = start_server({.folder = folder_ / "project" / "postgres"});
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().help, HasSubstr("invalid locale name \"C.UTF-8\""));
}

TEST_F(InstallationTest, OfMariaDbIsToldFromMySql) {
  ::setenv("TENON_MARIADB_BIN", folder_.c_str(), 1);
  program("mysqld", "echo 'mysqld  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)'");
  auto found = installed_mariadb();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].product, "MySQL");
  EXPECT_EQ(found[0].version, "8.0");
  program("mariadbd", "echo 'mariadbd  Ver 10.11.14-MariaDB-0+deb12u2 for debian-linux-gnu on x86_64'");
  found = installed_mariadb();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].product, "MySQL") << "without its install script MariaDB cannot make a cluster";
  program("mariadb-install-db", "exit 0");
  found = installed_mariadb();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].product, "MariaDB");
  EXPECT_EQ(found[0].version, "10.11");
  ::unsetenv("TENON_MARIADB_BIN");
}

TEST_F(InstallationTest, OfMariaDbMustBeNewEnough) {
  ::setenv("TENON_MARIADB_BIN", folder_.c_str(), 1);
  program("mariadb-install-db", "exit 0");
  program("mariadbd", "echo 'mariadbd  Ver 10.5.23-MariaDB for Linux'");
  const auto found = mariadb_kind().find({});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, base::code::server_not_installed);
  EXPECT_THAT(found.error().help, HasSubstr("package \"mariadb-server\""));
  ::unsetenv("TENON_MARIADB_BIN");
}

TEST_F(InstallationTest, OfMySqlMakesItsDataItself) {
  ::setenv("TENON_MARIADB_BIN", folder_.c_str(), 1);
  ::chmod(folder_.c_str(), 0777);
  program(
      "mysqld",
      "case \"$*\" in *--version*) echo 'mysqld  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server)';;\n"
      "*) echo \"$@\" > \"${0%/*}/called\"; echo '[ERROR] [MY-010187] Could not open file'; exit 1;; esac");
  const auto server = start_server({.engine = Engine::mariadb, .folder = folder_ / "project" / "mariadb"});
  ::unsetenv("TENON_MARIADB_BIN");
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, base::code::cluster_create_failed);
  EXPECT_THAT(server.error().message, HasSubstr("mysqld --initialize-insecure could not make"));
  EXPECT_THAT(server.error().help, HasSubstr("Could not open file"));
  std::ifstream called(folder_ / "called");
  const std::string arguments(std::istreambuf_iterator<char>(called), {});
  EXPECT_THAT(arguments, HasSubstr("--no-defaults --initialize-insecure --datadir="));
}

TEST(Versions, AreComparedByTheirNumbers) {
  EXPECT_TRUE(is_older("9.6", "15"));
  EXPECT_TRUE(is_older("10.6", "10.11"));
  EXPECT_TRUE(is_older("10.11", "11.4"));
  EXPECT_TRUE(is_older("8", "8.1"));
  EXPECT_FALSE(is_older("10.11", "10.11"));
  EXPECT_FALSE(is_older("11.0", "10.11"));
  EXPECT_FALSE(is_older("8.0", "8"));
}

}  // namespace
}  // namespace tenon::local
