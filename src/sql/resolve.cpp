#include "sql/resolve.h"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tenon::sql {

namespace asio = boost::asio;

namespace {

DatabaseError unreachable(std::string message) {
  return {.failure = Failure::unreachable, .message = std::move(message)};
}

}  // namespace

asio::awaitable<DatabaseResult<std::vector<std::string>>> resolve(std::string host,
                                                                  Clock::time_point deadline) {
  boost::system::error_code not_numeric;
  asio::ip::make_address(host, not_numeric);
  std::vector<std::string> addresses;
  if (!not_numeric) {
    addresses.push_back(std::move(host));
    co_return addresses;
  }
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver(executor);  // has a thread for it
  asio::steady_timer timer(executor, deadline);
  const auto [order, error, found, late] =
      co_await asio::experimental::make_parallel_group(resolver.async_resolve(host, "", asio::deferred),
                                                       timer.async_wait(asio::deferred))
          .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  if (error == asio::error::operation_aborted)
    co_return std::unexpected(unreachable("the name " + host + " was not resolved in time"));
  if (error)
    co_return std::unexpected(unreachable("the name " + host + " cannot be resolved: " + error.message()));
  for (const auto& entry : found) addresses.push_back(entry.endpoint().address().to_string());
  co_return addresses;
}

}  // namespace tenon::sql
