// What goes wrong at the worst moment: deadlines, cancelled callers, connections cut in the middle of a row.

#include "sql/chaos_fixture.h"
#include "sql/session_fixture.h"
#include "tests/support/postgres.h"

namespace tenon::sql::test {
namespace {

using tenon::test::create_database;

// How many sessions other than the asking one run a statement.
asio::awaitable<std::string> busy_sessions(Connection& connection) {
  return value(
      connection,
      "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and pid "
      "<> pg_backend_pid()");
}

TEST(Deadline, CancelsTheStatementAndLeavesTheConnectionUsable) {
  run_to_end([url = create_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto other = co_await open(url);
    const Statement slow = statement("select pg_sleep(30)");
    const Statement insert = statement("insert into t values (1)");
    const std::vector<Call> calls{{&insert, {}}, {&slow, {}}, {&insert, {}}};
    for (const Begin begin : {Begin::none, Begin::read_write})
      for (const End end : {End::finish, End::keep_open}) {
        const auto before = Clock::now();
        auto outcome =
            co_await connection->run({.calls = calls, .begin = begin, .end = end, .deadline = in(100ms)});
        EXPECT_FALSE(outcome.has_value());
        if (!outcome) EXPECT_EQ(outcome.error().failure, Failure::timeout);
        if (!outcome) EXPECT_EQ(outcome.error().call, 1);
        EXPECT_LT(Clock::now() - before, 2s);
        EXPECT_FALSE(connection->broken());
        EXPECT_FALSE(connection->in_unit());
        EXPECT_EQ(co_await busy_sessions(*other), "0");
        EXPECT_EQ(co_await value(*connection, "select count(*) from t"), "0");
      }
  });
}

TEST(Deadline, EndsAUnitThatWasKeptOpen) {
  run_to_end([url = create_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement slow = statement("select pg_sleep(30)");
    const Statement insert = statement("insert into t values (1)");
    const Call write{&insert, {}};
    const Call wait{&slow, {}};
    auto begun = co_await connection->run(
        {.calls = {&write, 1}, .begin = Begin::read_write, .end = End::keep_open, .deadline = in(5s)});
    EXPECT_TRUE(begun.has_value());
    auto outcome = co_await connection->run({.calls = {&wait, 1}, .deadline = in(50ms)});
    EXPECT_FALSE(outcome.has_value());
    EXPECT_FALSE(connection->in_unit());
    EXPECT_EQ(co_await value(*connection, "select count(*) from t"), "0");
  });
}

TEST(Deadline, HoldsForTextAndForDeadlinesOfThePast) {
  run_to_end([url = create_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto outcome = co_await connection->run_text("select 1; select pg_sleep(30)", in(50ms));
    EXPECT_FALSE(outcome.has_value());
    if (!outcome) EXPECT_EQ(outcome.error().failure, Failure::timeout);
    EXPECT_EQ(co_await value(*connection, "select 1"), "1");
    const Statement slow = statement("select pg_sleep(30)");
    const Call wait{&slow, {}};
    for (int i = 0; i < 3; ++i) {
      const auto before = Clock::now();
      auto late = co_await connection->run({.calls = {&wait, 1}, .deadline = before + i * 20us - 20us});
      EXPECT_FALSE(late.has_value());
      EXPECT_LT(Clock::now() - before, 2s);
      EXPECT_EQ(co_await value(*connection, "select 1"), "1");
    }
  });
}

TEST(Cancellation, OfTheCallerStopsTheServerToo) {
  run_to_end([url = create_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto other = co_await open(url);
    const Statement slow = statement("select pg_sleep(30)");
    const Statement insert = statement("insert into t values (1)");
    const std::vector<Call> calls{{&insert, {}}, {&slow, {}}};
    for (const Begin begin : {Begin::none, Begin::read_write}) {
      auto outcome = co_await run_and_leave(*connection, calls, begin, 50ms);
      EXPECT_FALSE(outcome.has_value());
      EXPECT_FALSE(connection->broken());
      EXPECT_EQ(co_await busy_sessions(*other), "0");
      EXPECT_EQ(co_await value(*connection, "select count(*) from t"), "0");
    }
  });
}

// Whenever the caller leaves, what comes after reads its own answers and no one else's.
TEST(Cancellation, AtAnyMomentNeverLeavesAnAnswerBehind) {
  run_to_end([url = create_database("create table t (id serial, v text)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement insert =
        statement("insert into t (v) select repeat('x', 3000) from generate_series(1, 20) returning v");
    const Statement pause = statement("select pg_sleep(0.001)");
    const std::vector<Call> calls{{&insert, {}}, {&pause, {}}, {&insert, {}}};
    int complete = 0;
    for (int i = 0; i < 100; ++i) {
      auto outcome = co_await run_and_leave(*connection, calls, i % 2 == 0 ? Begin::none : Begin::read_write,
                                            std::chrono::microseconds(i * 60));
      complete += outcome.has_value() ? 1 : 0;
      if (connection->broken()) {
        connection = co_await open(url);
        continue;
      }
      EXPECT_EQ(co_await value(*connection, "select 'round " + std::to_string(i) + "'"),
                "round " + std::to_string(i));
    }
    // What was reported as done is there, and nothing else.
    EXPECT_EQ(co_await value(*connection, "select count(*) from t"), std::to_string(complete * 40));
  });
}

// A conversation through a proxy that cuts after `bytes` bytes of answers; true when it came to its end.
asio::awaitable<bool> converse(DatabaseUrl url, asio::ip::tcp::acceptor& acceptor, std::uint16_t server_port,
                               std::size_t bytes) {
  asio::co_spawn(
      co_await asio::this_coro::executor,
      [&acceptor, server_port, bytes]() { return cutting_proxy(acceptor, server_port, bytes); },
      asio::detached);
  auto connection = co_await connect(url, {}, in(5s));
  if (!connection) {
    EXPECT_EQ(connection.error().failure, Failure::unreachable) << connection.error().message;
    co_return false;
  }
  const Statement rows = statement("select i, repeat('x', i) from generate_series(1, 40) i");
  const std::vector<Call> calls{{&rows, {}}, {&rows, {}}};
  for (const Begin begin : {Begin::none, Begin::snapshot_read}) {
    auto results = co_await (*connection)->run({.calls = calls, .begin = begin, .deadline = in(5s)});
    if (!results) {
      EXPECT_EQ(results.error().failure, Failure::connection_lost) << results.error().message;
      EXPECT_TRUE((*connection)->broken());
      auto again = co_await (*connection)->run({.calls = calls, .deadline = in(5s)});
      EXPECT_FALSE(again.has_value());
      co_return false;
    }
    EXPECT_EQ(results->size(), 2);
    EXPECT_EQ(results->back()->row_count(), 40);
  }
  co_return true;
}

TEST(Cut, AtEveryByteOfAnswersIsAnErrorAndNothingWorse) {
  DatabaseUrl url = url_of(create_database());
  const std::uint16_t server_port = tenon::test::postgres().port;
  run_to_end([url, server_port]() mutable -> asio::awaitable<void> {
    asio::ip::tcp::acceptor acceptor(co_await asio::this_coro::executor,
                                     {asio::ip::address_v4::loopback(), 0});
    url.host = "127.0.0.1";
    url.port = acceptor.local_endpoint().port();
    url.parameters["sslmode"] = "disable";
    std::size_t cuts = 0;
    // Every byte of the handshake's end and the first rows would take minutes; steps of a prime number meet
    // every kind of place.
    for (std::size_t bytes = 1;; bytes += 37) {
      if (co_await converse(url, acceptor, server_port, bytes)) break;
      ++cuts;
      EXPECT_LT(bytes, 100'000);
      if (bytes >= 100'000) break;
    }
    EXPECT_GT(cuts, 50);
  });
}

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
    auto observer = co_await connect(direct, {}, in(5s));
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
      auto connection = co_await connect(url, {}, in(5s));
      if (!connection) continue;
      auto outcome =
          co_await (*connection)->run({.calls = {&write, 1}, .begin = Begin::read_write, .deadline = in(5s)});
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

TEST(Lost, WhenTheServerEndsTheSession) {
  run_to_end([url = create_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto other = co_await open(url);
    const std::string pid = co_await value(*connection, "select pg_backend_pid()");
    EXPECT_EQ(co_await value(*other, "select pg_terminate_backend(" + pid + ")"), "t");
    co_await sleep(100ms);
    EXPECT_FALSE(connection->still_open());
    EXPECT_TRUE(connection->broken());

    auto third = co_await open(url);
    EXPECT_TRUE(third->still_open()) << "an idle connection looks alive";
    const std::string victim = co_await value(*third, "select pg_backend_pid()");
    EXPECT_TRUE(third->still_open());
    EXPECT_EQ(co_await value(*other, "select pg_terminate_backend(" + victim + ")"), "t");
    const Statement one = statement("select 1");
    const Call call{&one, {}};
    auto outcome = co_await third->run({.calls = {&call, 1}, .deadline = in(5s)});
    EXPECT_FALSE(outcome.has_value());
    if (!outcome) EXPECT_EQ(outcome.error().failure, Failure::connection_lost);
    if (!outcome) EXPECT_TRUE(outcome.error().was_stale);
  });
}

}  // namespace
}  // namespace tenon::sql::test
