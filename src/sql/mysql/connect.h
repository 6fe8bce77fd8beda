// How a session comes to be. libmariadb connects on a thread of its own: its calls that do not block still
// block in the look-up of the name and in the TLS handshake, and check a certificate only against the name
// that they looked up themselves.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "sql/mysql/parameters.h"
#include "sql/mysql/wire.h"

namespace tenon::sql::mysql {

struct CloseHandle {
  void operator()(MYSQL* mysql) const { mysql_close(mysql); }
};
using Handle = std::unique_ptr<MYSQL, CloseHandle>;

// Connects and authenticates; blocks, at each step no longer than until the deadline.
DatabaseResult<Handle> connect_blocking(const ConnectionParameters& parameters, Clock::time_point deadline);

// The same on another thread, awaited.
boost::asio::awaitable<DatabaseResult<std::shared_ptr<Wire>>> dial(
    std::shared_ptr<const ConnectionParameters> parameters, Clock::time_point deadline);

}  // namespace tenon::sql::mysql
