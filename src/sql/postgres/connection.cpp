#include "sql/postgres/connection.h"

#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sql/postgres/cancel.h"
#include "sql/postgres/error.h"

namespace tenon::sql::postgres {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// How long the server may take to confirm a cancellation or a rollback before the connection is given up.
constexpr std::chrono::milliseconds settle_time_max{2'000};
constexpr int cancel_requests_max = 4;
// With this many statements lost on one connection, a pooler must be swapping sessions underneath.
constexpr std::uint32_t statements_lost_max = 2;

bool holds_nul(std::span<const Parameter> parameters) {
  for (const Parameter& parameter : parameters)
    if (parameter && parameter->find('\0') != std::string_view::npos) return true;
  return false;
}

DatabaseError nul_error(std::uint32_t call) {
  return {.failure = Failure::invalid_value,
          .sqlstate = "22021",
          .message = "a text value holds the character U+0000, which PostgreSQL cannot store",
          .call = call};
}

DatabaseError early_end(Wake wake) {
  return {.failure = Failure::timeout,
          .message = wake == Wake::deadline ? "the deadline passed" : "the request was cancelled"};
}

}  // namespace

PostgresConnection::PostgresConnection(std::shared_ptr<Wire> wire, std::uint32_t statements_cached_max)
    : wire_(std::move(wire)), cache_(statements_cached_max) {
  const auto number = static_cast<std::uint32_t>(PQserverVersion(wire_->pg()));  // 150004: 15.4
  version_ = {
      .product = ServerVersion::Product::postgresql, .major = number / 10'000, .minor = number % 10'000};
}

void PostgresConnection::share_session(Statement settings) {
  unnamed_only_ = true;
  unit_settings_ = std::move(settings);
}

bool PostgresConnection::still_open() {
  rested_ = true;
  if (!broken_ && !wire_->quiet()) broken_ = true;
  return !broken_;
}

asio::awaitable<DatabaseResult<Results>> PostgresConnection::run(Exchange exchange) {
  if (broken_) co_return lost();
  for (std::uint32_t i = 0; i < exchange.calls.size(); ++i)
    if (holds_nul(exchange.calls[i].parameters)) {
      reset_answers();
      if (in_unit_) co_await settle(false);
      co_return std::unexpected(nul_error(i));
    }
  // A cancelled caller must not tear the conversation: waits report it as a value instead.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  const bool whole_unit = !in_unit_;
  const Clock::time_point start = observer_ != nullptr ? Clock::now() : Clock::time_point();
  auto outcome = co_await attempt(exchange);
  if (!outcome && whole_unit && !broken_ && should_prepare_again(outcome.error()))
    outcome = co_await attempt(exchange);
  if (observer_ != nullptr)
    observer_->exchanged(exchange.calls, start,
                         outcome ? std::span<const std::unique_ptr<ResultSet>>(*outcome)
                                 : std::span<const std::unique_ptr<ResultSet>>());
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return outcome;
}

asio::awaitable<DatabaseResult<Results>> PostgresConnection::attempt(const Exchange& exchange) {
  reset_answers();
  if (Clock::now() >= exchange.deadline) {
    if (in_unit_) co_await settle(false);
    co_return std::unexpected(early_end(Wake::deadline));
  }
  results_.reserve(exchange.calls.size());
  wire_->arm(exchange.deadline);
  if (!send_exchange(exchange)) co_return lost();
  const Wake wake = co_await read_steps(Patience::cancellable);
  if (wake == Wake::ready && !failure_) {
    in_unit_ = exchange.end == End::keep_open;
    in_transaction_ = in_unit_ && (in_transaction_ || exchange.begin != Begin::none);
    rested_ = false;
    co_return std::move(results_);
  }
  if (committed_) co_return co_await finish_committed(wake);
  co_return co_await finish_attempt(wake, exchange.end);
}

// The unit is done; the end of its exchange is read without haste, and without a cancel request. What fails
// there (closing a statement, the connection) must neither be reported as the unit's failure nor repeat it.
asio::awaitable<DatabaseResult<Results>> PostgresConnection::finish_committed(Wake wake) {
  wire_->arm(Clock::now() + settle_time_max);
  if (wake != Wake::ready && wake != Wake::lost) wake = co_await read_steps(Patience::stubborn);
  if (wake != Wake::ready || PQtransactionStatus(wire_->pg()) != PQTRANS_IDLE) broken_ = true;
  if (failure_) should_prepare_again(*failure_);
  in_unit_ = in_transaction_ = rested_ = false;
  co_return std::move(results_);
}

asio::awaitable<DatabaseResult<Results>> PostgresConnection::finish_attempt(Wake wake, End end) {
  if (wake == Wake::lost) co_return lost();
  rested_ = false;
  const bool early = wake != Wake::ready;
  co_await settle(early);
  // The cancel request may have come too late for the unit and hit what is behind it.
  if (committed_) co_return co_await finish_committed(broken_ ? Wake::lost : Wake::ready);
  if (failure_) co_return std::unexpected(std::move(*failure_));
  // The answer overtook the cancel request: what is committed is reported as such.
  if (!broken_ && end != End::keep_open) co_return std::move(results_);
  co_return std::unexpected(early_end(wake));
}

asio::awaitable<DatabaseResult<Results>> PostgresConnection::run_text(std::string_view sql,
                                                                      Clock::time_point deadline) {
  if (broken_) co_return lost();
  if (sql.find('\0') != std::string_view::npos) co_return std::unexpected(nul_error(0));
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  auto outcome = in_unit_ ? co_await text_in_unit(sql, deadline) : co_await text_alone(sql, deadline);
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return outcome;
}

asio::awaitable<DatabaseResult<Results>> PostgresConnection::text_in_unit(std::string_view sql,
                                                                          Clock::time_point deadline) {
  reset_answers();
  wire_->arm(deadline);
  if (!send_text(std::string(sql).c_str(), Step::Kind::call) || !send_flush()) co_return lost();
  const Wake wake = co_await read_steps(Patience::cancellable);
  if (wake == Wake::ready && !failure_) co_return std::move(results_);
  co_return co_await finish_attempt(wake, End::keep_open);
}

// Several statements at once need the simple protocol, which libpq offers outside of pipeline mode only.
asio::awaitable<DatabaseResult<Results>> PostgresConnection::text_alone(std::string_view sql,
                                                                        Clock::time_point deadline) {
  PGconn* pg = wire_->pg();
  reset_answers();
  wire_->arm(deadline);
  if (PQexitPipelineMode(pg) == 0 || PQsendQuery(pg, std::string(sql).c_str()) == 0) co_return lost();
  const Wake wake = co_await read_text(Patience::cancellable);
  if (wake == Wake::lost) co_return lost();
  if (wake != Wake::ready) {
    if (!co_await stop(What::text)) broken_ = true;
    if (!failure_) failure_ = early_end(wake);
  }
  if (broken_ || PQenterPipelineMode(pg) == 0) {
    broken_ = true;
    co_return std::unexpected(failure_ ? std::move(*failure_) : lost_error(PQerrorMessage(pg)));
  }
  in_unit_ = in_transaction_ = PQtransactionStatus(pg) != PQTRANS_IDLE;
  if (!failure_) co_return std::move(results_);
  if (in_unit_) co_await roll_back();
  co_return std::unexpected(std::move(*failure_));
}

asio::awaitable<Wake> PostgresConnection::read_text(Patience patience) {
  for (;;) {
    if (const Wake wake = co_await wire_->until_result(patience); wake != Wake::ready) co_return wake;
    ResultPtr result(PQgetResult(wire_->pg()));
    if (!result) co_return Wake::ready;
    take({.kind = Step::Kind::call}, std::move(result));
    if (broken_) co_return Wake::lost;
  }
}

asio::awaitable<void> PostgresConnection::settle(bool cancel) {
  wire_->arm(Clock::now() + settle_time_max);
  if (!sync_sent_ && !send_sync()) {
    broken_ = true;
  } else if (cancel ? !co_await stop(What::steps) : co_await read_steps(Patience::stubborn) != Wake::ready) {
    broken_ = true;
  }
  if (!broken_ && PQtransactionStatus(wire_->pg()) != PQTRANS_IDLE) co_await roll_back();
  in_unit_ = in_transaction_ = false;
}

// A cancel request that reaches the server before the statement began does nothing, so it is repeated.
asio::awaitable<bool> PostgresConnection::stop(What what) {
  for (int i = 0; i < cancel_requests_max; ++i) {
    const auto request = CancelRequest::send(wire_->pg());
    wire_->arm(Clock::now() + settle_time_max / cancel_requests_max);
    const Wake wake =
        what == What::text ? co_await read_text(Patience::stubborn) : co_await read_steps(Patience::stubborn);
    if (wake == Wake::lost || !co_await wait_until_cancelled(request)) co_return false;
    if (wake == Wake::ready) co_return true;
  }
  co_return false;
}

asio::awaitable<void> PostgresConnection::roll_back() {
  wire_->arm(Clock::now() + settle_time_max);
  auto failure = std::exchange(failure_, std::nullopt);
  if (!send_text("ROLLBACK", Step::Kind::transaction) || !send_sync() ||
      co_await read_steps(Patience::stubborn) != Wake::ready || failure_ ||
      PQtransactionStatus(wire_->pg()) != PQTRANS_IDLE)
    broken_ = true;
  failure_ = std::move(failure);
  in_unit_ = in_transaction_ = false;
}

// A cancel request that is still on its way would hit the next statement.
asio::awaitable<bool> PostgresConnection::wait_until_cancelled(
    const std::shared_ptr<CancelRequest>& request) {
  const auto give_up_at = Clock::now() + settle_time_max;
  asio::steady_timer pause(co_await asio::this_coro::executor);
  while (request && !request->done() && Clock::now() < give_up_at) {
    pause.expires_after(2ms);
    co_await pause.async_wait(
        asio::bind_cancellation_slot(asio::cancellation_slot(), asio::as_tuple(asio::use_awaitable)));
  }
  co_return request && request->done();
}

asio::awaitable<Wake> PostgresConnection::read_steps(Patience patience) {
  PGconn* pg = wire_->pg();
  int silences = 0;
  while (at_ < steps_.size()) {
    if (PQisBusy(pg) != 0)
      if (const Wake wake = co_await wire_->until_result(patience); wake != Wake::ready) co_return wake;
    ResultPtr result(PQgetResult(pg));
    if (PQstatus(pg) != CONNECTION_OK) {
      if (result) take(steps_[at_], std::move(result));
      co_return Wake::lost;
    }
    const bool is_sync = steps_[at_].kind == Step::Kind::sync;
    // A null ends the answer of every step but a sync, which is an answer of its own; when the commit that a
    // sync implies fails, the error comes before it.
    if (is_sync ? PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC : !result) {
      if (steps_[at_].kind == Step::Kind::call) ++calls_answered_;
      ++at_;
      continue;
    }
    if (!result) {
      if (++silences > 1) co_return Wake::lost;  // libpq has nothing more to say, and no sync came
      continue;
    }
    take(steps_[at_], std::move(result));
    if (broken_) co_return Wake::lost;
  }
  co_return Wake::ready;
}

void PostgresConnection::take(const Step& step, ResultPtr result) {
  switch (PQresultStatus(result.get())) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
      heard_ = true;
      if (step.kind == Step::Kind::transaction && std::string_view(PQcmdStatus(result.get())) == "COMMIT")
        committed_ = true;
      if (step.kind == Step::Kind::call) results_.push_back(std::make_unique<RowSet>(std::move(result)));
      return;
    case PGRES_PIPELINE_ABORTED:
      return undo(step);
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
      failure_ = DatabaseError{.message = "COPY is not possible here"};
      broken_ = true;
      return;
    default:
      undo(step);
      if (failure_) return;
      failure_ = error_of(result.get());
      failure_->call = calls_answered_;
      heard_ = heard_ || failure_->failure != Failure::connection_lost;
      return;
  }
}

