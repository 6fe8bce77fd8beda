#include "sql/mysql/connection.h"

#include <boost/asio/this_coro.hpp>

#include "sql/deadline.h"
#include "sql/mysql/cancel.h"
#include "sql/mysql/error.h"
#include "sql/mysql/version.h"

namespace tenon::sql::mysql {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds cancel_pause{500};  // then the request is repeated

DatabaseError early_end(Wake wake) {
  return {.failure = Failure::timeout,
          .message = wake == Wake::deadline ? "the deadline passed" : "the request was cancelled"};
}

// Statements that are sent for these calls.
std::size_t statements_in(std::span<const Call> calls) {
  std::size_t count = 0;
  for (const Call& call : calls) {
    const auto* program = static_cast<const Program*>(call.statement->program.get());
    count += program != nullptr ? program->steps.size() : 1;
  }
  return count;
}

}  // namespace

MysqlConnection::MysqlConnection(std::shared_ptr<Wire> wire,
                                 std::shared_ptr<const ConnectionParameters> parameters,
                                 const SessionOptions& options)
    : wire_(std::move(wire)),
      parameters_(std::move(parameters)),
      settle_time_(options.settle_time),
      cache_(options.statements_cached_max) {
  const char* name = mysql_get_server_info(mysql());
  version_ = parse_version(name != nullptr ? name : "");
  capabilities_ = capabilities_of(version_);
}

MysqlConnection::~MysqlConnection() {
  // A server that does not read would keep a goodbye waiting.
  if (broken_) wire_->sever();
  wire_->close();
  for (MYSQL_STMT* statement : cache_.clear()) mysql_stmt_close(statement);
}

asio::awaitable<DatabaseResult<void>> MysqlConnection::set_up(SessionOptions options,
                                                              Clock::time_point deadline) {
  reset();
  wire_->arm(deadline);
  const bool ready = co_await query(session_statement(options, capabilities_)) != nullptr;
  std::string level;
  if (ready) server_ = co_await ask(server_name_query);
  if (ready && !failure_)
    level = co_await ask(capabilities_.transaction_isolation_variable ? "SELECT @@transaction_isolation"
                                                                      : "SELECT @@tx_isolation");
  repeatable_by_default_ = level == "REPEATABLE-READ";
  if (!failure_) co_return DatabaseResult<void>();
  broken_ = true;
  if (failure_->failure == Failure::connection_lost || failure_->failure == Failure::timeout)
    failure_->failure = Failure::unreachable;
  co_return std::unexpected(std::move(*failure_));
}

asio::awaitable<std::string> MysqlConnection::ask(std::string_view text) {
  const auto rows = co_await query(text);
  co_return rows && rows->row_count() > 0 && rows->column_count() > 0 ? std::string(rows->cell(0, 0).text())
                                                                      : std::string();
}

bool MysqlConnection::still_open() {
  rested_ = true;
  if (!broken_ && !wire_->quiet()) broken_ = true;
  return !broken_;
}

// A cancelled caller must not tear the conversation: waits report it as a value instead.
template <class Body>
asio::awaitable<DatabaseResult<Results>> MysqlConnection::undisturbed(Body body) {
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  auto outcome = co_await body();
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return outcome;
}

asio::awaitable<DatabaseResult<Results>> MysqlConnection::run(Exchange exchange) {
  if (broken_) co_return lost();
  const Clock::time_point start = observer_ != nullptr ? Clock::now() : Clock::time_point();
  auto outcome = co_await undisturbed([&] { return attempt(exchange); });
  if (observer_ != nullptr)
    observer_->exchanged(exchange.calls, start,
                         outcome ? std::span<const std::unique_ptr<ResultSet>>(*outcome)
                                 : std::span<const std::unique_ptr<ResultSet>>());
  co_return outcome;
}

