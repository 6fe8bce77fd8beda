// What goes wrong at the worst moment, on both engines: deadlines, cancelled callers, connections cut in the
// middle of a row, servers that go away.
#include <optional>

#include <boost/asio/post.hpp>

#include "sql/chaos_fixture.h"
#include "tests/support/database.h"
#include "tests/support/mariadb.h"
#include "tests/support/postgres.h"

namespace tenon::sql::test {
namespace {

using tenon::test::create_engine_database;
using tenon::test::on_mariadb;

// Never ends by itself while a test lasts, and an error when it is (MariaDB's lone sleep() just returns
// early).
const char* slow_text() {
  return on_mariadb() ? "select count(*) from seq_1_to_1000000 a, seq_1_to_1000000 b where a.seq + b.seq < 0"
                      : "select pg_sleep(600)";
}

// How many sessions other than the asking one run a statement on this database. A session counts as running
// for a moment after its answer is out, so a few looks are taken.
asio::awaitable<std::string> busy_sessions(Connection& connection) {
  std::string count;
  for (const auto give_up = in(20s); count != "0" && Clock::now() < give_up;) {
    if (!count.empty()) co_await sleep(10ms);
    count = co_await value(
        connection, on_mariadb()
                        ? "select count(*) from information_schema.processlist where db = database() and "
                          "command in ('Query', 'Execute') and id <> connection_id()"
                        : "select count(*) from pg_stat_activity where datname = current_database() and "
                          "state = 'active' and pid <> pg_backend_pid()");
  }
  co_return count;
}

// Numbers from 1 on as the rows of a table: its name, and its column.
std::string numbers(int last) {
  return on_mariadb() ? "seq_1_to_" + std::to_string(last)
                      : "generate_series(1, " + std::to_string(last) + ") as seq";
}

std::uint16_t server_port() {
  return on_mariadb() ? tenon::test::mariadb().port : tenon::test::postgres().port;
}

asio::awaitable<std::string> session_id(Connection& connection) {
  return value(connection, on_mariadb() ? "select connection_id()" : "select pg_backend_pid()");
}
std::string kill(const std::string& id) {
  return on_mariadb() ? "kill " + id : "select pg_terminate_backend(" + id + ")";
}

TEST(Deadline, CancelsTheStatementAndLeavesTheConnectionUsable) {
  run_to_end([url = create_engine_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto other = co_await open(url);
    const Statement slow = statement(slow_text());
    const Statement insert = statement("insert into t values (1)");
    const std::vector<Call> calls{{&insert, {}}, {&slow, {}}, {&insert, {}}};
    for (const Begin begin : {Begin::none, Begin::read_write})
      for (const End end : {End::finish, End::keep_open}) {
        auto outcome =
            co_await run_into_deadline(*connection, {.calls = calls, .begin = begin, .end = end}, 1);
        EXPECT_FALSE(outcome.has_value());
        if (!outcome) EXPECT_EQ(outcome.error().failure, Failure::timeout) << outcome.error().message;
        if (!outcome) EXPECT_EQ(outcome.error().call, 1);
        EXPECT_FALSE(connection->broken());
        EXPECT_FALSE(connection->in_unit());
        EXPECT_EQ(co_await busy_sessions(*other), "0");
        EXPECT_EQ(co_await value(*connection, "select count(*) from t"), "0");
      }
  });
}

TEST(Deadline, EndsAUnitThatWasKeptOpen) {
  run_to_end([url = create_engine_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement slow = statement(slow_text());
    const Statement insert = statement("insert into t values (1)");
    const Call write{&insert, {}};
    const Call wait{&slow, {}};
    for (const bool of_the_past : {false, true}) {
      auto begun = co_await connection->run(
          {.calls = {&write, 1}, .begin = Begin::read_write, .end = End::keep_open, .deadline = patiently()});
      EXPECT_TRUE(begun.has_value());
      auto outcome =
          co_await connection->run({.calls = {&wait, 1}, .deadline = in(of_the_past ? -1ms : 50ms)});
      EXPECT_FALSE(outcome.has_value());
      EXPECT_FALSE(connection->in_unit());
      EXPECT_EQ(co_await value(*connection, "select count(*) from t"), "0");
    }
  });
}

TEST(Deadline, HoldsForTextAndForDeadlinesOfThePast) {
  run_to_end([url = create_engine_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto outcome = co_await connection->run_text(slow_text(), in(50ms));
    EXPECT_FALSE(outcome.has_value());
    if (!outcome) EXPECT_EQ(outcome.error().failure, Failure::timeout);
    EXPECT_EQ(co_await value(*connection, "select 1"), "1");
    const Statement slow = statement(slow_text());
    const Call wait{&slow, {}};
    for (int i = 0; i < 5; ++i) {
      const auto before = Clock::now();
      auto late = co_await connection->run({.calls = {&wait, 1}, .deadline = before + i * 50us - 50us});
      EXPECT_FALSE(late.has_value());
      EXPECT_EQ(co_await value(*connection, "select 1"), "1");
    }
  });
}

TEST(Cancellation, OfTheCallerStopsTheServerToo) {
  run_to_end([url = create_engine_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto other = co_await open(url);
    const Statement slow = statement(slow_text());
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

// He leaves when there is nothing to interrupt, and never comes to a wait that it would end.
TEST(Cancellation, BeforeAnythingIsBegun) {
  run_to_end([url = create_engine_database("create table t (id int)")]() -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    auto connection = co_await open(url);
    const Statement insert = statement("insert into t values (1)");
    const std::vector<Call> calls{{&insert, {}}};
    for (const bool in_unit : {false, true}) {
      if (in_unit)
        EXPECT_TRUE(co_await connection->run(
            {.calls = calls, .begin = Begin::read_write, .end = End::keep_open, .deadline = patiently()}));
      asio::cancellation_signal gone;
      std::optional<DatabaseResult<Results>> outcome;
      asio::co_spawn(
          executor,
          [&]() -> asio::awaitable<void> {
            co_await asio::this_coro::throw_if_cancelled(false);
            co_await asio::post(executor, asio::use_awaitable);
            outcome = co_await connection->run({.calls = calls, .deadline = patiently()});
          },
          asio::bind_cancellation_slot(gone.slot(), asio::detached));
      gone.emit(asio::cancellation_type::terminal);
      EXPECT_TRUE(co_await eventually([&] { return outcome.has_value(); }));
      EXPECT_FALSE(outcome->has_value());
      EXPECT_FALSE(connection->broken());
      EXPECT_FALSE(connection->in_unit());
      EXPECT_EQ(co_await value(*connection, "select count(*) from t"), "0");
    }
  });
}

// Whenever the caller leaves, what comes after reads its own answers and no one else's.
TEST(Cancellation, AtAnyMomentNeverLeavesAnAnswerBehind) {
  run_to_end([url = create_engine_database("create table t (id serial, v text)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement insert = statement("insert into t (v) select repeat('x', 3000) from " + numbers(20));
    const Statement read = statement("select * from t order by id desc limit 20");
    const std::vector<Call> calls{{&insert, {}}, {&read, {}}, {&insert, {}}};
    const auto before = Clock::now();
    EXPECT_TRUE(co_await connection->run({.calls = calls, .deadline = patiently()}));
    const Clock::duration whole = Clock::now() - before;
    int complete = 1;
    for (int i = 0; i < 150 || (complete == 1 && i < 3'000); ++i) {
      auto outcome = co_await run_and_leave(*connection, calls, i % 2 == 0 ? Begin::none : Begin::read_write,
                                            whole * i / 75);
      complete += outcome.has_value() ? 1 : 0;
      EXPECT_FALSE(connection->broken());
      EXPECT_EQ(co_await value(*connection, "select 'round " + std::to_string(i) + "'"),
                "round " + std::to_string(i));
    }
    EXPECT_GT(complete, 1) << "nobody stayed to the end";
    // What was reported as done is there, and nothing else.
    EXPECT_EQ(co_await value(*connection, "select count(*) from t"), std::to_string(complete * 40));
  });
}

// A conversation through a proxy that cuts after `bytes` bytes of answers; true when it came to its end.
asio::awaitable<bool> converse(DatabaseUrl url, asio::ip::tcp::acceptor& acceptor, std::uint16_t port,
                               std::size_t bytes) {
  asio::co_spawn(
      co_await asio::this_coro::executor,
      [&acceptor, port, bytes]() { return cutting_proxy(acceptor, port, bytes); }, asio::detached);
  auto connection = co_await connect(url, {}, patiently());
  if (!connection) {
    EXPECT_EQ(connection.error().failure, Failure::unreachable) << connection.error().message;
    co_return false;
  }
  const Statement rows = statement("select seq, repeat('x', seq) from " + numbers(40));
  const std::vector<Call> calls{{&rows, {}}, {&rows, {}}};
  for (const Begin begin : {Begin::none, Begin::snapshot_read}) {
    auto results = co_await (*connection)->run({.calls = calls, .begin = begin, .deadline = patiently()});
    if (!results) {
      EXPECT_EQ(results.error().failure, Failure::connection_lost) << results.error().message;
      EXPECT_TRUE((*connection)->broken());
      auto again = co_await (*connection)->run({.calls = calls, .deadline = patiently()});
      EXPECT_FALSE(again.has_value());
      co_return false;
    }
    EXPECT_EQ(results->size(), 2);
    EXPECT_EQ(results->back()->row_count(), 40);
  }
  co_return true;
}

TEST(Cut, AtEveryByteOfAnswersIsAnErrorAndNothingWorse) {
  DatabaseUrl url = url_of(create_engine_database());
  run_to_end([url]() mutable -> asio::awaitable<void> {
    asio::ip::tcp::acceptor acceptor(co_await asio::this_coro::executor,
                                     {asio::ip::address_v4::loopback(), 0});
    url.host = "127.0.0.1";
    url.port = acceptor.local_endpoint().port();
    if (!on_mariadb()) url.parameters["sslmode"] = "disable";
    std::size_t cuts = 0;
    // Steps of a prime number meet every kind of place.
    for (std::size_t bytes = 1;; bytes += 17) {
      if (co_await converse(url, acceptor, server_port(), bytes)) break;
      ++cuts;
      EXPECT_LT(bytes, 100'000);
      if (bytes >= 100'000) break;
    }
    EXPECT_GT(cuts, 50);
  });
}

TEST(Lost, WhenTheServerEndsTheSession) {
  run_to_end([url = create_engine_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto other = co_await open(url);
    const std::string id = co_await session_id(*connection);
    EXPECT_TRUE(co_await other->run_text(kill(id), patiently()));
    EXPECT_TRUE(co_await eventually([&] { return !connection->still_open(); }));
    EXPECT_TRUE(connection->broken());

    auto third = co_await open(url);
    EXPECT_TRUE(third->still_open()) << "an idle connection looks alive";
    const std::string victim = co_await session_id(*third);
    EXPECT_TRUE(third->still_open());
    EXPECT_TRUE(co_await other->run_text(kill(victim), patiently()));
    const Statement one = statement("select 1");
    const Call call{&one, {}};
    auto outcome = co_await third->run({.calls = {&call, 1}, .deadline = patiently()});
    EXPECT_FALSE(outcome.has_value());
    if (!outcome) EXPECT_EQ(outcome.error().failure, Failure::connection_lost);
    if (!outcome) EXPECT_TRUE(outcome.error().was_stale);
  });
}

TEST(Lost, WhenTheServerCrashesAndComesBack) {
  run_to_end([url = create_engine_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement insert = statement("insert into t values (1)");
    const Call write{&insert, {}};
    auto begun = co_await connection->run(
        {.calls = {&write, 1}, .begin = Begin::read_write, .end = End::keep_open, .deadline = patiently()});
    EXPECT_TRUE(begun.has_value());
    tenon::test::crash_database();
    auto lost = co_await connection->run({.calls = {&write, 1}, .deadline = patiently()});
    EXPECT_FALSE(lost.has_value());
    if (!lost) EXPECT_EQ(lost.error().failure, Failure::connection_lost);
    if (!lost) EXPECT_FALSE(lost.error().was_stale) << "a unit was open: it cannot be run again by itself";
    auto down = co_await connect(url_of(url), {}, patiently());
    EXPECT_FALSE(down.has_value());
    if (!down) EXPECT_EQ(down.error().failure, Failure::unreachable);
    tenon::test::restart_database();
    auto again = co_await open(url);
    if (again) EXPECT_EQ(co_await value(*again, "select count(*) from t"), "0");
  });
}

}  // namespace
}  // namespace tenon::sql::test
