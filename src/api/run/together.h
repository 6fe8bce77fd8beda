// Coroutines that run at the same time on one thread.
#pragma once

#include <vector>

#include <boost/asio/awaitable.hpp>

namespace tenon::api {

// Runs all of them until the last one has ended, and rethrows what one of them threw. When the awaiting
// coroutine is cancelled so are they; nothing throws by that.
boost::asio::awaitable<void> together(std::vector<boost::asio::awaitable<void>> works);

}  // namespace tenon::api