// The server has not done this step.
void PostgresConnection::undo(const Step& step) {
  if (step.kind == Step::Kind::prepare) cache_.drop(step.hash);
  if (step.kind == Step::Kind::close) to_close_.push_back(step.name);
}

void PostgresConnection::reset_answers() {
  steps_.clear();
  at_ = 0;
  sync_sent_ = false;
  heard_ = committed_ = false;
  calls_answered_ = 0;
  results_ = Results();
  failure_.reset();
}

DatabaseResult<Results> PostgresConnection::lost() {
  broken_ = true;
  PGconn* pg = wire_->pg();
  if (!failure_ && PQisBusy(pg) == 0)  // the server's last words
    if (const ResultPtr result(PQgetResult(pg)); PQresultStatus(result.get()) == PGRES_FATAL_ERROR && result)
      failure_ = error_of(result.get());
  DatabaseError error = failure_ ? std::move(*failure_) : lost_error(PQerrorMessage(pg));
  if (error.message.empty()) error.message = "the connection is broken";
  if (error.failure == Failure::connection_lost) error.was_stale = rested_ && !heard_ && !in_unit_;
  in_unit_ = in_transaction_ = false;
  failure_.reset();
  return std::unexpected(std::move(error));
}

// The server lost or outgrew what was prepared: it is forgotten here too. True when preparing everything anew
// can help.
bool PostgresConnection::should_prepare_again(const DatabaseError& error) {
  const bool lost = error.sqlstate == "26000" || error.sqlstate == "42P05";
  const bool outgrown = error.sqlstate == "0A000" && error.message.find("cached plan") != std::string::npos;
  if (!lost && !outgrown) return false;
  if (lost && ++statements_lost_ >= statements_lost_max) unnamed_only_ = true;
  std::vector<std::string> names = cache_.clear();
  to_close_.clear();
  if (outgrown) to_close_ = std::move(names);
  return true;
}

}  // namespace tenon::sql::postgres
