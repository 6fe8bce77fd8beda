#include "api/run/execute_writes.h"

#include <algorithm>
#include <random>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/errors.h"
#include "api/run/reading.h"
#include "api/run/write_runner.h"

namespace tenon::api {

using boost::asio::awaitable;

namespace {

// Consecutive writes of one transaction.
class Transaction {
 public:
  Transaction(BoundPlan& bound, std::span<const std::size_t> writes, sql::Begin begin, PlanRows& result,
              sql::Pool& pool, const ExecuteOptions& options)
      : bound_(bound),
        plan_(bound.plan()),
        writes_(writes),
        begin_(begin),
        result_(result),
        pool_(pool),
        options_(options) {}

  awaitable<void> run(sql::Lease& lease);

 private:
  // Which write failed, and why.
  struct Failed {
    std::size_t at = 0;  // of writes_
    Stop stop;
  };
  awaitable<std::expected<void, Failed>> attempt(sql::Lease& lease);
  awaitable<bool> pause(std::uint32_t attempt) const;
  void clear();
  void report(Failed failed);
  const Write& write(std::size_t at) const { return plan_.writes[writes_[at]]; }

  BoundPlan& bound_;
  const Plan& plan_;
  std::span<const std::size_t> writes_;
  sql::Begin begin_;
  PlanRows& result_;
  sql::Pool& pool_;
  const ExecuteOptions& options_;
};

awaitable<std::expected<void, Transaction::Failed>> Transaction::attempt(sql::Lease& lease) {
  if (!lease || lease->broken() || lease->in_unit()) {
    lease = {};
    lease = try_acquire(pool_, options_);
  }
  if (!lease) {
    auto acquired = co_await acquire(pool_, result_, options_);
    if (!acquired) {
      Stop stop(std::move(acquired.error()));
      stop.answer = to_error(*stop.error, plan_, nullptr, options_.debug);
      co_return std::unexpected(Failed{0, std::move(stop)});
    }
    lease = std::move(*acquired);
  }
  for (std::size_t i = 0; i < writes_.size(); ++i) {
    WriteRunner runner(bound_, writes_[i], result_, *lease, options_);
    auto done = co_await runner.run(i == 0 ? begin_ : sql::Begin::none,
                                    i + 1 == writes_.size() ? sql::End::finish : sql::End::keep_open);
    if (!done) co_return std::unexpected(Failed{i, std::move(done.error())});
  }
  co_return std::expected<void, Failed>{};
}

// What was read in vain does not count for what follows.
void Transaction::clear() {
  for (std::size_t i = 0; i < writes_.size(); ++i)
    for (LevelIndex level = write(i).level; level < write(i).level_end; ++level) result_.levels[level] = {};
}

void Transaction::report(Failed failed) {
  clear();
  const std::uint32_t field = write(failed.at).field;
  for (std::size_t i = 0; i < writes_.size(); ++i)
    result_.failures.push_back({write(i).field, i == failed.at ? std::move(*failed.stop.answer)
                                                               : rolled_back_error(plan_.fields[field].key)});
  if (failed.stop.error) result_.database_errors.push_back(std::move(*failed.stop.error));
}

// A random part of a time that doubles with each attempt, so that those who met do not meet again. False when
// there is no time left.
awaitable<bool> Transaction::pause(std::uint32_t attempt) const {
  const auto longest = base::transaction_pause * (1u << attempt);
  std::random_device random;
  const auto pause = std::chrono::microseconds(std::uniform_int_distribution<std::int64_t>(
      0, std::chrono::duration_cast<std::chrono::microseconds>(longest).count())(random));
  if (sql::Clock::now() + pause >= options_.deadline) co_return false;
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, pause);
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_return true;
}

awaitable<void> Transaction::run(sql::Lease& lease) {
  for (std::uint32_t attempt = 0;; ++attempt) {
    auto done = co_await this->attempt(lease);
    if (done) co_return;
    const bool again = done.error().stop.again && attempt + 1 < base::transaction_attempts_max;
    if (!again || !co_await pause(attempt)) {
      report(std::move(done.error()));
      co_return;
    }
    clear();
  }
}

// One field that cannot be run is reason enough to run none.
void refuse_all(const BoundPlan& bound, PlanRows& result) {
  const Plan& plan = bound.plan();
  const std::string& key = plan.fields[bound.refused().front().field].key;
  for (const Write& write : plan.writes)
    if (!bound.is_refused(write.field)) result.failures.push_back({write.field, rolled_back_error(key)});
}

}  // namespace

awaitable<void> execute_writes(BoundPlan& bound, PlanRows& result, const Pools& pools,
                               const ExecuteOptions& options) {
  const Plan& plan = bound.plan();
  std::vector<sql::Lease> leases(pools.size());
  const auto run = [&](std::span<const std::size_t> writes, sql::Begin begin) -> awaitable<void> {
    const catalog::DatabaseId database = plan.levels[plan.writes[writes.front()].level].database;
    Transaction one(bound, writes, begin, result, pools[database], options);
    co_await one.run(leases[database.value]);
  };
  std::vector<std::size_t> writes;
  for (std::size_t i = 0; i < plan.writes.size(); ++i)
    if (!bound.is_refused(plan.writes[i].field)) writes.push_back(i);
  if (plan.transaction) {
    if (!bound.refused().empty()) {
      refuse_all(bound, result);
      co_return;
    }
    co_await run(writes, *plan.transaction);
  } else {
    for (const std::size_t& write : writes) co_await run({&write, 1}, sql::Begin::read_write);
  }
  leases.clear();
  Reading beyond(bound, result, pools, options);
  co_await beyond.run({0, static_cast<LevelIndex>(plan.levels.size()), LevelRange::Part::beyond});
}

}  // namespace tenon::api
