// Migrations on a real PostgreSQL.
#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include "sql/introspect.h"
#include "sql/open.h"
#include "sql/url.h"
#include "tests/migrate/live.h"
#include "tests/support/postgres.h"

namespace tenon::test {
namespace {

namespace asio = boost::asio;

std::string run(PGconn* connection, const std::string& sql) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection, sql.c_str()), PQclear);
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return {};
  std::string message = PQerrorMessage(connection);
  PQclear(PQexec(connection, "ROLLBACK"));
  return message;
}

// Introspects again and again over one connection.
class CatalogReader {
 public:
  explicit CatalogReader(const std::string& url) {
    run([&]() -> asio::awaitable<void> {
      auto connected = co_await sql::connect(*sql::parse_database_url(url), {}, soon());
      EXPECT_TRUE(connected) << connected.error().message;
      connection_ = std::move(*connected);
    });
  }

  catalog::Catalog read() {
    catalog::Catalog read;
    run([&]() -> asio::awaitable<void> {
      auto catalog = co_await sql::introspect(*connection_, {.all_schemas = true, .deadline = soon()});
      EXPECT_TRUE(catalog) << catalog.error().message;
      if (catalog) read = std::move(*catalog);
    });
    return read;
  }

 private:
  static sql::Clock::time_point soon() { return sql::Clock::now() + std::chrono::seconds(60); }

  template <class Work>
  void run(Work work) {
    bool ended = false;
    asio::co_spawn(context_, std::move(work), [&](std::exception_ptr error) {
      EXPECT_FALSE(error);
      ended = true;
    });
    context_.restart();
    while (!ended) context_.run_one();
  }

  asio::io_context context_{1};
  std::unique_ptr<sql::Connection> connection_;
};

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
          .introspect = [reader = std::make_shared<CatalogReader>(url)] { return reader->read(); }};
}

TEST(MigratePostgres, PairsOfTheCorpusRunAndConverge) { expect_pairs_converge(live_database(), {}, "live"); }
TEST(MigratePostgres, OnlinePairsOfTheCorpusRunAndConverge) {
  expect_pairs_converge(live_database(), {.online = true}, "live-online");
}
TEST(MigratePostgres, PairsOfTheCorpusConvergeInTwoSteps) {
  expect_pairs_converge_in_two_steps(live_database(), "live-two-steps");
}
TEST(MigratePostgres, RandomPairsConverge) { expect_random_pairs_converge(live_database(), 1'400); }
TEST(MigratePostgres, RandomPairsConvergeInTwoSteps) {
  expect_random_pairs_converge(live_database(), 300, Steps::two);
}

}  // namespace
}  // namespace tenon::test
