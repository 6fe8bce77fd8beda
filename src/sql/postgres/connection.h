// sql::Connection over libpq: pipeline mode always on, one write per exchange, statements prepared on first
// use. A conversation is a list of steps sent together and answered in order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "sql/connection.h"
#include "sql/open.h"
#include "sql/postgres/result.h"
#include "sql/postgres/statement_cache.h"
#include "sql/postgres/wire.h"
#include "sql/url.h"

namespace tenon::sql::postgres {

class CancelRequest;

class PostgresConnection final : public Connection {
 public:
  // `wire` is connected, non-blocking and in pipeline mode (connect.cpp makes it so).
  PostgresConnection(std::shared_ptr<Wire> wire, std::uint32_t statements_cached_max);

  // The session is not ours alone: a pooler lends another one for each transaction. Nothing is prepared under
  // a name, which could be another client's, and each unit begins with `settings`, a statement that lasts
  // until its end.
  void share_session(Statement settings);

  boost::asio::awaitable<DatabaseResult<Results>> run(Exchange exchange) override;
  boost::asio::awaitable<DatabaseResult<Results>> run_text(std::string_view sql,
                                                           Clock::time_point deadline) override;
  const ServerVersion& server_version() const override { return version_; }
  bool broken() const override { return broken_; }
  bool in_unit() const override { return in_unit_; }
  bool still_open() override;

  // For tests and metrics.
  std::size_t statements_prepared() const { return cache_.size(); }

 private:
  // What was sent and waits for its answer.
  struct Step {
    enum class Kind : std::uint8_t { transaction, close, prepare, call, sync };
    Kind kind;
    base::Hash128 hash{};  // of the statement prepared
    std::string name;      // of the statement closed
  };

  boost::asio::awaitable<DatabaseResult<Results>> attempt(const Exchange& exchange);
  boost::asio::awaitable<DatabaseResult<Results>> text_alone(std::string_view sql,
                                                             Clock::time_point deadline);
  boost::asio::awaitable<DatabaseResult<Results>> text_in_unit(std::string_view sql,
                                                               Clock::time_point deadline);

  // Sending (send.cpp). False when libpq could not take it: the connection is lost.
  bool send_exchange(const Exchange& exchange);
  bool send_statement(const Statement& statement, std::span<const Parameter> parameters, Step::Kind kind);
  bool send_text(const char* sql, Step::Kind kind);
  bool send_close(const std::string& name);
  bool send_sync();
  bool send_flush();
  void bind(std::span<const Parameter> parameters);

  // Reading. read_steps goes on where it stopped.
  boost::asio::awaitable<Wake> read_steps(Patience patience);
  void take(const Step& step, ResultPtr result);
  void undo(const Step& step);
  boost::asio::awaitable<Wake> read_text(Patience patience);

  // After a failure or an early end: everything sent is answered, nothing of the unit stays, and the
  // connection is idle; or it is broken.
  boost::asio::awaitable<void> settle(bool cancel);
  boost::asio::awaitable<void> roll_back();
  // Cancels what runs and reads its answer. False when the server did not obey in time.
  enum class What : std::uint8_t { steps, text };
  boost::asio::awaitable<bool> stop(What what);
  boost::asio::awaitable<bool> wait_until_cancelled(const std::shared_ptr<CancelRequest>& request);
  boost::asio::awaitable<DatabaseResult<Results>> finish_attempt(Wake wake, End end);
  boost::asio::awaitable<DatabaseResult<Results>> finish_committed(Wake wake);

  void reset_answers();
  DatabaseResult<Results> lost();
  bool should_prepare_again(const DatabaseError& error);

  std::shared_ptr<Wire> wire_;
  ServerVersion version_;
  StatementCache cache_;
  std::vector<std::string> to_close_;  // statements evicted here that the server still holds
  bool unnamed_only_ = false;          // behind a pooler that loses prepared statements
  std::optional<Statement> unit_settings_;
  std::uint32_t statements_lost_ = 0;

  bool broken_ = false;
  bool in_unit_ = false;
  bool in_transaction_ = false;  // an explicit one, which COMMIT must end
  bool rested_ = false;          // lent from the pool's idle list and not heard of since

  // Of the exchange that runs; kept to reuse their memory.
  std::vector<Step> steps_;
  std::size_t at_ = 0;  // the step whose answer is awaited
  bool sync_sent_ = false;
  bool heard_ = false;      // some answer came
  bool committed_ = false;  // the server said so: whatever comes after does not undo it
  std::uint32_t calls_answered_ = 0;
  Results results_;
  std::optional<DatabaseError> failure_;
  std::string bound_text_;
  std::vector<const char*> bound_;
};

// connect.cpp
boost::asio::awaitable<DatabaseResult<std::unique_ptr<PostgresConnection>>> connect(
    DatabaseUrl url, SessionOptions options, Clock::time_point deadline);

}  // namespace tenon::sql::postgres
