// The pool against the real server: limits, order, crashes and restarts.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/types.h>

#include "sql/pool.h"
#include "sql/session_fixture.h"
#include "tests/support/database.h"

namespace tenon::sql::test {
namespace {

using tenon::test::create_engine_database;

TEST(Pool, GrowsToItsLimitAndServesWaitersInOrder) {
  run_to_end([url = create_engine_database()]() -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    auto pool = open_pool(executor, url_of(url), {}, patient({.connections_max = 2, .waiting_max = 3}));
    auto first = co_await pool->acquire(patiently());
    auto second = co_await pool->acquire(patiently());
    EXPECT_TRUE(first && second);
    EXPECT_EQ(pool->statistics().open, 2);
    std::vector<int> order;
    for (int i = 0; i < 3; ++i)
      asio::co_spawn(
          executor,
          [&, i]() -> asio::awaitable<void> {
            auto lease = co_await pool->acquire(patiently());
            EXPECT_TRUE(lease.has_value());
            order.push_back(i);
            co_await sleep(5ms);
          },
          asio::detached);
    EXPECT_TRUE(co_await eventually([&] { return pool->statistics().waiting == 3; }));
    auto refused = co_await pool->acquire(patiently());
    EXPECT_FALSE(refused.has_value());
    if (!refused) EXPECT_EQ(refused.error().failure, Failure::overloaded);
    *first = Lease();
    EXPECT_TRUE(co_await eventually([&] { return pool->statistics().idle == 1; }));
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
    EXPECT_EQ(pool->statistics().open, 2);
    *second = Lease();
    EXPECT_EQ(pool->statistics().idle, 2);
    pool->close();
    EXPECT_EQ(pool->statistics().open, 0);
    auto closed = co_await pool->acquire(patiently());
    EXPECT_FALSE(closed.has_value());
  });
}

TEST(Pool, GivesUpAtTheDeadlineAndAtItsOwnTimeLimit) {
  run_to_end([url = create_engine_database()]() -> asio::awaitable<void> {
    struct Times {
      std::chrono::milliseconds of_the_pool;
      Clock::duration of_the_caller;
    };
    for (const Times& times : {Times{10min, 30ms}, Times{200ms, 10min}}) {
      base::PoolLimits limits = patient({.connections_max = 1});
      limits.acquire_timeout = times.of_the_pool;
      auto pool = open_pool(co_await asio::this_coro::executor, url_of(url), {}, limits);
      auto lease = co_await pool->acquire(patiently());
      // Connecting may take longer than the pool lets one wait.
      while (!lease && lease.error().failure == Failure::overloaded)
        lease = co_await pool->acquire(patiently());
      EXPECT_TRUE(lease.has_value());
      const auto before = Clock::now();
      auto refused = co_await pool->acquire(in(times.of_the_caller));
      EXPECT_FALSE(refused.has_value());
      if (!refused) EXPECT_EQ(refused.error().failure, Failure::overloaded);
      EXPECT_LT(Clock::now() - before, 60s);
      EXPECT_EQ(pool->statistics().waiting, 0);
    }
  });
}

TEST(Pool, ForgetsAWaiterThatWentAway) {
  run_to_end([url = create_engine_database()]() -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    auto pool = open_pool(executor, url_of(url), {}, patient({.connections_max = 1}));
    auto lease = co_await pool->acquire(patiently());
    asio::cancellation_signal gone;
    bool served = false;
    asio::co_spawn(
        executor,
        [&]() -> asio::awaitable<void> {
          auto late = co_await pool->acquire(patiently());
          served = late.has_value();
        },
        asio::bind_cancellation_slot(gone.slot(), asio::detached));
    EXPECT_TRUE(co_await eventually([&] { return pool->statistics().waiting == 1; }));
    gone.emit(asio::cancellation_type::terminal);
    EXPECT_TRUE(co_await eventually([&] { return pool->statistics().waiting == 0; }));
    *lease = Lease();
    EXPECT_EQ(pool->statistics().idle, 1);
    EXPECT_FALSE(served);
  });
}

TEST(Pool, DropsWhatCannotBeLentAgain) {
  run_to_end([url = create_engine_database()]() -> asio::awaitable<void> {
    auto pool =
        open_pool(co_await asio::this_coro::executor, url_of(url), {}, patient({.connections_max = 1}));
    {
      auto lease = co_await pool->acquire(patiently());
      EXPECT_TRUE(lease.has_value());
      auto begun = co_await (*lease)->run(
          {.begin = Begin::read_write, .end = End::keep_open, .deadline = patiently()});
      EXPECT_TRUE(begun.has_value());
    }
    EXPECT_EQ(pool->statistics().open, 0) << "its unit was left open";
    auto lease = co_await pool->acquire(patiently());
    EXPECT_TRUE(lease.has_value());
  });
}

