#include "tests/support/postgres.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <unistd.h>

#include "base/hash.h"

namespace tenon::test {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "tests/support/postgres: %s\n", what.c_str());
  std::abort();
}

local::ServerOptions options_for(const fs::path& root) {
  return {.folder = root / "postgres",
          .database = "test",
          .settings = {{"fsync", "off"},
                       {"full_page_writes", "off"},
                       {"autovacuum", "off"},
                       {"max_connections", "200"},
                       {"shared_buffers", "64MB"},
                       {"wal_level", "logical"}}};
}

// Stops the server when the test program is gone, however it went: a process that waits for the end of a pipe
// whose other end lives as long as the program.
void watch(const fs::path& root) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) give_up("no pipe");
  const pid_t child = ::fork();
  if (child < 0) give_up("no fork");
  if (child > 0) {
    ::close(ends[0]);
    return;
  }
  ::setsid();  // Ctrl-C is for the test program
  ::close(ends[1]);
  char byte = 0;
  while (::read(ends[0], &byte, 1) < 0) {
  }
  [[maybe_unused]] const auto stopped = local::stop_server(local::Engine::postgres, root / "postgres");
  std::error_code ignored;
  fs::remove_all(root, ignored);
  ::_exit(0);
}

struct Server {
  fs::path root;
  local::RunningServer running;

  Server() {
    std::string pattern = (fs::temp_directory_path() / "tenon-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) give_up("cannot make " + pattern);
    root = pattern;
    // The server may run as another account, which has to pass through.
    fs::permissions(root, fs::perms::others_exec, fs::perm_options::add);
    watch(root);
    start();
  }

  void start() {
    auto started = local::start_server(options_for(root));
    if (!started) give_up(base::to_string(started.error()));
    running = std::move(*started);
  }
};

Server& server() {
  static Server one;
  return one;
}

std::string url_of_database(const std::string& url, const std::string& name) {
  return url.substr(0, url.rfind('/') + 1) + name;
}

}  // namespace

const local::RunningServer& postgres() { return server().running; }

std::string create_database(std::string_view sql) {
  static std::atomic<int> count = 0;
  const std::string name = "t" + std::to_string(++count) + "_" + base::random_hex(3);
  run_sql(postgres().url, "CREATE DATABASE " + name);
  std::string url = url_of_database(postgres().url, name);
  if (!sql.empty()) run_sql(url, sql);
  return url;
}

void run_sql(const std::string& url, std::string_view sql) {
  const std::string problem = try_sql(url, sql);
  if (!problem.empty()) give_up(problem.c_str());
}

std::string try_sql(const std::string& url, std::string_view sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) return PQerrorMessage(connection.get());
  PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(
      PQexec(connection.get(), std::string(sql).c_str()), PQclear);
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return {};
  return PQerrorMessage(connection.get());
}

void crash_postgres() {
  // Immediate shutdown: no checkpoint, clients are cut off, recovery at the next start.
  ::kill(server().running.pid, SIGQUIT);
  for (int i = 0; i < 500; ++i) {
    const auto status = local::server_status(local::Engine::postgres, server().root / "postgres");
    if (status && status->state == local::ServerState::stopped) return;
    ::usleep(20'000);
  }
  give_up("the server does not crash");
}

void restart_postgres() { server().start(); }

}  // namespace tenon::test
