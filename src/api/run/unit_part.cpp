#include "api/run/unit_part.h"

#include <utility>

namespace tenon::api {

using boost::asio::awaitable;
using sql::Clock;
using sql::DatabaseResult;

awaitable<DatabaseResult<std::unique_ptr<sql::ResultSet>>> run_in_unit(sql::Connection& inner,
                                                                       const sql::Call& call,
                                                                       Clock::time_point deadline) {
  const sql::Begin begin = inner.in_unit() ? sql::Begin::none : sql::Begin::read_write;
  auto results = co_await inner.run(
      {.calls = {&call, 1}, .begin = begin, .end = sql::End::keep_open, .deadline = deadline});
  if (!results) co_return std::unexpected(std::move(results.error()));
  co_return std::move(results->front());
}

awaitable<DatabaseResult<void>> run_in_unit(sql::Connection& inner, const sql::Statement& statement,
                                            Clock::time_point deadline) {
  const sql::Call call{.statement = &statement, .parameters = {}};
  auto done = co_await run_in_unit(inner, call, deadline);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return DatabaseResult<void>{};
}

awaitable<void> undo_unit(sql::Connection& inner, Clock::time_point deadline) {
  if (inner.in_unit()) co_await inner.run({.calls = {}, .end = sql::End::roll_back, .deadline = deadline});
}

}  // namespace tenon::api
