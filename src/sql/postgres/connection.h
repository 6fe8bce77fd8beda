// sql::Connection: one write and, where the answer is small, one read for an exchange; statements prepared
// and described on first use. libpq connects, authenticates and cancels; what is said in between is ours
// (wire.h, messages.h, conversation.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "sql/connection.h"
#include "sql/open.h"
#include "sql/postgres/conversation.h"
#include "sql/postgres/statement_cache.h"
#include "sql/postgres/wire.h"
#include "sql/url.h"

namespace tenon::sql::postgres {

class CancelRequest;

class PostgresConnection final : public Connection {
 public:
  // `wire` is connected and has adopted its socket (connect.cpp makes it so).
  PostgresConnection(std::shared_ptr<Wire> wire, const SessionOptions& options);

  // The session is not ours alone: a pooler lends another one for each transaction. Nothing is prepared under
  // a name, which could be another client's, and each unit begins with `settings`, a statement that lasts
  // until its end.
  void share_session(Statement settings);

  boost::asio::awaitable<DatabaseResult<Results>> run(Exchange exchange) override;
  boost::asio::awaitable<DatabaseResult<Results>> run_text(std::string_view sql,
                                                           Clock::time_point deadline) override;
  boost::asio::awaitable<DatabaseResult<Description>> describe(const Statement& statement,
                                                               Clock::time_point deadline) override;
  const ServerVersion& server_version() const override { return version_; }
  bool broken() const override { return broken_; }
  bool in_unit() const override { return in_unit_; }
  bool still_open() override;

  // For tests and metrics.
  std::size_t statements_prepared() const { return cache_.size(); }

 private:
  boost::asio::awaitable<DatabaseResult<Results>> attempt(const Exchange& exchange);
  boost::asio::awaitable<DatabaseResult<Results>> text_alone(std::string_view sql,
                                                             Clock::time_point deadline);
  boost::asio::awaitable<DatabaseResult<Results>> text_in_unit(std::string_view sql,
                                                               Clock::time_point deadline);

  // Sending (send.cpp): what is to be sent is put into the outbox.
  void send_exchange(const Exchange& exchange);
  void send_statement(const Statement& statement, std::span<const Parameter> parameters, Step::Kind kind,
                      ResultLimits limits = {});
  void send_close(Prepared statement);
  void send_sync();
  void send_unnamed(std::string_view sql, Step::Kind kind);
  // Nothing is sent; a unit that is open is rolled back.
  boost::asio::awaitable<DatabaseResult<Results>> refuse(DatabaseError error);

  void begin_conversation();
  // Goes on where it stopped.
  boost::asio::awaitable<Wake> read_answers(Patience patience);
  void take_back(std::vector<Step> undone);

  // After a failure or an early end: everything sent is answered, nothing of the unit stays, and the
  // connection is idle; or it is broken.
  boost::asio::awaitable<void> settle(bool cancel);
  boost::asio::awaitable<void> roll_back();
  // Cancels what runs and reads its answer. False when the server did not obey in time.
  boost::asio::awaitable<bool> stop();
  boost::asio::awaitable<bool> wait_until_cancelled(const std::shared_ptr<CancelRequest>& request);
  boost::asio::awaitable<DatabaseResult<Results>> finish_attempt(Wake wake, End end);
  boost::asio::awaitable<DatabaseResult<Results>> finish_committed(Wake wake);

  DatabaseResult<Results> lost();
  bool should_prepare_again(const DatabaseError& error);

  std::shared_ptr<Wire> wire_;
  std::chrono::milliseconds settle_time_;
  ServerVersion version_;
  StatementCache cache_;
  std::vector<Prepared> to_close_;  // statements evicted here that the server still holds
  bool unnamed_only_ = false;       // behind a pooler that loses prepared statements
  std::optional<Statement> unit_settings_;
  std::uint32_t statements_lost_ = 0;

  bool broken_ = false;
  bool in_unit_ = false;
  bool in_transaction_ = false;  // an explicit one, which COMMIT must end
  bool rested_ = false;          // lent from the pool's idle list and not heard of since

  Conversation conversation_;  // of the exchange that runs; kept to reuse its memory
};

// connect.cpp
boost::asio::awaitable<DatabaseResult<std::unique_ptr<PostgresConnection>>> connect(
    DatabaseUrl url, SessionOptions options, Clock::time_point deadline);

}  // namespace tenon::sql::postgres
