#include "sql/open.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "sql/mysql/connection.h"
#include "sql/pool.h"
#include "sql/postgres/connection.h"

namespace tenon::sql {

namespace asio = boost::asio;

namespace {

std::optional<std::uint32_t> number_of(const DatabaseUrl& url, const std::string& key) {
  const auto found = url.parameters.find(key);
  if (found == url.parameters.end()) return std::nullopt;
  const std::string& text = found->second;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

constexpr std::uint32_t connections_max_of_url = 10'000;
constexpr std::uint32_t seconds_max_of_url = 3'600;

}  // namespace

asio::awaitable<DatabaseResult<std::unique_ptr<Connection>>> connect(DatabaseUrl url, SessionOptions options,
                                                                     Clock::time_point deadline) {
  const auto as_any = [](auto connection) -> DatabaseResult<std::unique_ptr<Connection>> {
    if (!connection) return std::unexpected(std::move(connection.error()));
    return std::unique_ptr<Connection>(std::move(*connection));
  };
  if (url.engine == catalog::Engine::mysql)
    co_return as_any(co_await mysql::connect(std::move(url), std::move(options), deadline));
  co_return as_any(co_await postgres::connect(std::move(url), std::move(options), deadline));
}

std::unique_ptr<Pool> open_pool(asio::any_io_executor executor, DatabaseUrl url, SessionOptions options,
                                base::PoolLimits limits) {
  options.statements_cached_max = limits.statements_cached_max;
  return make_pool(std::move(executor), limits,
                   [url = std::move(url), options = std::move(options)](Clock::time_point deadline) {
                     return connect(url, options, deadline);
                   });
}

base::PoolLimits with_url_limits(base::PoolLimits limits, const DatabaseUrl& url) {
  const auto seconds = [&](const char* key, std::chrono::milliseconds& limit) {
    if (const auto number = number_of(url, key); number && *number > 0)
      limit = std::chrono::seconds(std::min(*number, seconds_max_of_url));
  };
  if (const auto number = number_of(url, "connection_limit"); number && *number > 0)
    limits.connections_max = std::min(*number, connections_max_of_url);
  if (const auto number = number_of(url, "statement_cache_size"); number && *number > 0)
    limits.statements_cached_max = *number;
  seconds("pool_timeout", limits.acquire_timeout);
  seconds("connect_timeout", limits.connect_timeout);
  return limits;
}

}  // namespace tenon::sql
