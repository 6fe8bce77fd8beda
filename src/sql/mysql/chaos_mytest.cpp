// What goes wrong at the worst moment on MariaDB alone; the rest is in sql/chaos_dbtest.cpp.
#include "sql/chaos_fixture.h"
#include "tests/support/mariadb.h"

namespace tenon::sql::test {
namespace {

using tenon::test::create_mariadb_database;

TEST(Lost, WhenTheSessionRestsTooLong) {
  run_to_end([url = create_mariadb_database()]() -> asio::awaitable<void> {
    auto rested = co_await open(url);
    EXPECT_TRUE(co_await rested->run_text("set wait_timeout = 1", patiently()));
    EXPECT_TRUE(co_await eventually([&] { return !rested->still_open(); }))
        << "the server ends sessions that rest too long";
  });
}

// A deadline that passes before anything is sent breaks nothing: it is set again, farther away.
asio::awaitable<DatabaseResult<Results>> run_until_broken(Connection& connection, const Call& call) {
  DatabaseResult<Results> outcome;
  for (Clock::duration time = 50ms; !connection.broken() && time < 60s; time *= 4)
    outcome = co_await connection.run({.calls = {&call, 1}, .deadline = in(time)});
  co_return outcome;
}

TEST(Lost, AServerThatHangsIsGivenUp) {
  run_to_end([url = create_mariadb_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto made = co_await connect(url_of(url), {}, patiently());
    EXPECT_TRUE(made.has_value());
    if (!made) co_return;
    Connection& connection = **made;
    const Statement one = statement("select 1");
    const Call call{&one, {}};
    ::kill(tenon::test::mariadb().pid, SIGSTOP);
    const auto before = Clock::now();
    auto outcome = co_await run_until_broken(connection, call);
    auto refused = co_await connect(url_of(url), {}, in(200ms));
    ::kill(tenon::test::mariadb().pid, SIGCONT);
    EXPECT_FALSE(outcome.has_value());
    if (!outcome) EXPECT_EQ(outcome.error().failure, Failure::timeout) << outcome.error().message;
    EXPECT_TRUE(connection.broken());
    EXPECT_FALSE(refused.has_value());
    if (!refused) EXPECT_EQ(refused.error().failure, Failure::unreachable);
    EXPECT_LT(Clock::now() - before, 60s);
  });
}

TEST(Lost, TooManyConnectionsAreAnError) {
  run_to_end([url = create_mariadb_database()]() -> asio::awaitable<void> {
    auto first = co_await open(url);
    EXPECT_TRUE(co_await first->run_text("create user if not exists few@localhost", patiently()));
    EXPECT_TRUE(co_await first->run_text("grant all on *.* to few@localhost with max_user_connections 1",
                                         patiently()));
    DatabaseUrl few = url_of(url);
    few.user = "few";
    few.password = base::Secret("");
    auto second = co_await connect(few, {}, patiently());
    EXPECT_TRUE(second.has_value());
    auto third = co_await connect(few, {}, patiently());
    EXPECT_FALSE(third.has_value());
    if (!third) EXPECT_EQ(third.error().failure, Failure::unreachable) << third.error().message;
    if (!second) co_return;
    // Nobody can be asked to stop the statement: the connection is given up.
    const Statement slow = statement("select sleep(300) from seq_1_to_2");
    const Call wait{&slow, {}};
    auto late = co_await run_until_broken(**second, wait);
    EXPECT_FALSE(late.has_value());
    if (!late) EXPECT_EQ(late.error().failure, Failure::timeout);
    EXPECT_TRUE((*second)->broken());
  });
}

}  // namespace
}  // namespace tenon::sql::test
