#include "tests/support/postgres.h"

#include <memory>

#include <libpq-fe.h>
#include <signal.h>

#include "tests/support/server.h"

namespace tenon::test {

namespace {

// Killed by it, the server cuts its clients off without a checkpoint: the next start recovers.
constexpr int crash_signal = SIGQUIT;

TestServer& server() {
  static TestServer one(local::Engine::postgres,
                        {{"fsync", "off"},
                         {"full_page_writes", "off"},
                         {"autovacuum", "off"},
                         {"max_connections", "200"},
                         {"shared_buffers", "64MB"},
                         {"wal_level", "logical"}},
                        crash_signal);
  return one;
}

}  // namespace

const local::RunningServer& postgres() { return server().running(); }

std::string create_database(std::string_view sql) {
  const std::string name = fresh_database_name();
  run_sql(postgres().url, "CREATE DATABASE " + name);
  std::string url = server().url_of(name);
  if (!sql.empty()) run_sql(url, sql);
  return url;
}

void run_sql(const std::string& url, std::string_view sql) {
  const std::string problem = try_sql(url, sql);
  if (!problem.empty()) give_up(problem);
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

void crash_postgres() { server().crash(); }
void restart_postgres() { server().start(); }

}  // namespace tenon::test
