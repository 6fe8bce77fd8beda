#include "sql/postgres/connection.h"

#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sql/deadline.h"
#include "sql/postgres/cancel.h"
#include "sql/postgres/error.h"
#include "sql/postgres/messages.h"

namespace tenon::sql::postgres {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds cancel_pause{500};  // then the request is repeated
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

DatabaseError size_error(std::uint32_t call) {
  return {.failure = Failure::invalid_value,
          .sqlstate = "54000",
          .message = "the parameters of one statement are more than PostgreSQL takes",
          .call = call};
}

DatabaseError early_end(Wake wake) {
  return {.failure = Failure::timeout,
          .message = wake == Wake::deadline ? "the deadline passed" : "the request was cancelled"};
}

}  // namespace

PostgresConnection::PostgresConnection(std::shared_ptr<Wire> wire, const SessionOptions& options)
    : wire_(std::move(wire)), settle_time_(options.settle_time), cache_(options.statements_cached_max) {
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
  if (broken_) {
    conversation_.start();
    co_return lost();
  }
  for (std::uint32_t i = 0; i < exchange.calls.size(); ++i) {
    if (holds_nul(exchange.calls[i].parameters)) co_return co_await refuse(nul_error(i));
    if (!fits(exchange.calls[i].parameters)) co_return co_await refuse(size_error(i));
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
  wire_->inbox().rest();
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return outcome;
}

asio::awaitable<DatabaseResult<Results>> PostgresConnection::refuse(DatabaseError error) {
  begin_conversation();
  if (in_unit_) co_await settle(false);
  co_return std::unexpected(std::move(error));
}

asio::awaitable<DatabaseResult<Results>> PostgresConnection::attempt(const Exchange& exchange) {
  if (Clock::now() >= exchange.deadline) co_return co_await refuse(early_end(Wake::deadline));
  if (has_left(co_await asio::this_coro::cancellation_state))
    co_return co_await refuse(early_end(Wake::cancelled));
  begin_conversation();
  wire_->arm(exchange.deadline);
  send_exchange(exchange);
  const Wake wake = co_await read_answers(Patience::cancellable);
  if (wake == Wake::ready && !conversation_.failure()) {
    in_unit_ = exchange.end == End::keep_open;
    in_transaction_ = in_unit_ && (in_transaction_ || exchange.begin != Begin::none);
    rested_ = false;
    co_return std::move(conversation_.results());
  }
  if (conversation_.committed()) co_return co_await finish_committed(wake);
  co_return co_await finish_attempt(wake, exchange.end);
}

// The unit is done; the end of its exchange is read without haste, and without a cancel request. What fails
// there (closing a statement, the connection) must neither be reported as the unit's failure nor repeat it.
asio::awaitable<DatabaseResult<Results>> PostgresConnection::finish_committed(Wake wake) {
  wire_->arm(Clock::now() + settle_time_);
  if (wake != Wake::ready && wake != Wake::lost) wake = co_await read_answers(Patience::stubborn);
  if (wake != Wake::ready || conversation_.readiness() != Readiness::idle) broken_ = true;
  if (conversation_.failure()) should_prepare_again(*conversation_.failure());
  in_unit_ = in_transaction_ = rested_ = false;
  if (conversation_.overfull()) co_return std::unexpected(std::move(*conversation_.failure()));
  co_return std::move(conversation_.results());
}

asio::awaitable<DatabaseResult<Results>> PostgresConnection::finish_attempt(Wake wake, End end) {
  if (wake == Wake::lost) co_return lost();
  rested_ = false;
  const bool early = wake != Wake::ready;
  co_await settle(early);
  // The cancel request may have come too late for the unit and hit what is behind it.
  if (conversation_.committed()) co_return co_await finish_committed(broken_ ? Wake::lost : Wake::ready);
  if (conversation_.failure()) co_return std::unexpected(std::move(*conversation_.failure()));
  // The answer overtook the cancel request: what is committed is reported as such.
  if (!broken_ && end != End::keep_open) co_return std::move(conversation_.results());
  co_return std::unexpected(early_end(wake));
}

asio::awaitable<DatabaseResult<Results>> PostgresConnection::run_text(std::string_view sql,
                                                                      Clock::time_point deadline) {
  if (broken_) {
    conversation_.start();
    co_return lost();
  }
  if (sql.find('\0') != std::string_view::npos) co_return std::unexpected(nul_error(0));
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  auto outcome = in_unit_ ? co_await text_in_unit(sql, deadline) : co_await text_alone(sql, deadline);
  wire_->inbox().rest();
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return outcome;
}

asio::awaitable<DatabaseResult<Results>> PostgresConnection::text_in_unit(std::string_view sql,
                                                                          Clock::time_point deadline) {
  begin_conversation();
  wire_->arm(deadline);
  send_unnamed(sql, Step::Kind::call);
  append_flush(wire_->outbox());
  const Wake wake = co_await read_answers(Patience::cancellable);
  if (wake == Wake::ready && !conversation_.failure()) co_return std::move(conversation_.results());
  co_return co_await finish_attempt(wake, End::keep_open);
}

// Several statements at once need the simple protocol.
asio::awaitable<DatabaseResult<Results>> PostgresConnection::text_alone(std::string_view sql,
                                                                        Clock::time_point deadline) {
  begin_conversation();
  wire_->arm(deadline);
  append_query(wire_->outbox(), sql);
  conversation_.expect({.kind = Step::Kind::text});
  const Wake wake = co_await read_answers(Patience::cancellable);
  if (wake == Wake::lost) co_return lost();
  auto& failure = conversation_.failure();
  if (wake != Wake::ready) {
    if (!co_await stop()) broken_ = true;
    if (!failure) failure = early_end(wake);
  }
  if (broken_) co_return std::unexpected(std::move(*failure));
  in_unit_ = in_transaction_ = conversation_.readiness() != Readiness::idle;
  if (!failure) co_return std::move(conversation_.results());
  DatabaseError error = std::move(*failure);
  if (in_unit_) co_await roll_back();
  co_return std::unexpected(std::move(error));
}

asio::awaitable<DatabaseResult<Description>> PostgresConnection::describe(const Statement& statement,
                                                                          Clock::time_point deadline) {
  if (broken_) {
    conversation_.start();
    co_return std::unexpected(std::move(lost().error()));
  }
  begin_conversation();
  wire_->arm(deadline);
  const auto once = std::make_shared<PreparedStatement>();
  append_parse(wire_->outbox(), {}, statement.text);
  append_describe_statement(wire_->outbox(), {});
  conversation_.expect({.kind = Step::Kind::prepare, .statement = once});
  send_sync();
  const Wake wake = co_await read_answers(Patience::stubborn);
  if (wake != Wake::ready || conversation_.failure()) {
    auto failed = co_await finish_attempt(wake, End::finish);
    if (!failed) co_return std::unexpected(std::move(failed.error()));
  }
  Description description{.parameters = once->parameters, .columns = {}};
  if (once->columns)
    for (const ResultColumn& column : *once->columns)
      description.columns.push_back({.name = column.name, .type = column.type});
  wire_->inbox().rest();
  co_return description;
}

asio::awaitable<void> PostgresConnection::settle(bool cancel) {
  wire_->arm(Clock::now() + settle_time_);
  if (!conversation_.sync_expected()) send_sync();
  if (cancel ? !co_await stop() : co_await read_answers(Patience::stubborn) != Wake::ready) broken_ = true;
  if (!broken_ && conversation_.readiness() != Readiness::idle) co_await roll_back();
  in_unit_ = in_transaction_ = false;
}

// A cancel request that reaches the server before the statement began does nothing, so it is repeated.
asio::awaitable<bool> PostgresConnection::stop() {
  const auto give_up_at = Clock::now() + settle_time_;
  do {
    const auto request = CancelRequest::send(wire_->pg());
    wire_->arm(Clock::now() + cancel_pause);
    const Wake wake = co_await read_answers(Patience::stubborn);
    if (wake == Wake::lost || !co_await wait_until_cancelled(request)) co_return false;
    if (wake == Wake::ready) co_return true;
  } while (Clock::now() < give_up_at);
  co_return false;
}

asio::awaitable<void> PostgresConnection::roll_back() {
  wire_->arm(Clock::now() + settle_time_);
  auto failure = std::exchange(conversation_.failure(), std::nullopt);
  send_unnamed("ROLLBACK", Step::Kind::transaction);
  send_sync();
  if (co_await read_answers(Patience::stubborn) != Wake::ready || conversation_.failure() ||
      conversation_.readiness() != Readiness::idle)
    broken_ = true;
  conversation_.failure() = std::move(failure);
  in_unit_ = in_transaction_ = false;
}

// A cancel request that is still on its way would hit the next statement.
asio::awaitable<bool> PostgresConnection::wait_until_cancelled(
    const std::shared_ptr<CancelRequest>& request) {
  const auto give_up_at = Clock::now() + settle_time_;
  asio::steady_timer pause(co_await asio::this_coro::executor);
  while (request && !request->done() && Clock::now() < give_up_at) {
    pause.expires_after(2ms);
    co_await pause.async_wait(
        asio::bind_cancellation_slot(asio::cancellation_slot(), asio::as_tuple(asio::use_awaitable)));
  }
  co_return request && request->done();
}

asio::awaitable<Wake> PostgresConnection::read_answers(Patience patience) {
  for (;;) {
    const auto state = conversation_.read(wire_->inbox());
    take_back(conversation_.take_undone());
    if (state == Conversation::State::answered) co_return Wake::ready;
    if (state == Conversation::State::broken) co_return Wake::lost;
    if (state == Conversation::State::overfull) co_return Wake::overfull;
    // What is passed over is not kept.
    if (conversation_.overfull()) wire_->inbox().start();
    if (const Wake wake = co_await wire_->receive(patience); wake != Wake::ready) co_return wake;
  }
}

void PostgresConnection::take_back(std::vector<Step> undone) {
  for (Step& step : undone) {
    if (step.kind == Step::Kind::prepare) cache_.drop(step.statement->hash);
    if (step.kind == Step::Kind::close) to_close_.push_back(std::move(step.statement));
  }
}

void PostgresConnection::begin_conversation() {
  conversation_.start();
  wire_->inbox().start();
}

DatabaseResult<Results> PostgresConnection::lost() {
  broken_ = true;
  auto& failure = conversation_.failure();  // the server's last words
  DatabaseError error = failure ? std::move(*failure) : lost_error(wire_->trouble());
  if (error.message.empty()) error.message = "the connection is broken";
  if (error.failure == Failure::connection_lost)
    error.was_stale = rested_ && !conversation_.heard() && !in_unit_;
  in_unit_ = in_transaction_ = false;
  failure.reset();
  return std::unexpected(std::move(error));
}

// The server lost or outgrew what was prepared: it is forgotten here too. True when preparing everything anew
// can help.
bool PostgresConnection::should_prepare_again(const DatabaseError& error) {
  const bool lost = error.sqlstate == "26000" || error.sqlstate == "42P05";
  const bool outgrown = error.sqlstate == "0A000" && error.message.find("cached plan") != std::string::npos;
  if (!lost && !outgrown) return false;
  if (lost && ++statements_lost_ >= statements_lost_max) unnamed_only_ = true;
  std::vector<Prepared> statements = cache_.clear();
  to_close_.clear();
  if (outgrown) to_close_ = std::move(statements);
  return true;
}

}  // namespace tenon::sql::postgres