asio::awaitable<DatabaseResult<Results>> MysqlConnection::attempt(const Exchange& exchange) {
  reset();
  const bool late = Clock::now() >= exchange.deadline;
  if (late || has_left(co_await asio::this_coro::cancellation_state)) {
    if (in_transaction_) co_await tidy();
    co_return std::unexpected(early_end(late ? Wake::deadline : Wake::cancelled));
  }
  wire_->arm(exchange.deadline);
  // Several statements are one unit, also when nobody asked for a transaction.
  const bool begins = !in_transaction_ && (exchange.begin != Begin::none || exchange.end == End::keep_open ||
                                           statements_in(exchange.calls) > 1);
  Results results;
  bool done = !begins || co_await begin(exchange.begin);
  done = done && co_await run_calls(exchange.calls, results);
  // An answer that overtook the cancel request counts when nothing is left to do.
  if (stopped_ && in_transaction_) done = false;
  if (done && in_transaction_ && exchange.end != End::keep_open) done = co_await finish(exchange.end);
  if (!done) co_return co_await settle();
  if (stopped_) co_await tidy();
  in_unit_ = exchange.end == End::keep_open;
  rested_ = false;
  co_return results;
}

asio::awaitable<DatabaseResult<Results>> MysqlConnection::run_text(std::string_view sql,
                                                                   Clock::time_point deadline) {
  if (broken_) co_return lost();
  co_return co_await undisturbed([&]() -> asio::awaitable<DatabaseResult<Results>> {
    reset();
    wire_->arm(deadline);
    auto rows = co_await query(sql);
    if (!rows || (stopped_ && in_unit_)) co_return co_await settle();
    if (stopped_) co_await tidy();
    rested_ = false;
    in_unit_ = in_transaction_ = (mysql()->server_status & SERVER_STATUS_IN_TRANS) != 0;
    Results results;
    results.push_back(std::move(rows));
    co_return results;
  });
}

asio::awaitable<DatabaseResult<Description>> MysqlConnection::describe(const Statement& statement,
                                                                       Clock::time_point deadline) {
  if (broken_) co_return std::unexpected(std::move(lost().error()));
  reset();
  wire_->arm(deadline);
  const auto* program = static_cast<const Program*>(statement.program.get());
  const std::string& text = program != nullptr ? program->steps.front().text : statement.text;
  const base::Hash128 hash = base::hash128(text);
  if (cache_.find(hash) == nullptr && !co_await prepare(hash, text)) {
    auto failed = co_await settle();
    co_return std::unexpected(std::move(failed.error()));
  }
  Description description;
  MYSQL_STMT* prepared = cache_.find(hash)->statement;
  MYSQL_RES* fields = prepared != nullptr ? mysql_stmt_result_metadata(prepared) : nullptr;
  if (fields == nullptr) co_return description;
  for (const ResultColumn& column : columns_of(mysql_fetch_fields(fields), mysql_num_fields(fields)))
    description.columns.push_back({.name = column.name, .type = value_type(column)});
  mysql_free_result(fields);
  co_return description;
}

