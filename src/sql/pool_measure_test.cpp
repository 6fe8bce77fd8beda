// How the pool measures the way to its server, over connections that only wait.
#include <functional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "sql/pool.h"

namespace tenon::sql {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// What all connections of one test share.
struct Server {
  Clock::duration round_trip = 1ms;
  int measured = 0;  // texts that were run
  int connected = 0;
  bool fails = false;
};

asio::awaitable<void> sleep(Clock::duration time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

// A busy machine takes its time: waits for what comes in the end, and says whether it came.
asio::awaitable<bool> eventually(std::function<bool()> condition) {
  const auto give_up = Clock::now() + 60s;
  while (!condition() && Clock::now() < give_up) co_await sleep(2ms);
  co_return condition();
}

class WaitingConnection final : public Connection {
 public:
  explicit WaitingConnection(Server& server) : server_(server) {}

  asio::awaitable<DatabaseResult<Results>> run(Exchange) override { co_return Results{}; }
  asio::awaitable<DatabaseResult<Results>> run_text(std::string_view, Clock::time_point) override {
    ++server_.measured;
    co_await sleep(server_.round_trip);
    broken_ = server_.fails;
    if (broken_) co_return std::unexpected(DatabaseError{.failure = Failure::connection_lost});
    co_return Results{};
  }
  const ServerVersion& server_version() const override { return version_; }
  bool broken() const override { return broken_; }
  bool in_unit() const override { return false; }

 private:
  ServerVersion version_;
  Server& server_;
  bool broken_ = false;
};

class PoolMeasure : public testing::Test {
 protected:
  // Runs `work` with a pool that measures every `interval`.
  template <class Work>
  void run(std::chrono::milliseconds interval, Work work, std::chrono::milliseconds idle_timeout = 60s) {
    asio::io_context context(1);
    bool done = false;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
          const auto pool = make_pool(
              context.get_executor(),
              {.acquire_timeout = 100s,
               .connect_timeout = 100s,
               .idle_timeout = idle_timeout,
               .measure_interval = interval},
              [this](Clock::time_point) -> asio::awaitable<DatabaseResult<std::unique_ptr<Connection>>> {
                ++server_.connected;
                co_return std::make_unique<WaitingConnection>(server_);
              });
          co_await work(*pool);
          done = true;
        },
        [](std::exception_ptr thrown) { EXPECT_FALSE(thrown); });
    context.run();
    EXPECT_TRUE(done);
  }
  static auto patiently() { return Clock::now() + 100s; }

  Server server_;
};

TEST_F(PoolMeasure, OnTheFirstConnectionBeforeItIsLent) {
  run(60s, [this](Pool& pool) -> asio::awaitable<void> {
    EXPECT_FALSE(pool.round_trip());
    const auto first = co_await pool.acquire(patiently());
    EXPECT_TRUE(first.has_value());
    EXPECT_GE(pool.round_trip().value_or(0ms), 1ms);
    EXPECT_EQ(server_.measured, 3);
    const auto asked = Clock::now();
    const auto second = co_await pool.acquire(patiently());
    EXPECT_LT(Clock::now() - asked, 20s);  // and not when its time is over
    EXPECT_EQ(server_.connected, 2);
    EXPECT_EQ(server_.measured, 3);
  });
}

TEST_F(PoolMeasure, NowAndThenOnOneThatRests) {
  server_.round_trip = 50ms;
  run(20ms, [this](Pool& pool) -> asio::awaitable<void> {
    {
      const auto lease = co_await pool.acquire(patiently());
      co_await sleep(60ms);  // none rests
      EXPECT_EQ(server_.measured, 3);
    }
    server_.round_trip = 50us;
    const bool shorter = co_await eventually([&] { return *pool.round_trip() < 50ms; });
    EXPECT_TRUE(shorter);  // a shorter way counts at once
    EXPECT_GE(server_.measured, 6);
    EXPECT_EQ(server_.connected, 1);
    const bool back = co_await eventually([&] { return pool.statistics().idle == 1; });
    EXPECT_TRUE(back);
  });
}

TEST_F(PoolMeasure, WhoAsksMeanwhileGetsTheMeasuredConnection) {
  server_.round_trip = 100ms;
  run(20ms, [this](Pool& pool) -> asio::awaitable<void> {
    {
      const auto lease = co_await pool.acquire(patiently());
    }
    const bool measuring = co_await eventually([&] { return pool.statistics().idle == 0; });
    EXPECT_TRUE(measuring);
    EXPECT_EQ(pool.statistics().open, 1u);
    const auto lease = co_await pool.acquire(patiently());
    EXPECT_TRUE(lease.has_value());
    EXPECT_EQ(server_.connected, 1);
  });
}

TEST_F(PoolMeasure, WhatBreaksIsDropped) {
  run(20ms, [this](Pool& pool) -> asio::awaitable<void> {
    {
      const auto lease = co_await pool.acquire(patiently());
    }
    server_.fails = true;
    const bool dropped = co_await eventually([&] { return pool.statistics().open == 0; });
    EXPECT_TRUE(dropped);
    EXPECT_GE(*pool.round_trip(), 1ms);  // what is known stays
  });
}

TEST_F(PoolMeasure, DoesNotKeepAConnectionFromBeingClosed) {
  run(
      20ms,
      [this](Pool& pool) -> asio::awaitable<void> {
        {
          const auto lease = co_await pool.acquire(patiently());
        }
        const bool closed = co_await eventually([&] { return pool.statistics().open == 0; });
        EXPECT_TRUE(closed);
        EXPECT_GT(server_.measured, 3);
      },
      100ms);
}

TEST_F(PoolMeasure, AFirstConnectionThatBreaksIsNoConnection) {
  server_.fails = true;
  run(60s, [](Pool& pool) -> asio::awaitable<void> {
    const auto lease = co_await pool.acquire(patiently());
    EXPECT_FALSE(lease.has_value());
    EXPECT_EQ(pool.statistics().open, 0u);
  });
}

}  // namespace
}  // namespace tenon::sql
