#include "sql/pool.h"

#include <algorithm>
#include <deque>
#include <list>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "sql/round_trip.h"

namespace tenon::sql {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// After a failed attempt to connect; doubles up to the maximum.
constexpr auto retry_pause_min = 50ms;
constexpr auto retry_pause_max = 500ms;
// A connection that rested no longer than this is lent without a look at its socket.
constexpr auto trusted_rest_max = 10ms;

DatabaseError overloaded(std::string message) {
  return {.failure = Failure::overloaded, .message = std::move(message)};
}

DatabaseError closed_error() { return {.failure = Failure::unreachable, .message = "the pool is closed"}; }

// All that background work and waiting coroutines share; outlives the pool while they do.
class Queue : public std::enable_shared_from_this<Queue> {
 public:
  Queue(asio::any_io_executor executor, base::PoolLimits limits, Connector connector)
      : executor_(std::move(executor)),
        limits_(limits),
        connector_(std::move(connector)),
        retry_timer_(executor_),
        sweep_timer_(executor_),
        measure_timer_(executor_) {}

  asio::awaitable<DatabaseResult<std::unique_ptr<Connection>>> take(Clock::time_point deadline);
  // nullptr when none is idle.
  std::unique_ptr<Connection> take_idle();
  void give_back(std::unique_ptr<Connection> connection);
  void close();
  PoolStatistics statistics() const {
    return {.open = open_,
            .idle = static_cast<std::uint32_t>(idle_.size()),
            .waiting = static_cast<std::uint32_t>(waiters_.size())};
  }
  std::optional<Clock::duration> round_trip() const { return meter_.value(); }

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    Clock::time_point since;
  };
  // Lives in the frame of the waiting coroutine.
  struct Waiter {
    Waiter(std::shared_ptr<Queue> owner, Clock::time_point until)
        : queue(std::move(owner)), timer(queue->executor_, until) {
      queue->waiters_.push_back(this);
    }
    ~Waiter() { queue->waiters_.remove(this); }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    std::shared_ptr<Queue> queue;
    asio::steady_timer timer;  // cancelled when there is an outcome
    std::unique_ptr<Connection> connection;
    std::optional<DatabaseError> error;
  };

  void hand_on(std::unique_ptr<Connection> connection);
  void grow();
  void start_connecting();
  asio::awaitable<void> connect_one();
  void connect_failed(DatabaseError error);
  void fail_waiters(const DatabaseError& error);
  void retry_later();
  void sweep_later();
  void measure_later();
  void start_measuring();
  asio::awaitable<void> measure_one(Idle idle);

  asio::any_io_executor executor_;
  base::PoolLimits limits_;
  Connector connector_;
  std::deque<Idle> idle_;  // longest at rest first; lent from the back
  std::list<Waiter*> waiters_;
  std::uint32_t open_ = 0;  // idle and on loan
  std::uint32_t connecting_ = 0;
  bool closed_ = false;

  // Set while down: the last attempt failed and no connection is left.
  std::optional<DatabaseError> down_;
  bool asked_while_down_ = false;
  Clock::duration retry_pause_ = retry_pause_min;
  Clock::time_point no_growth_before_{};  // after a failed attempt with connections left
  asio::steady_timer retry_timer_;
  asio::steady_timer sweep_timer_;
  bool sweeping_ = false;

  RoundTripMeter meter_;
  asio::steady_timer measure_timer_;
  bool measure_timer_runs_ = false;
  std::uint32_t measuring_ = 0;  // connections that are measured; they come back soon
};

asio::awaitable<DatabaseResult<std::unique_ptr<Connection>>> Queue::take(Clock::time_point deadline) {
  if (closed_) co_return std::unexpected(closed_error());
  if (auto connection = take_idle()) co_return connection;
  if (down_) {
    asked_while_down_ = true;
    co_return std::unexpected(*down_);
  }
  if (waiters_.size() >= limits_.waiting_max)
    co_return std::unexpected(
        overloaded(fmt::format("{} requests wait for a connection already", limits_.waiting_max)));

  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  Waiter waiter(shared_from_this(), std::min(deadline, Clock::now() + limits_.acquire_timeout));
  grow();
  // A connector that had nothing to wait for has answered already.
  if (!waiter.connection && !waiter.error)
    co_await waiter.timer.async_wait(asio::as_tuple(asio::use_awaitable));
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (waiter.connection) co_return std::move(waiter.connection);
  if (waiter.error) co_return std::unexpected(std::move(*waiter.error));
  co_return std::unexpected(overloaded("no connection became free in time"));
}

std::unique_ptr<Connection> Queue::take_idle() {
  while (!idle_.empty()) {
    Idle idle = std::move(idle_.back());
    idle_.pop_back();
    if (Clock::now() - idle.since <= trusted_rest_max || idle.connection->still_open())
      return std::move(idle.connection);
    --open_;
  }
  return nullptr;
}

void Queue::give_back(std::unique_ptr<Connection> connection) {
  if (!closed_ && !connection->broken() && !connection->in_unit()) return hand_on(std::move(connection));
  --open_;
  connection.reset();
  grow();
}

void Queue::hand_on(std::unique_ptr<Connection> connection) {
  if (!waiters_.empty()) {
    Waiter* first = waiters_.front();
    waiters_.pop_front();
    first->connection = std::move(connection);
    first->timer.cancel();
    return;
  }
  idle_.push_back({.connection = std::move(connection), .since = Clock::now()});
  sweep_later();
  measure_later();
}

// As many connections on their way as there are waiters, within the limit.
void Queue::grow() {
  if (closed_ || down_) return;
  if (open_ > 0 && Clock::now() < no_growth_before_) return;
  while (connecting_ + measuring_ < waiters_.size() && open_ + connecting_ < limits_.connections_max)
    start_connecting();
}