asio::awaitable<bool> MysqlConnection::begin(Begin begin) {
  const bool wants_snapshot = begin == Begin::snapshot_read || begin == Begin::repeatable_read;
  if (wants_snapshot && !repeatable_by_default_ &&
      !co_await query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    co_return false;
  if (begin == Begin::serializable && !co_await query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
    co_return false;
  std::string_view text = "START TRANSACTION";
  if (begin == Begin::snapshot_read) text = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
  if (begin == Begin::repeatable_read) text = "START TRANSACTION WITH CONSISTENT SNAPSHOT";
  in_transaction_ = co_await query(text) != nullptr;
  co_return in_transaction_;
}

asio::awaitable<bool> MysqlConnection::finish(End end) {
  if (!co_await query(end == End::finish ? "COMMIT" : "ROLLBACK")) co_return false;
  in_transaction_ = false;
  co_return true;
}

asio::awaitable<bool> MysqlConnection::run_calls(std::span<const Call> calls, Results& results) {
  results.reserve(calls.size());
  for (const Call& call : calls) {
    if (stopped_) co_return false;
    auto rows = co_await run_call(call);
    if (!rows) co_return false;
    results.push_back(std::move(rows));
    ++calls_answered_;
  }
  co_return true;
}

asio::awaitable<int> MysqlConnection::until_ready(int wanted) {
  for (;;) {
    const Patience patience = stopped_ || settling_ ? Patience::stubborn : Patience::cancellable;
    int happened = 0;
    const Wake wake = co_await wire_->wait(wanted, patience, happened);
    if (wake == Wake::ready) co_return happened;
    stop(wake);
  }
}

// A cancel request that reaches the server before the statement began does nothing, so it is repeated.
void MysqlConnection::stop(Wake why) {
  const auto now = Clock::now();
  if (!stopped_ && !settling_) {
    stopped_ = why;
    give_up_at_ = now + settle_time_;
  }
  std::shared_ptr<CancelRequest> request;
  if (!settling_ && now < give_up_at_)
    request = CancelRequest::send({parameters_, server_, mysql_thread_id(mysql())}, now + settle_time_);
  if (!request) return wire_->sever();
  cancels_.push_back(std::move(request));
  wire_->arm(now + cancel_pause);
}

asio::awaitable<void> MysqlConnection::tidy() {
  for (const auto& cancel : cancels_)
    if (!co_await cancel->until_over(Clock::now() + settle_time_)) broken_ = true;
  // A request to stop that came too late hits whatever is next, and that had better be nothing.
  if (!broken_ && (stopped_ || in_transaction_ || (mysql()->server_status & SERVER_STATUS_IN_TRANS) != 0))
    co_await roll_back();
  in_unit_ = in_transaction_ = false;
}

asio::awaitable<void> MysqlConnection::roll_back() {
  auto failure = std::exchange(failure_, std::nullopt);
  settling_ = true;
  wire_->arm(Clock::now() + settle_time_);
  bool done = false;
  for (std::size_t i = 0; i <= cancels_.size() && !done && !broken_; ++i) {
    done = co_await query("ROLLBACK") != nullptr;
    if (!done && !was_interrupted(failure_number_)) break;
  }
  if (!done) broken_ = true;
  settling_ = false;
  failure_ = std::move(failure);
}

asio::awaitable<DatabaseResult<Results>> MysqlConnection::settle() {
  if (broken_ && !stopped_) co_return lost();
  rested_ = false;
  co_await tidy();
  DatabaseError error = failure_ ? std::move(*failure_) : early_end(stopped_.value_or(Wake::deadline));
  error.call = calls_answered_;
  failure_.reset();
  co_return std::unexpected(std::move(error));
}

void MysqlConnection::fail(DatabaseError error) {
  if (wire_->severed() && stopped_) error = early_end(*stopped_);
  if (wire_->severed() || error.failure == Failure::connection_lost) broken_ = true;
  if (!failure_) failure_ = std::move(error);
}

void MysqlConnection::fail(std::uint32_t number, std::string_view sqlstate, std::string_view message) {
  failure_number_ = number;
  DatabaseError error =
      number == 0 ? lost_error("the connection is broken") : make_error(number, sqlstate, message);
  heard_ = heard_ || error.failure != Failure::connection_lost;
  fail(std::move(error));
}

void MysqlConnection::reset() {
  heard_ = settling_ = false;
  stopped_.reset();
  cancels_.clear();
  calls_answered_ = 0;
  failure_number_ = 0;
  failure_.reset();
}

DatabaseResult<Results> MysqlConnection::lost() {
  broken_ = true;
  DatabaseError error = failure_ ? std::move(*failure_) : lost_error("the connection is broken");
  error.call = calls_answered_;
  if (error.failure == Failure::connection_lost) error.was_stale = rested_ && !heard_ && !in_unit_;
  in_unit_ = in_transaction_ = false;
  failure_.reset();
  return std::unexpected(std::move(error));
}

asio::awaitable<DatabaseResult<std::unique_ptr<MysqlConnection>>> connect(DatabaseUrl url,
                                                                          SessionOptions options,
                                                                          Clock::time_point deadline) {
  auto parameters = connection_parameters(url, options);
  if (!parameters) co_return std::unexpected(std::move(parameters.error()));
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto shared = std::make_shared<const ConnectionParameters>(std::move(*parameters));
  auto wire = co_await dial(shared, deadline);
  std::unique_ptr<MysqlConnection> connection;
  DatabaseResult<void> ready;
  if (!wire) {
    ready = std::unexpected(std::move(wire.error()));
  } else {
    connection = std::make_unique<MysqlConnection>(std::move(*wire), shared, options);
    ready = co_await connection->set_up(options, deadline);
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (!ready) co_return std::unexpected(std::move(ready.error()));
  co_return connection;
}

}  // namespace tenon::sql::mysql
