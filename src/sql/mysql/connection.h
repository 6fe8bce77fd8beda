// sql::Connection over libmariadb: one command after the other, prepared on first use. A call that is a
// program runs step by step in one transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "sql/connection.h"
#include "sql/mysql/capabilities.h"
#include "sql/mysql/connect.h"
#include "sql/mysql/expansion.h"
#include "sql/mysql/result.h"
#include "sql/mysql/statement_cache.h"
#include "sql/mysql/values.h"
#include "sql/open.h"
#include "sql/url.h"

namespace tenon::sql::mysql {

class CancelRequest;

class MysqlConnection final : public Connection {
 public:
  // `wire` is connected, with these parameters.
  MysqlConnection(std::shared_ptr<Wire> wire, std::shared_ptr<const ConnectionParameters> parameters,
                  const SessionOptions& options);
  ~MysqlConnection() override;

  // Brings the session into the state that statements count on. To be called once, before anything else.
  boost::asio::awaitable<DatabaseResult<void>> set_up(SessionOptions options, Clock::time_point deadline);

  boost::asio::awaitable<DatabaseResult<Results>> run(Exchange exchange) override;
  boost::asio::awaitable<DatabaseResult<Results>> run_text(std::string_view sql,
                                                           Clock::time_point deadline) override;
  boost::asio::awaitable<DatabaseResult<Description>> describe(const Statement& statement,
                                                               Clock::time_point deadline) override;
  const ServerVersion& server_version() const override { return version_; }
  bool broken() const override { return broken_; }
  bool in_unit() const override { return in_unit_; }
  bool still_open() override;

 private:
  boost::asio::awaitable<DatabaseResult<Results>> attempt(const Exchange& exchange);
  boost::asio::awaitable<bool> run_calls(std::span<const Call> calls, Results& results);
  // The rows of a call, or nullptr with failure_ set.
  boost::asio::awaitable<std::unique_ptr<RowSet>> run_call(const Call& call);
  boost::asio::awaitable<std::unique_ptr<RowSet>> run_program(const Program& program, const Call& call);
  boost::asio::awaitable<std::unique_ptr<RowSet>> run_step(const Step& step,
                                                           std::span<const Parameter> parameters,
                                                           std::span<const std::unique_ptr<RowSet>> earlier);
  // One statement; `text` is asked for when it has to be prepared.
  boost::asio::awaitable<std::unique_ptr<RowSet>> run_statement(base::Hash128 hash,
                                                                std::function<std::string()> text,
                                                                std::span<const BoundValue> values);
  boost::asio::awaitable<bool> prepare(base::Hash128 hash, const std::string& text);
  boost::asio::awaitable<std::unique_ptr<RowSet>> execute(MYSQL_STMT* statement);
  boost::asio::awaitable<std::unique_ptr<RowSet>> fetch_within_limits(MYSQL_STMT* statement);
  boost::asio::awaitable<std::unique_ptr<RowSet>> query(std::string_view text);
  boost::asio::awaitable<bool> skip_results();
  boost::asio::awaitable<std::string> ask(std::string_view text);  // the first value
  std::unique_ptr<RowSet> one_result(std::unique_ptr<RowSet> rows);
  boost::asio::awaitable<void> close(MYSQL_STMT* statement);

  // Transactions.
  boost::asio::awaitable<bool> begin(Begin begin);
  boost::asio::awaitable<bool> finish(End end);
  boost::asio::awaitable<void> roll_back();

  // Runs one call of libmariadb to its end. When the deadline passes or the caller leaves, the server is told
  // to stop, and the end is that of a stopped statement; when it does not obey, the connection is severed.
  template <class Start, class Continue>
  boost::asio::awaitable<void> perform(Start start, Continue go_on) {
    for (int wanted = start(); wanted != 0;) wanted = go_on(co_await until_ready(wanted));
  }
  boost::asio::awaitable<int> until_ready(int wanted);
  void stop(Wake why);

  // Makes the connection idle again, with nothing of a unit left, or broken.
  boost::asio::awaitable<void> tidy();
  // After a failure or an early end: the same, and what to report.
  boost::asio::awaitable<DatabaseResult<Results>> settle();
  void fail(DatabaseError error);
  void fail(std::uint32_t number, std::string_view sqlstate, std::string_view message);
  DatabaseResult<Results> lost();
  void reset();
  template <class Body>
  boost::asio::awaitable<DatabaseResult<Results>> undisturbed(Body body);

  MYSQL* mysql() const { return wire_->mysql(); }

  std::shared_ptr<Wire> wire_;
  std::shared_ptr<const ConnectionParameters> parameters_;
  std::chrono::milliseconds settle_time_;
  std::string server_;  // what it calls itself
  ServerVersion version_;
  Capabilities capabilities_;
  StatementCache cache_;
  bool repeatable_by_default_ = false;  // the session's isolation level is REPEATABLE READ

  bool broken_ = false;
  bool in_unit_ = false;
  bool in_transaction_ = false;  // an explicit one, which COMMIT must end
  bool rested_ = false;          // lent from the pool's idle list and not heard of since

  // Of the exchange that runs.
  bool heard_ = false;     // some answer came
  bool outgrown_ = false;  // the statement's table changed: prepared anew next time
  bool settling_ = false;  // what runs is our own tidying up: not stopped, but severed when it takes too long
  std::optional<Wake> stopped_;   // why it must end early
  Clock::time_point give_up_at_;  // of those who then stop it
  std::vector<std::shared_ptr<CancelRequest>> cancels_;
  std::uint32_t calls_answered_ = 0;
  ResultLimits limits_;  // of the call that runs
  std::uint32_t failure_number_ = 0;
  std::optional<DatabaseError> failure_;
  Bindings bindings_;
  std::vector<BoundValue> values_;  // of a call that is no program
};

boost::asio::awaitable<DatabaseResult<std::unique_ptr<MysqlConnection>>> connect(DatabaseUrl url,
                                                                                 SessionOptions options,
                                                                                 Clock::time_point deadline);

}  // namespace tenon::sql::mysql
