// An engine over a database of the tests' own server, of the engine that the run is for
// (tests/support/database.h); with another beside it that asks for the rows of a query in one statement,
// where there is such a thing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "api/engine.h"
#include "api/test_shop.h"
#include "sql/differences.h"
#include "sql/open.h"
#include "sql/session_fixture.h"
#include "tests/support/database.h"

namespace tenon::api {

class DatabaseEngineTest : public testing::Test {
 protected:
  // `tables` is SQL, `models` the schema file for them, both in the words of test::for_engine.
  DatabaseEngineTest(std::string_view tables, std::string_view models, const EngineOptions& options = {})
      : url_(test::create_engine_database(tables)),
        pool_(sql::open_pool(io_.get_executor(), *sql::parse_database_url(url_), {}, sql::test::patient())),
        engine_(schema_of(models), *pool_, with(options, RoundTrips::many)),
        single_(engine_.schema(), *pool_, with(options, RoundTrips::one)) {}

  // Runs a coroutine to its end.
  template <class Make>
  auto wait(Make make) {
    std::optional<typename std::invoke_result_t<Make>::value_type> result;
    boost::asio::co_spawn(
        io_, [&]() -> boost::asio::awaitable<void> { result = co_await make(); },
        [&](std::exception_ptr thrown) { EXPECT_FALSE(thrown); });
    while (!result && io_.run_one() > 0) {
    }
    return std::move(*result);
  }

  // Queries are also answered by one statement each, and the answers have to be the same.
  Response run(std::string_view query, std::string_view variables = "{}") {
    Response response = run_on(engine_, query, variables);
    if (response.executed && response.kind == graphql::OperationKind::query)
      EXPECT_EQ(run_on(single_, query, variables).body, response.body) << query << '\n' << variables;
    return response;
  }
  std::string body(std::string_view query, std::string_view variables = "{}") {
    return run(query, variables).body;
  }

  // Whether the engine of this run has or does it as the list of differences says of MySQL and MariaDB. What
  // a test expects of one engine alone stands behind this question, so that nothing differs without a name.
  bool differs(sql::Difference difference) const {
    return test::on_mariadb() && sql::differences()[static_cast<std::size_t>(difference)].id == difference;
  }

  Response run_on(Engine& engine, std::string_view query, std::string_view variables = "{}") {
    const auto json = graphql::parse_json(variables);
    EXPECT_TRUE(json) << variables;
    return wait([&]() -> boost::asio::awaitable<Response> {
      co_return co_await engine.execute(
          {.query = query, .variables = graphql::JsonValue(*json)},
          {.principal = &developer, .deadline = sql::Clock::now() + std::chrono::seconds(20)});
    });
  }

  // What plain SQL gives: rows on lines, values separated by `|`.
  std::string sql(std::string_view text) {
    return wait([&]() -> boost::asio::awaitable<std::string> {
      auto lease = co_await pool_->acquire(sql::Clock::now() + std::chrono::seconds(20));
      if (!lease) co_return lease.error().message;
      auto results = co_await (*lease)->run_text(text, sql::Clock::now() + std::chrono::seconds(20));
      if (!results) co_return results.error().message;
      std::string out;
      const sql::ResultSet& rows = *results->back();
      std::vector<sql::Cell> cells(rows.column_count());
      for (std::size_t i = 0; i < rows.row_count(); ++i) {
        rows.read(i, cells);
        if (i > 0) out += '\n';
        for (std::size_t c = 0; c < cells.size(); ++c) {
          if (c > 0) out += '|';
          out += cells[c].text();
        }
      }
      co_return out;
    });
  }

  sql::ServerVersion server() {
    return wait([&]() -> boost::asio::awaitable<sql::ServerVersion> {
      auto lease = co_await pool_->acquire(sql::Clock::now() + std::chrono::seconds(20));
      co_return lease ? (*lease)->server_version() : sql::ServerVersion{};
    });
  }

  std::string url_;
  boost::asio::io_context io_{1};
  std::unique_ptr<sql::Pool> pool_;
  Engine engine_;
  Engine single_;

 private:
  std::shared_ptr<const Schema> schema_of(std::string_view models) {
    const std::string schema = test::on_mariadb() ? url_.substr(url_.rfind('/') + 1) : "public";
    return test_schema(test::for_engine(models), schema, {server()});
  }
  static EngineOptions with(EngineOptions options, RoundTrips round_trips) {
    options.round_trips = round_trips;
    return options;
  }
};

}  // namespace tenon::api
