// What is of a project-local PostgreSQL alone; the rest of its life is in server_dbtest.cpp.
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

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

TEST(LocalPostgres, KeepsItsPortAndDataAcrossARestart) {
  const Project project(engine);
  const auto first = started(project);
  query(first.url, "CREATE TABLE kept AS SELECT 7 AS value");
  ASSERT_TRUE(stop_server(engine, project.folder()));
  const auto second = started(project);
  EXPECT_EQ(second.url, first.url);
  EXPECT_EQ(query(second.url, "SELECT value FROM kept"), "7");
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
  ASSERT_TRUE(eventually([&] {
    return query(first.url,
                 "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO%'") == "1";
  }));
  ASSERT_EQ(::kill(first.pid, SIGKILL), 0);
  const auto second = started(project);
  EXPECT_TRUE(second.started_now);
  EXPECT_EQ(query(second.url, "SELECT 1"), "1");
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
