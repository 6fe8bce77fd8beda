// The one place that picks an engine: connections and pools from a URL.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/limits.h"
#include "sql/connection.h"
#include "sql/url.h"

namespace tenon::sql {

enum class Pooler : std::uint8_t {
  detected,     // a session that does not take our settings is taken for one behind a pooler
  transaction,  // a pooler that may use another session for each transaction
};

// How sessions are set up. Zero means no limit.
struct SessionOptions {
  // Also by the URL: Prisma's pgbouncer=true.
  Pooler pooler = Pooler::detected;
  std::string application_name = "tenon";
  std::chrono::milliseconds statement_timeout{0};  // the server's own; a call's deadline is apart from it
  std::chrono::milliseconds idle_in_transaction_timeout{60'000};
  // What the server may take to confirm a cancellation or a roll-back before the connection is given up.
  std::chrono::milliseconds settle_time{2'000};
  std::uint32_t statements_cached_max = base::PoolLimits{}.statements_cached_max;
};

// One connection, made on the io_context of the awaiting coroutine.
boost::asio::awaitable<DatabaseResult<std::unique_ptr<Connection>>> connect(DatabaseUrl url,
                                                                            SessionOptions options,
                                                                            Clock::time_point deadline);

// A pool for the io_context behind `executor`; it must outlive its leases. Connects on demand, not here.
std::unique_ptr<Pool> open_pool(boost::asio::any_io_executor executor, DatabaseUrl url,
                                SessionOptions options, base::PoolLimits limits);

// `limits` with what Prisma's parameters of the URL say: connection_limit, pool_timeout, connect_timeout
// (both seconds) and statement_cache_size.
base::PoolLimits with_url_limits(base::PoolLimits limits, const DatabaseUrl& url);

}  // namespace tenon::sql