void Queue::start_connecting() {
  ++connecting_;
  asio::co_spawn(executor_, [self = shared_from_this()] { return self->connect_one(); }, asio::detached);
}

asio::awaitable<void> Queue::connect_one() {
  const auto self = shared_from_this();
  auto made = co_await connector_(Clock::now() + limits_.connect_timeout);
  if (made && !meter_.value())
    if (const auto time = co_await measure_round_trip(**made, Clock::now() + base::round_trip_patience))
      meter_.add(*time);
  if (made && (*made)->broken())
    made = std::unexpected(
        DatabaseError{.failure = Failure::unreachable, .message = "the new connection broke at once"});
  --connecting_;
  if (closed_) co_return;
  if (!made) {
    connect_failed(std::move(made.error()));
    co_return;
  }
  down_.reset();
  retry_pause_ = retry_pause_min;
  no_growth_before_ = {};
  ++open_;
  hand_on(std::move(*made));
  grow();
}

void Queue::connect_failed(DatabaseError error) {
  if (open_ > 0) {  // those that are left serve on
    no_growth_before_ = Clock::now() + retry_pause_;
    retry_pause_ = std::min<Clock::duration>(2 * retry_pause_, retry_pause_max);
    return;
  }
  if (connecting_ > 0) return;  // the last of several attempts decides
  fail_waiters(error);
  down_ = std::move(error);
  asked_while_down_ = false;
  retry_later();
}

void Queue::fail_waiters(const DatabaseError& error) {
  while (!waiters_.empty()) {
    Waiter* first = waiters_.front();
    waiters_.pop_front();
    first->error = error;
    first->timer.cancel();
  }
}

void Queue::retry_later() {
  retry_timer_.expires_after(retry_pause_);
  retry_pause_ = std::min<Clock::duration>(2 * retry_pause_, retry_pause_max);
  retry_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->closed_) return;
    // Nobody asked: the next one who does tries, and waits for the outcome.
    if (self->asked_while_down_) return self->start_connecting();
    self->down_.reset();
  });
}

void Queue::sweep_later() {
  if (sweeping_ || idle_.empty()) return;
  sweeping_ = true;
  sweep_timer_.expires_at(idle_.front().since + limits_.idle_timeout);
  sweep_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->closed_) return;
    self->sweeping_ = false;
    const auto oldest = Clock::now() - self->limits_.idle_timeout;
    while (!self->idle_.empty() && self->idle_.front().since <= oldest) {
      self->idle_.pop_front();
      --self->open_;
    }
    self->sweep_later();
  });
}

void Queue::measure_later() {
  if (measure_timer_runs_ || measuring_ > 0) return;
  measure_timer_runs_ = true;
  measure_timer_.expires_after(limits_.measure_interval);
  measure_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->closed_) return;
    self->measure_timer_runs_ = false;
    self->start_measuring();
  });
}

// The one that rested longest is the one needed least.
void Queue::start_measuring() {
  if (idle_.empty()) return;  // the next that comes to rest starts the timer again
  ++measuring_;
  // Out of the queue before anything runs: what ends at once puts it back in front.
  Idle longest = std::move(idle_.front());
  idle_.pop_front();
  asio::co_spawn(
      executor_,
      [self = shared_from_this(), idle = std::move(longest)]() mutable {
        return self->measure_one(std::move(idle));
      },
      asio::detached);
}

asio::awaitable<void> Queue::measure_one(Idle idle) {
  const auto self = shared_from_this();
  if (idle.connection->still_open())
    if (const auto time =
            co_await measure_round_trip(*idle.connection, Clock::now() + base::round_trip_patience))
      meter_.add(*time);
  --measuring_;
  if (closed_ || idle.connection->broken() || idle.connection->in_unit() || !waiters_.empty()) {
    give_back(std::move(idle.connection));
    co_return;
  }
  idle_.push_front(std::move(idle));  // it still rests since then
  sweep_later();
  measure_later();
}

void Queue::close() {
  closed_ = true;
  open_ -= static_cast<std::uint32_t>(idle_.size());
  idle_.clear();
  fail_waiters(closed_error());
  retry_timer_.cancel();
  sweep_timer_.cancel();
  measure_timer_.cancel();
}

class QueuedPool final : public Pool {
 public:
  explicit QueuedPool(std::shared_ptr<Queue> queue) : queue_(std::move(queue)) {}
  ~QueuedPool() override { queue_->close(); }

  asio::awaitable<DatabaseResult<Lease>> acquire(Clock::time_point deadline) override {
    auto connection = co_await queue_->take(deadline);
    if (!connection) co_return std::unexpected(std::move(connection.error()));
    co_return Lease(*this, std::move(*connection));
  }
  Lease try_acquire() override {
    auto connection = queue_->take_idle();
    return connection ? Lease(*this, std::move(connection)) : Lease();
  }
  PoolStatistics statistics() const override { return queue_->statistics(); }
  std::optional<Clock::duration> round_trip() const override { return queue_->round_trip(); }
  void close() override { queue_->close(); }

 private:
  void give_back(std::unique_ptr<Connection> connection) override {
    queue_->give_back(std::move(connection));
  }

  std::shared_ptr<Queue> queue_;
};

}  // namespace

std::unique_ptr<Pool> make_pool(asio::any_io_executor executor, base::PoolLimits limits,
                                Connector connector) {
  return std::make_unique<QueuedPool>(
      std::make_shared<Queue>(std::move(executor), limits, std::move(connector)));
}

}  // namespace tenon::sql
