// The whole life of a project-local MariaDB, with real servers in temporary folders.

#include <fstream>

#include <arpa/inet.h>
#include <mysql.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>

#include "local/descriptor.h"
#include "local/mariadb.h"
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

TEST(LocalMariaDb, IsAProcessOfItsOwn) {
  const Project project(engine);
  const auto server = started(project);
  EXPECT_NE(::getsid(server.pid), ::getsid(0));
  EXPECT_NE(::getpgid(server.pid), ::getpgid(0));
  EXPECT_EQ(::waitpid(server.pid, nullptr, WNOHANG), -1) << "it is a child of the caller";
}

TEST(LocalMariaDb, StatusTellsAbsentRunningAndStopped) {
  const Project project(engine);
  auto status = server_status(engine, project.folder());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, ServerState::absent);

  const auto server = started(project);
  status = server_status(engine, project.folder());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, ServerState::running);
  ASSERT_TRUE(status->running);
  EXPECT_EQ(status->running->pid, server.pid);
  EXPECT_EQ(status->running->url, server.url);
  EXPECT_EQ(status->product, "MariaDB");
  EXPECT_GT(status->bytes_on_disk, 10'000'000U);

  ASSERT_TRUE(stop_server(engine, project.folder()));
  status = server_status(engine, project.folder());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, ServerState::stopped);
  EXPECT_FALSE(status->running);
  const auto again = stop_server(engine, project.folder());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, base::code::cluster_not_running);
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

TEST(LocalMariaDb, TakesAnotherPortWhenItsOwnIsTaken) {
  const Project project(engine);
  const auto first = started(project);
  ASSERT_TRUE(stop_server(engine, project.folder()));

  const Descriptor squatter(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(squatter.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(first.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(squatter.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(squatter.get(), 1), 0);

  const auto second = started(project);
  EXPECT_NE(second.port, first.port);
  EXPECT_EQ(query(second, "SELECT 1"), "1");
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

TEST(LocalMariaDb, IsNotMisledByAStalePidFile) {
  const Project project(engine);
  started(project);
  ASSERT_TRUE(stop_server(engine, project.folder()));
  // The number in the file now belongs to another program of the same user.
  const auto account = server_account(mariadb_kind(), project.layout());
  ASSERT_TRUE(account);
  const pid_t other = forked([&] {
    if (*account && ::setuid((*account)->uid) != 0) ::_exit(1);
    for (;;) ::pause();
  });
  ASSERT_TRUE(write_small_file(project.layout().data() / "server.pid", std::to_string(other) + "\n"));
  const auto status = server_status(engine, project.folder());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, ServerState::stopped);
  const auto server = started(project);
  EXPECT_TRUE(server.started_now);
  EXPECT_NE(server.pid, other);
  EXPECT_EQ(::kill(other, 0), 0) << "the other program was harmed";
  ::kill(other, SIGKILL);
  exit_code_of(other);
}

TEST(LocalMariaDb, ConcurrentStartsMakeOneServer) {
  const Project project(engine);
  constexpr int starters = 4;
  std::vector<pid_t> children;
  for (int i = 0; i < starters; ++i)
    children.push_back(forked([&] {
      const auto server = start_server(project.options());
      ::_exit(!server ? 2 : server->started_now ? 1 : 0);
    }));
  int fresh = 0;
  for (const pid_t child : children) {
    const int code = exit_code_of(child);
    EXPECT_LT(code, 2);
    fresh += code == 1 ? 1 : 0;
  }
  EXPECT_EQ(fresh, 1);
  EXPECT_FALSE(started(project).started_now);
}

TEST(LocalMariaDb, OutlivesAKilledStarter) {
  const Project project(engine);
  const pid_t starter = forked([&] {
    if (start_server(project.options())) ::raise(SIGKILL);
  });
  EXPECT_EQ(exit_code_of(starter), 128 + SIGKILL);
  EXPECT_FALSE(started(project).started_now);
}

TEST(LocalMariaDb, RedoesAClusterThatWasLeftHalfMade) {
  const Project project(engine);
  const pid_t starter = forked([&] { (void)start_server(project.options()); });
  ASSERT_TRUE(eventually([&] { return has_unfinished_cluster(project.layout().home); }));
  ::kill(starter, SIGKILL);
  EXPECT_EQ(exit_code_of(starter), 128 + SIGKILL);
  ASSERT_FALSE(mariadb_kind().has_cluster(project.layout()));

  const auto server = started(project);
  EXPECT_EQ(query(server, "SELECT 1"), "1");
  EXPECT_FALSE(has_unfinished_cluster(project.layout().home));
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

TEST(LocalMariaDb, RemoveStopsAndLeavesNothing) {
  const Project project(engine);
  const auto server = started(project);
  ASSERT_TRUE(remove_server(engine, project.folder()));
  // The process may stay in the table until somebody waits for it, but it runs no more.
  std::ifstream arguments("/proc/" + std::to_string(server.pid) + "/cmdline");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(arguments), {}), "");
  EXPECT_FALSE(fs::exists(project.folder()));
  EXPECT_NE(started(project).url, server.url) << "the password was kept";
}

TEST(LocalMariaDbAsRoot, RunsTheServerAsAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  const Project project(engine);
  const auto server = started(project);
  struct stat process{};
  ASSERT_EQ(::stat(("/proc/" + std::to_string(server.pid)).c_str(), &process), 0);
  EXPECT_EQ(process.st_uid, ::getpwnam("mysql")->pw_uid);
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

TEST(LocalMariaDbAsRoot, AnOrdinaryUserNeedsNoRoot) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  const passwd* nobody = ::getpwnam("nobody");
  ASSERT_NE(nobody, nullptr);
  const Project project(engine);
  ASSERT_EQ(::chown(project.root.c_str(), nobody->pw_uid, nobody->pw_gid), 0);
  const pid_t user = forked([&] {
    if (::setgid(nobody->pw_gid) != 0 || ::setuid(nobody->pw_uid) != 0) ::_exit(1);
    const auto server = start_server(project.options());
    if (!server) {
      std::fprintf(stderr, "%s\n", base::to_string(server.error()).c_str());
      ::_exit(2);
    }
    ::_exit(query(*server, "SELECT 1") == "1" ? 0 : 3);
  });
  EXPECT_EQ(exit_code_of(user), 0);
  // Root meets that cluster, and runs it as its owner.
  EXPECT_FALSE(started(project).started_now);
  ASSERT_TRUE(stop_server(engine, project.folder()));
  const auto server = started(project);
  struct stat process{};
  ASSERT_EQ(::stat(("/proc/" + std::to_string(server.pid)).c_str(), &process), 0);
  EXPECT_EQ(process.st_uid, nobody->pw_uid);
}

}  // namespace
}  // namespace tenon::local
