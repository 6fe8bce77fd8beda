// The whole life of a project-local PostgreSQL, with real servers in temporary folders.

#include <fstream>
#include <thread>

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "local/descriptor.h"
#include "local/postgres.h"
#include "local/project_fixture.h"
#include "tests/support/postgres.h"

namespace tenon::local {
namespace {

namespace fs = std::filesystem;

constexpr Engine engine = Engine::postgres;

// The first value of a query's first row, or the error.
std::string query(const std::string& url, const char* sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) return PQerrorMessage(connection.get());
  const std::unique_ptr<PGresult, decltype(&PQclear)> rows(PQexec(connection.get(), sql), PQclear);
  if (PQresultStatus(rows.get()) == PGRES_COMMAND_OK) return "";
  return PQntuples(rows.get()) > 0 ? PQgetvalue(rows.get(), 0, 0) : PQerrorMessage(connection.get());
}

TEST(LocalPostgres, CreatesAClusterThatOnlyThePasswordOpens) {
  const Project project(engine);
  std::vector<std::string> steps;
  auto options = project.options();
  options.progress = [&](std::string_view step) { steps.emplace_back(step); };
  const auto server = start_server(options);
  ASSERT_TRUE(server) << base::to_string(server.error());
  EXPECT_TRUE(server->started_now);
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_TRUE(steps[0].starts_with("creating a PostgreSQL ")) << steps[0];
  EXPECT_TRUE(steps[1].starts_with("starting PostgreSQL ")) << steps[1];

  EXPECT_EQ(query(server->url, "SELECT current_database()"), "app");
  EXPECT_EQ(query(server->url, "SHOW server_encoding"), "UTF8");
  EXPECT_EQ(query(server->url, "SELECT datcollate FROM pg_database WHERE datname = 'app'"), "C.UTF-8");
  EXPECT_EQ(query(server->url, "SHOW listen_addresses"), "127.0.0.1");
  EXPECT_EQ(query(server->url, "SELECT rolpassword LIKE 'SCRAM-SHA-256%' FROM pg_authid WHERE oid = 10"),
            "t");

  std::string wrong = server->url;
  wrong.replace(wrong.find(':', 13) + 1, 32, std::string(32, '0'));
  EXPECT_NE(query(wrong, "SELECT 1").find("password authentication failed"), std::string::npos);
  const std::string by_socket = "host=" + server->socket_folder.string() +
                                " port=" + std::to_string(server->port) +
                                " user=postgres dbname=app password=wrong";
  EXPECT_NE(query(by_socket, "SELECT 1").find("password authentication failed"), std::string::npos);

  struct stat found{};
  ASSERT_EQ(::stat(project.layout().password().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat(project.layout().home.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0700U);
}

TEST(LocalPostgres, TheSecondStartReusesTheServer) {
  const Project project(engine);
  const auto first = started(project);
  const auto second = started(project);
  EXPECT_TRUE(first.started_now);
  EXPECT_FALSE(second.started_now);
  EXPECT_EQ(first.pid, second.pid);
  EXPECT_EQ(first.url, second.url);
}

TEST(LocalPostgres, IsAProcessOfItsOwn) {
  const Project project(engine);
  const auto server = started(project);
  EXPECT_NE(::getsid(server.pid), ::getsid(0));
  EXPECT_NE(::getpgid(server.pid), ::getpgid(0));
  EXPECT_EQ(::waitpid(server.pid, nullptr, WNOHANG), -1) << "it is a child of the caller";
}

TEST(LocalPostgres, StatusTellsAbsentRunningAndStopped) {
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
  EXPECT_EQ(status->product, "PostgreSQL");
  EXPECT_GE(std::stoi(status->version), 12);
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

TEST(LocalPostgres, KeepsItsPortAndDataAcrossARestart) {
  const Project project(engine);
  const auto first = started(project);
  query(first.url, "CREATE TABLE kept AS SELECT 7 AS value");
  ASSERT_TRUE(stop_server(engine, project.folder()));
  const auto second = started(project);
  EXPECT_EQ(second.url, first.url);
  EXPECT_EQ(query(second.url, "SELECT value FROM kept"), "7");
}

TEST(LocalPostgres, TakesAnotherPortWhenItsOwnIsTaken) {
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
  EXPECT_EQ(query(second.url, "SELECT 1"), "1");
}

TEST(LocalPostgres, RecoversAfterTheServerWasKilled) {
  const Project project(engine);
  const auto first = started(project);
  query(first.url, "CREATE TABLE kept AS SELECT 7 AS value; CHECKPOINT");
  ASSERT_EQ(::kill(first.pid, SIGKILL), 0);
  const auto second = started(project);
  EXPECT_TRUE(second.started_now);
  EXPECT_NE(second.pid, first.pid);
  EXPECT_EQ(query(second.url, "SELECT value FROM kept"), "7");
}

TEST(LocalPostgres, EndsABusyBackendWhoseServerWasKilled) {
  const Project project(engine);
  const auto first = started(project);
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(first.url.c_str()), PQfinish);
  // Never looks up from its work.
  ASSERT_EQ(PQsendQuery(connection.get(), "DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$"), 1);
  ::usleep(200'000);
  ASSERT_EQ(::kill(first.pid, SIGKILL), 0);
  ::usleep(100'000);
  const auto second = started(project);
  EXPECT_TRUE(second.started_now);
  EXPECT_EQ(query(second.url, "SELECT 1"), "1");
}

TEST(LocalPostgres, IsNotMisledByAStalePidFile) {
  const Project project(engine);
  started(project);
  ASSERT_TRUE(stop_server(engine, project.folder()));
  // The number in the file now belongs to another program of the same user.
  const auto account = server_account(postgres_kind(), project.layout());
  ASSERT_TRUE(account);
  const pid_t other = forked([&] {
    if (*account && ::setuid((*account)->uid) != 0) ::_exit(1);
    for (;;) ::pause();
  });
  ASSERT_TRUE(write_small_file(project.layout().data() / "postmaster.pid",
                               std::to_string(other) + "\n" + project.layout().data().string() +
                                   "\n1700000000\n5432\n/tmp\n127.0.0.1\n  1 1\nready   \n"));
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

TEST(LocalPostgres, ConcurrentStartsMakeOneServer) {
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

TEST(LocalPostgres, OutlivesAKilledStarter) {
  const Project project(engine);
  const pid_t starter = forked([&] {
    if (start_server(project.options())) ::raise(SIGKILL);
  });
  EXPECT_EQ(exit_code_of(starter), 128 + SIGKILL);
  EXPECT_FALSE(started(project).started_now);
}

TEST(LocalPostgres, RedoesAClusterThatWasLeftHalfMade) {
  const Project project(engine);
  const pid_t starter = forked([&] { (void)start_server(project.options()); });
  ASSERT_TRUE(eventually([&] { return has_unfinished_cluster(project.layout().home); }));
  ::kill(starter, SIGKILL);
  EXPECT_EQ(exit_code_of(starter), 128 + SIGKILL);
  ASSERT_FALSE(postgres_kind().has_cluster(project.layout()));
  const auto status = server_status(engine, project.folder());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, ServerState::absent);

  const auto server = started(project);
  EXPECT_EQ(query(server.url, "SELECT 1"), "1");
  EXPECT_FALSE(has_unfinished_cluster(project.layout().home));
}

TEST(LocalPostgres, ALongPathGetsItsSocketElsewhere) {
  const Project project(engine);
  const fs::path deep = project.root / std::string(60, 'a') / std::string(60, 'b') / "postgres";
  const auto server = start_server({.folder = deep, .settings = {{"fsync", "off"}}});
  ASSERT_TRUE(server) << base::to_string(server.error());
  EXPECT_LT(server->socket_folder.string().size(), 80U);
  struct stat found{};
  ASSERT_EQ(::stat(server->socket_folder.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0700U);
  EXPECT_TRUE(fs::exists(server->socket_folder / (".s.PGSQL." + std::to_string(server->port))));
  EXPECT_TRUE(remove_server(engine, deep));
  EXPECT_FALSE(fs::exists(server->socket_folder)) << "left behind";
}

TEST(LocalPostgres, NamesThePackageOfAVersionThatIsGone) {
  const Project project(engine);
  started(project);
  ASSERT_TRUE(stop_server(engine, project.folder()));
  const fs::path version = project.layout().data() / "PG_VERSION";
  const std::string real = *read_small_file(version);
  std::ofstream(version) << "99\n";
  const auto refused = start_server(project.options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::code::server_not_installed);
  EXPECT_NE(refused.error().help.find("postgresql-99"), std::string::npos) << refused.error().help;
  std::ofstream(version) << real;
}

TEST(LocalPostgres, TellsTheServersReasonWhenItDoesNotStart) {
  const Project project(engine);
  auto options = project.options();
  options.settings["shared_buffers"] = "nonsense";
  const auto refused = start_server(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::code::cluster_start_failed);
  EXPECT_NE(refused.error().message.find("shared_buffers"), std::string::npos) << refused.error().message;
  EXPECT_TRUE(started(project).started_now);
}

TEST(LocalPostgres, RemoveStopsAndLeavesNothing) {
  const Project project(engine);
  const auto server = started(project);
  ASSERT_TRUE(remove_server(engine, project.folder()));
  // The process may stay in the table until somebody waits for it, but it runs no more.
  std::ifstream arguments("/proc/" + std::to_string(server.pid) + "/cmdline");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(arguments), {}), "");
  EXPECT_FALSE(fs::exists(project.folder()));
  EXPECT_NE(started(project).url, server.url) << "the password was kept";
}

TEST(LocalPostgres, ACopiedProjectGetsAServerOfItsOwn) {
  const Project project(engine), copy(engine);
  const auto original = started(project);
  ASSERT_TRUE(stop_server(engine, project.folder()));
  fs::copy(project.folder(), copy.folder(), fs::copy_options::recursive);
  if (::geteuid() == 0) {
    const uid_t owner = (*server_account(postgres_kind(), project.layout()))->uid;
    for (const auto& entry : fs::recursive_directory_iterator(copy.folder()))
      ASSERT_EQ(::lchown(entry.path().c_str(), owner, owner), 0);
    ASSERT_EQ(::chown(copy.folder().c_str(), owner, owner), 0);
  }
  const auto first = started(project);
  const auto second = started(copy);
  EXPECT_TRUE(second.started_now);
  EXPECT_NE(first.pid, second.pid);
  EXPECT_NE(first.port, second.port);
}

TEST(LocalPostgresAsRoot, RunsTheServerAsAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  const Project project(engine);
  const auto server = started(project);
  struct stat process{};
  ASSERT_EQ(::stat(("/proc/" + std::to_string(server.pid)).c_str(), &process), 0);
  EXPECT_EQ(process.st_uid, ::getpwnam("postgres")->pw_uid);
}

TEST(LocalPostgresAsRoot, KeepsDataElsewhereWhenTheProjectIsClosedToTheServer) {
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
    EXPECT_EQ(query(server.url, "SELECT 1"), "1");
    EXPECT_FALSE(started(project).started_now);
    ASSERT_TRUE(stop_server(engine, project.folder()));
    EXPECT_EQ(started(project).url, server.url);

    // A note that names another project's place is not followed.
    const Project copy(engine, "/root");
    fs::create_directories(copy.folder());
    fs::copy_file(project.folder() / "location", copy.folder() / "location");
    const auto second = started(copy);
    EXPECT_NE(second.pid, server.pid);
    EXPECT_NE(copy.layout().home, home);
  }
  EXPECT_FALSE(fs::exists(home)) << "left behind";
}

TEST(LocalPostgresAsRoot, AnOrdinaryUserNeedsNoRoot) {
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
    ::_exit(query(server->url, "SELECT 1") == "1" ? 0 : 3);
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

TEST(LocalPostgresAsRoot, TellsAUserThatTheClusterIsAnothers) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  const Project project(engine);
  started(project);
  ::chmod(project.root.c_str(), 0777);
  const passwd* nobody = ::getpwnam("nobody");
  const pid_t user = forked([&] {
    if (::setgid(nobody->pw_gid) != 0 || ::setuid(nobody->pw_uid) != 0) ::_exit(1);
    const auto status = server_status(engine, project.folder());
    ::_exit(!status && status.error().help.find("another user") != std::string::npos ? 0 : 2);
  });
  EXPECT_EQ(exit_code_of(user), 0);
}

TEST(TestSupport, MakesDatabasesAndSurvivesCrashes) {
  const std::string url = test::create_database("CREATE TABLE a (id int); INSERT INTO a VALUES (1)");
  test::run_sql(url, "CHECKPOINT; INSERT INTO a VALUES (2)");
  const auto port = test::postgres().port;
  test::crash_postgres();
  test::restart_postgres();
  EXPECT_EQ(test::postgres().port, port);
  test::run_sql(url, "INSERT INTO a VALUES (3)");
  EXPECT_EQ(query(url, "SELECT count(*) >= 2 FROM a"), "t");
}

}  // namespace
}  // namespace tenon::local
