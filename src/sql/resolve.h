// Host names as addresses, without blocking: the engines' own client libraries block while they look one up.
#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "sql/connection.h"

namespace tenon::sql {

// The addresses of a host name, in the resolver's order, each as text; of an address itself, that one.
boost::asio::awaitable<DatabaseResult<std::vector<std::string>>> resolve(std::string host,
                                                                         Clock::time_point deadline);

}  // namespace tenon::sql
