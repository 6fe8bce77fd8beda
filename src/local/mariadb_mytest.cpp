// What is of a project-local MariaDB alone; the rest of its life is in server_dbtest.cpp.
#include <memory>
#include <string>
#include <vector>

#include <mysql.h>
#include <signal.h>

#include "local/project_fixture.h"

namespace tenon::local {
namespace {

namespace fs = std::filesystem;

constexpr Engine engine = Engine::mariadb;

// mysql://root:PASSWORD@127.0.0.1:PORT/app
std::string password_in(const std::string& url) {
  const auto begin = url.find(':', 8) + 1;
  return url.substr(begin, url.find('@') - begin);
}

struct Way {
  std::string password;
  std::uint16_t port = 0;
  std::string socket;  // empty: over the network
};

// The first value of a query's first row, or the error.
std::string query(const Way& way, const std::string& sql) {
  const std::unique_ptr<MYSQL, decltype(&mysql_close)> connection(mysql_init(nullptr), mysql_close);
  if (mysql_real_connect(connection.get(), way.socket.empty() ? "127.0.0.1" : nullptr, "root",
                         way.password.c_str(), "app", way.port,
                         way.socket.empty() ? nullptr : way.socket.c_str(), 0) == nullptr ||
      mysql_real_query(connection.get(), sql.data(), sql.size()) != 0)
    return mysql_error(connection.get());
  const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> rows(mysql_store_result(connection.get()),
                                                                      mysql_free_result);
  if (!rows) return mysql_error(connection.get());
  const MYSQL_ROW row = mysql_fetch_row(rows.get());
  return row != nullptr && row[0] != nullptr ? row[0] : "";
}

std::string query(const RunningServer& server, const std::string& sql) {
  return query({.password = password_in(server.url), .port = server.port}, sql);
}

TEST(LocalMariaDb, CreatesAClusterThatOnlyThePasswordOpens) {
  const Project project(engine);
  std::vector<std::string> steps;
  auto options = project.options();
  options.progress = [&](std::string_view step) { steps.emplace_back(step); };
  const auto server = start_server(options);
  ASSERT_TRUE(server) << base::to_string(server.error());
  EXPECT_TRUE(server->started_now);
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_TRUE(steps[0].starts_with("creating a MariaDB ")) << steps[0];
  EXPECT_TRUE(steps[1].starts_with("starting MariaDB ")) << steps[1];

  EXPECT_EQ(query(*server, "SELECT DATABASE()"), "app");
  EXPECT_EQ(query(*server, "SELECT @@character_set_database"), "utf8mb4");
  EXPECT_EQ(query(*server, "SELECT @@bind_address"), "127.0.0.1");
  EXPECT_EQ(query(*server, "SELECT @@global.time_zone"), "+00:00");
  // A MariaDB that starts removes the temporary files of all that share the folder with it.
  EXPECT_EQ(query(*server, "SELECT @@tmpdir"), project.layout().temporary().string());
  EXPECT_EQ(query(*server, "SELECT GROUP_CONCAT(host ORDER BY host) FROM mysql.user WHERE user = 'root'"),
            "127.0.0.1,localhost");
  EXPECT_EQ(query(*server, "SELECT COUNT(*) FROM mysql.user WHERE user NOT IN ('root', 'mariadb.sys')"), "0");

  const std::string socket = (server->socket_folder / "mysqld.sock").string();
  EXPECT_EQ(query({.password = password_in(server->url), .socket = socket}, "SELECT 1"), "1");
  for (const std::string wrong : {"", "wrong"}) {
    EXPECT_NE(query({.password = wrong, .port = server->port}, "SELECT 1").find("Access denied"),
              std::string::npos);
    EXPECT_NE(query({.password = wrong, .socket = socket}, "SELECT 1").find("Access denied"),
              std::string::npos);
  }

  struct stat found{};
  for (const fs::path& secret : {project.layout().password(), project.layout().home / "init.sql"}) {
    ASSERT_EQ(::stat(secret.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U) << secret;
  }
  ASSERT_EQ(::stat(project.layout().home.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0700U);
}

TEST(LocalMariaDb, TheSecondStartReusesTheServerAndMakesAnotherDatabase) {
  const Project project(engine);
  const auto first = started(project);
  auto options = project.options();
  options.database = "a`b";
  const auto second = start_server(options);
  ASSERT_TRUE(second) << base::to_string(second.error());
  EXPECT_FALSE(second->started_now);
  EXPECT_EQ(first.pid, second->pid);
  EXPECT_EQ(query(first, "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = 'a`b'"), "1");
}

TEST(LocalMariaDb, KeepsItsPortDataAndPasswordAcrossARestart) {
  const Project project(engine);
  const auto first = started(project);
  query(first, "CREATE TABLE kept AS SELECT 7 AS value");
  query(first, "ALTER USER root@'127.0.0.1' IDENTIFIED BY 'forgotten'");
  ASSERT_TRUE(stop_server(engine, project.folder()));
  const auto second = started(project);
  EXPECT_EQ(second.url, first.url);
  EXPECT_EQ(query(second, "SELECT value FROM kept"), "7") << "the password file is right after every start";
}

TEST(LocalMariaDb, RecoversAfterTheServerWasKilled) {
  const Project project(engine);
  const auto first = started(project);
  query(first, "CREATE TABLE kept AS SELECT 7 AS value");
  query(first, "SET GLOBAL innodb_flush_log_at_trx_commit = 1");
  query(first, "INSERT INTO kept VALUES (8)");
  ASSERT_EQ(::kill(first.pid, SIGKILL), 0);
  const auto second = started(project);
  EXPECT_TRUE(second.started_now);
  EXPECT_NE(second.pid, first.pid);
  EXPECT_EQ(query(second, "SELECT GROUP_CONCAT(value ORDER BY value) FROM kept"), "7,8");
}

TEST(LocalMariaDb, ALongPathGetsItsSocketElsewhere) {
  const Project project(engine);
  const fs::path deep = project.root / std::string(60, 'a') / std::string(60, 'b') / "mariadb";
  const auto server = start_server({.engine = engine, .folder = deep});
  ASSERT_TRUE(server) << base::to_string(server.error());
  EXPECT_LT(server->socket_folder.string().size(), 80U);
  EXPECT_TRUE(fs::exists(server->socket_folder / "mysqld.sock"));
  EXPECT_TRUE(remove_server(engine, deep));
  EXPECT_FALSE(fs::exists(server->socket_folder)) << "left behind";
}

TEST(LocalMariaDb, RunsNoDataOfANewerServer) {
  const Project project(engine);
  started(project);
  ASSERT_TRUE(stop_server(engine, project.folder()));
  const std::string real = *read_small_file(project.layout().home / "server");
  ASSERT_TRUE(write_small_file(project.layout().home / "server", "MariaDB 99.1\n"));
  const auto refused = start_server(project.options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::code::server_not_installed);
  EXPECT_NE(refused.error().message.find("MariaDB 99.1"), std::string::npos) << refused.error().message;
  ASSERT_TRUE(write_small_file(project.layout().home / "server", real));
}

TEST(LocalMariaDb, TellsTheServersReasonWhenItDoesNotStart) {
  const Project project(engine);
  auto options = project.options();
  options.settings["no-such-option"] = "1";
  const auto refused = start_server(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::code::cluster_start_failed);
  EXPECT_NE(refused.error().message.find("no-such-option"), std::string::npos) << refused.error().message;
  EXPECT_TRUE(started(project).started_now);
}

TEST(LocalMariaDbAsRoot, KeepsDataElsewhereWhenTheProjectIsClosedToTheServer) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  struct stat closed{};
  ASSERT_EQ(::stat("/root", &closed), 0);
  if ((closed.st_mode & 0001U) != 0) GTEST_SKIP() << "/root is open to all";
  fs::path home;
  {
    const Project project(engine, "/root");
    const auto server = started(project);
    home = project.layout().home;
    EXPECT_NE(home, project.folder());
    ASSERT_TRUE(stop_server(engine, project.folder()));
    EXPECT_EQ(started(project).url, server.url);
  }
  EXPECT_FALSE(fs::exists(home)) << "left behind";
}

}  // namespace
}  // namespace tenon::local
