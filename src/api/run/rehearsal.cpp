#include "api/run/rehearsal.h"

#include <utility>

#include "api/run/unit_part.h"

namespace tenon::api {

using boost::asio::awaitable;
using sql::Clock;
using sql::DatabaseResult;
using sql::Results;

namespace {

// Its units are between marks of the one transaction.
class RehearsingConnection final : public UnitPart {
 public:
  RehearsingConnection(sql::Connection& inner, const sql::Statement& mark, const sql::Statement& undo)
      : UnitPart(inner), mark_(mark), undo_(undo) {}

  awaitable<DatabaseResult<Results>> run(sql::Exchange exchange) override {
    if (!inner_.in_unit()) co_return std::unexpected(ended());
    Results results;
    if (exchange.begin != sql::Begin::none && exchange.begin != sql::Begin::snapshot_read)
      if (auto marked = co_await run_in_unit(inner_, mark_, exchange.deadline); !marked)
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
      if (auto undone = co_await run_in_unit(inner_, undo_, exchange.deadline); !undone)
        co_return std::unexpected(std::move(undone.error()));
    co_return results;
  }

 private:
  static sql::DatabaseError ended() {
    sql::DatabaseError error;
    error.message = "an earlier failure has ended the transaction";
    return error;
  }

  const sql::Statement& mark_;
  const sql::Statement& undo_;
};

}  // namespace

Rehearsal::Rehearsal(sql::Connection& inner, const sql::Dialect& dialect)
    : inner_(inner), mark_(dialect.mark()), undo_(dialect.undo_to_mark()) {}

awaitable<DatabaseResult<void>> Rehearsal::begin(Clock::time_point deadline) {
  return run_in_unit(inner_, mark_, deadline);
}

awaitable<void> Rehearsal::end(Clock::time_point deadline) { return undo_unit(inner_, deadline); }

awaitable<DatabaseResult<sql::Lease>> Rehearsal::acquire(Clock::time_point) {
  co_return sql::Lease(*this, std::make_unique<RehearsingConnection>(inner_, mark_, undo_));
}

}  // namespace tenon::api
