// How a session comes to be: name resolution, libmariadb's non-blocking handshake, and how to reach the same
// server again for a word about it.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "sql/mysql/parameters.h"
#include "sql/mysql/wire.h"

namespace tenon::sql::mysql {

// Where a session was made, and with what: enough to make another one at the same server.
struct Origin {
  ConnectionParameters parameters;
  std::string address;  // a number; empty with a Unix socket
};

struct Session {
  std::shared_ptr<Wire> wire;
  std::shared_ptr<const Origin> origin;
};

// Connects and authenticates at one address.
boost::asio::awaitable<DatabaseResult<std::shared_ptr<Wire>>> dial(std::shared_ptr<const Origin> origin,
                                                                   Clock::time_point deadline);

// The same at the first address of the host that can be reached.
boost::asio::awaitable<DatabaseResult<Session>> dial_host(ConnectionParameters parameters,
                                                          Clock::time_point deadline);

}  // namespace tenon::sql::mysql
