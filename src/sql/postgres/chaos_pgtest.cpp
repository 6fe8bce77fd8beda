// What goes wrong at the worst moment on PostgreSQL alone; the rest is in sql/chaos_dbtest.cpp.
#include "sql/chaos_fixture.h"
#include "tests/support/postgres.h"

namespace tenon::sql::test {
namespace {

using tenon::test::create_database;

// Cut between the answer to COMMIT and the end of the exchange: the unit is known to be done.
TEST(Cut, BehindTheCommitIsNoFailure) {
  DatabaseUrl url = url_of(create_database("create table t (id int)"));
  const DatabaseUrl direct = url;
  const std::uint16_t server_port = tenon::test::postgres().port;
  run_to_end([url, direct, server_port]() mutable -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::acceptor acceptor(executor, {asio::ip::address_v4::loopback(), 0});
    url.host = "127.0.0.1";
    url.port = acceptor.local_endpoint().port();
    url.parameters["sslmode"] = "disable";
    auto observer = co_await connect(direct, {}, patiently());
    EXPECT_TRUE(observer.has_value());
    const Statement insert = statement("insert into t values (1)");
    const Call write{&insert, {}};
    int done = 0;
    int broken_when_done = 0;
    bool whole = false;
    // The session's greeting is far longer than a few hundred bytes, and the exchange shorter.
    for (std::size_t bytes = 300; !whole && bytes < 2'000; ++bytes) {
      asio::co_spawn(
          executor, [&acceptor, server_port, bytes] { return cutting_proxy(acceptor, server_port, bytes); },
          asio::detached);
      auto connection = co_await connect(url, {}, patiently());
      if (!connection) continue;
      auto outcome = co_await (*connection)
                         ->run({.calls = {&write, 1}, .begin = Begin::read_write, .deadline = patiently()});
      if (outcome) ++done;
      if (outcome && (*connection)->broken()) ++broken_when_done;
      whole = outcome && !(*connection)->broken();
    }
    EXPECT_TRUE(whole);
    // "ReadyForQuery" has six bytes: it is cut before each of them.
    EXPECT_EQ(broken_when_done, 6);
    // Without that answer nothing is known; those that were reported as done are there.
    EXPECT_GE(std::stoi(co_await value(**observer, "select count(*) from t")), done);
  });
}

}  // namespace
}  // namespace tenon::sql::test
