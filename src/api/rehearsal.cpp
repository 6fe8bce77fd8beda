#include "api/rehearsal.h"

#include <utility>

namespace tenon::api {

using boost::asio::awaitable;
using sql::Clock;
using sql::DatabaseResult;
using sql::Results;

namespace {

awaitable<DatabaseResult<Results>> run_one(sql::Connection& inner, const sql::Statement& statement,
                                           sql::Begin begin, Clock::time_point deadline) {
  const sql::Call call{.statement = &statement, .parameters = {}};
  co_return co_await inner.run(
      {.calls = {&call, 1}, .begin = begin, .end = sql::End::keep_open, .deadline = deadline});
}

// Its units are between marks of the one transaction.
class RehearsingConnection final : public sql::Connection {
 public:
  RehearsingConnection(sql::Connection& inner, const sql::Statement& mark, const sql::Statement& undo)
      : inner_(inner), mark_(mark), undo_(undo) {}

  awaitable<DatabaseResult<Results>> run(sql::Exchange exchange) override {
    if (!inner_.in_unit()) co_return std::unexpected(ended());
    Results results;
    if (exchange.begin != sql::Begin::none && exchange.begin != sql::Begin::snapshot_read)
      if (auto marked = co_await run_one(inner_, mark_, sql::Begin::none, exchange.deadline); !marked)
        co_return std::unexpected(std::move(marked.error()));
    in_unit_ = exchange.end == sql::End::keep_open;
    if (!exchange.calls.empty()) {
      auto rows = co_await inner_.run({.calls = exchange.calls,
                                       .begin = sql::Begin::none,
                                       .end = sql::End::keep_open,
                                       .deadline = exchange.deadline});
      in_unit_ = rows && in_unit_;
      if (!rows) co_return std::unexpected(std::move(rows.error()));
      results = std::move(*rows);
    }
    if (exchange.end == sql::End::roll_back)
      if (auto undone = co_await run_one(inner_, undo_, sql::Begin::none, exchange.deadline); !undone)
        co_return std::unexpected(std::move(undone.error()));
    co_return results;
  }
  awaitable<DatabaseResult<Results>> run_text(std::string_view sql, Clock::time_point deadline) override {
    co_return co_await inner_.run_text(sql, deadline);
  }
  const sql::ServerVersion& server_version() const override { return inner_.server_version(); }
  bool broken() const override { return inner_.broken(); }
  bool in_unit() const override { return in_unit_; }

 private:
  static sql::DatabaseError ended() {
    sql::DatabaseError error;
    error.message = "an earlier failure has ended the transaction";
    return error;
  }

  sql::Connection& inner_;
  const sql::Statement& mark_;
  const sql::Statement& undo_;
  bool in_unit_ = false;
};

}  // namespace

Rehearsal::Rehearsal(sql::Connection& inner, const sql::Dialect& dialect)
    : inner_(inner), mark_(dialect.mark()), undo_(dialect.undo_to_mark()) {}

awaitable<DatabaseResult<void>> Rehearsal::begin(Clock::time_point deadline) {
  auto marked = co_await run_one(inner_, mark_, sql::Begin::read_write, deadline);
  if (!marked) co_return std::unexpected(std::move(marked.error()));
  co_return DatabaseResult<void>{};
}

awaitable<void> Rehearsal::end(Clock::time_point deadline) {
  if (inner_.in_unit()) co_await inner_.run({.calls = {}, .end = sql::End::roll_back, .deadline = deadline});
}

awaitable<DatabaseResult<sql::Lease>> Rehearsal::acquire(Clock::time_point) {
  co_return sql::Lease(*this, std::make_unique<RehearsingConnection>(inner_, mark_, undo_));
}

}  // namespace tenon::api
