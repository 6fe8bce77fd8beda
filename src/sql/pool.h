// The pool of connections, the same for every engine.
//
// Growth is apart from demand: whoever asks queues, and connections are made in the background while there
// are more waiters than connections on their way, so the first that becomes free serves the first that asked.
// After a failed attempt with no connection left the pool is *down*: it tries again alone, at growing
// intervals of at most half a second while somebody asks, and everybody who asks meanwhile gets the last
// error at once.
//
// The round trip to the server is measured on the first connection before it is lent, and now and then on one
// that rests.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/limits.h"
#include "sql/connection.h"

namespace tenon::sql {

// Makes one connection, or fails by the deadline.
using Connector = std::function<boost::asio::awaitable<DatabaseResult<std::unique_ptr<Connection>>>(
    Clock::time_point deadline)>;

std::unique_ptr<Pool> make_pool(boost::asio::any_io_executor executor, base::PoolLimits limits,
                                Connector connector);

}  // namespace tenon::sql
