// Migrations on a real PostgreSQL.
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include "sql/introspect.h"
#include "sql/url.h"
#include "tests/migrate/live.h"
#include "tests/support/postgres.h"

namespace tenon::test {
namespace {

std::string run(PGconn* connection, const std::string& sql) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection, sql.c_str()), PQclear);
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return {};
  std::string message = PQerrorMessage(connection);
  PQclear(PQexec(connection, "ROLLBACK"));
  return message;
}

LiveDatabase live_database() {
  const std::string url = create_database();
  const std::shared_ptr<PGconn> connection(PQconnectdb(url.c_str()), PQfinish);
  PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);
  return {.engine = catalog::Engine::postgresql,
          .empty =
              [connection] {
                run(connection.get(),
                    "DROP SCHEMA IF EXISTS one CASCADE; DROP SCHEMA IF EXISTS two CASCADE;"
                    "DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
              },
          .run = [connection](const std::string& sql) { return run(connection.get(), sql); },
          .introspect =
              [url] {
                auto catalog = sql::introspect_url(*sql::parse_database_url(url), {.all_schemas = true});
                EXPECT_TRUE(catalog) << base::to_string(catalog.error());
                return catalog ? *std::move(catalog) : catalog::Catalog();
              }};
}

TEST(MigratePostgres, PairsOfTheCorpusRunAndConverge) { expect_pairs_converge(live_database(), {}, "live"); }
TEST(MigratePostgres, OnlinePairsOfTheCorpusRunAndConverge) {
  expect_pairs_converge(live_database(), {.online = true}, "live-online");
}
TEST(MigratePostgres, RandomPairsConverge) { expect_random_pairs_converge(live_database(), 2'000); }

}  // namespace
}  // namespace tenon::test
