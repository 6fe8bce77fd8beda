// For tests of the engines: coroutines against a real server.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "sql/open.h"
#include "sql/url.h"

namespace tenon::sql::test {

namespace asio = boost::asio;
using namespace std::chrono_literals;

inline Clock::time_point in(Clock::duration time) { return Clock::now() + time; }
// The deadline where none is tested: a busy machine does not meet it.
inline Clock::time_point patiently() { return in(60s); }
inline base::PoolLimits patient(base::PoolLimits limits = {}) {
  limits.acquire_timeout = limits.connect_timeout = 60s;
  return limits;
}

inline Statement statement(std::string text, std::uint32_t parameters = 0) {
  const auto hash = base::hash128(text);
  return {.text = std::move(text), .hash = hash, .parameter_count = parameters};
}

// Runs a coroutine to its end, with everything it left behind.
template <class Coroutine>
void run_to_end(Coroutine coroutine) {
  asio::io_context context(1);
  std::exception_ptr thrown;
  asio::co_spawn(context, std::move(coroutine), [&](std::exception_ptr error) { thrown = error; });
  context.run();
  if (thrown) std::rethrow_exception(thrown);
}

inline DatabaseUrl url_of(const std::string& text) {
  auto url = parse_database_url(text);
  EXPECT_TRUE(url.has_value());
  return url ? std::move(*url) : DatabaseUrl{};
}

inline asio::awaitable<void> sleep(Clock::duration time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

// Waits until `condition` holds, and says whether it came to that.
template <class Condition>
asio::awaitable<bool> eventually(Condition condition) {
  for (const auto give_up = patiently(); !condition() && Clock::now() < give_up;) co_await sleep(5ms);
  co_return condition();
}

inline asio::awaitable<std::unique_ptr<Connection>> open(std::string url, SessionOptions options = {}) {
  options.settle_time = 60s;
  auto connection = co_await connect(url_of(url), options, patiently());
  EXPECT_TRUE(connection.has_value()) << (connection ? "" : connection.error().message);
  co_return connection ? std::move(*connection) : nullptr;
}

// One cell as text; NULL as "<null>".
inline std::string cell(const ResultSet& rows, std::size_t row = 0, std::size_t column = 0) {
  std::vector<Cell> cells(rows.column_count());
  if (row >= rows.row_count() || column >= cells.size()) return "<none>";
  rows.read(row, cells);
  return cells[column].is_null() ? "<null>" : std::string(cells[column].text());
}

// The single value that `sql` gives, or the error's text.
inline asio::awaitable<std::string> value(Connection& connection, std::string sql) {
  const Statement one = statement(std::move(sql));
  const Call call{.statement = &one};
  auto results = co_await connection.run({.calls = {&call, 1}, .deadline = patiently()});
  if (!results) co_return "error " + results.error().sqlstate + " " + results.error().message;
  co_return cell(*results->front());
}

}  // namespace tenon::sql::test