TEST(Pool, ClosesConnectionsThatRestTooLong) {
  run_to_end([url = create_engine_database()]() -> asio::awaitable<void> {
    auto pool = open_pool(co_await asio::this_coro::executor, url_of(url), {},
                          patient({.connections_max = 3, .idle_timeout = 50ms}));
    {
      auto a = co_await pool->acquire(patiently());
      auto b = co_await pool->acquire(patiently());
      EXPECT_TRUE(a && b);
    }
    EXPECT_EQ(pool->statistics().idle, 2);
    EXPECT_TRUE(co_await eventually([&] { return pool->statistics().open == 0; }));
  });
}

TEST(Pool, FailsFastWhileTheServerIsDown) {
  run_to_end([]() -> asio::awaitable<void> {
    auto pool = open_pool(co_await asio::this_coro::executor, url_of("postgresql://u@127.0.0.1:1/d"), {}, {});
    const auto before = Clock::now();
    for (int i = 0; i < 1000; ++i) {
      auto refused = co_await pool->acquire(patiently());
      EXPECT_FALSE(refused.has_value());
      if (!refused) EXPECT_EQ(refused.error().failure, Failure::unreachable);
    }
    EXPECT_LT(Clock::now() - before, 10s) << "each of them tried to connect, with pauses of 50 ms";
  });
}

// Requests go on while the server crashes and starts again. Each ends, and some time after the server is back
// all succeed.
TEST(Pool, RecoversFromACrashUnderLoad) {
  const std::string url =
      create_engine_database("create table t (id int primary key); insert into t values (1)");
  tenon::test::run_engine_sql(url, "pg| checkpoint");  // this test server commits asynchronously
  run_to_end([url]() -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    auto pool = open_pool(executor, url_of(url), {}, patient({.connections_max = 4}));
    bool stop = false;
    int running = 0;
    int failed = 0;
    int succeeded = 0;
    std::string last;  // failure
    const Statement read = statement(tenon::test::on_mariadb() ? "select id, sleep(0.002) from t"
                                                               : "select id, pg_sleep(0.002) from t");
    const auto worker = [&]() -> asio::awaitable<void> {
      ++running;
      while (!stop) {
        bool fine = false;
        DatabaseError why;
        if (auto lease = co_await pool->acquire(patiently()); !lease) {
          why = lease.error();
        } else {
          const Call call{&read, {}};
          auto results = co_await (*lease)->run({.calls = {&call, 1}, .deadline = patiently()});
          fine = results.has_value();
          if (fine) EXPECT_EQ(cell(*results->front()), "1");
          if (!fine) why = results.error();
        }
        ++(fine ? succeeded : failed);
        if (!fine) last = why.message + " " + why.sqlstate;
        if (!fine) co_await sleep(5ms);
      }
      --running;
    };
    // However slow the machine is.
    const auto more = [](int& count, int wanted) -> asio::awaitable<void> {
      count = 0;
      for (int i = 0; i < 3000 && count < wanted; ++i) co_await sleep(10ms);
      EXPECT_GE(count, wanted);
    };
    for (int i = 0; i < 12; ++i) asio::co_spawn(executor, worker, asio::detached);
    for (int round = 0; round < 2; ++round) {
      co_await more(succeeded, 12);
      tenon::test::crash_database();
      co_await more(failed, 12);
      tenon::test::restart_database();
      co_await more(succeeded, 50);
      failed = 0;
      co_await more(succeeded, 50);
      EXPECT_EQ(failed, 0) << last;
    }
    stop = true;
    while (running > 0) co_await sleep(10ms);
  });
}

// Nobody asked while the server restarted: the first request after it must not meet the dead connection.
TEST(Pool, DoesNotLendWhatDiedAtRest) {
  run_to_end([url = create_engine_database()]() -> asio::awaitable<void> {
    auto pool =
        open_pool(co_await asio::this_coro::executor, url_of(url), {}, patient({.connections_max = 2}));
    {
      auto a = co_await pool->acquire(patiently());
      auto b = co_await pool->acquire(patiently());
      EXPECT_TRUE(a && b);
    }
    tenon::test::crash_database();
    tenon::test::restart_database();
    for (int i = 0; i < 3; ++i) {
      auto lease = co_await pool->acquire(patiently());
      EXPECT_TRUE(lease.has_value());
      if (lease) EXPECT_EQ(co_await value(**lease, "select 1"), "1");
    }
  });
}

}  // namespace
}  // namespace tenon::sql::test
