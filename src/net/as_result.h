// How the servers and clients of this folder wait: what went wrong comes back as a value.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tenon::net {

// co_await of an operation with it gives a tuple: the error code, then what the operation has for its caller.
constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace tenon::net
