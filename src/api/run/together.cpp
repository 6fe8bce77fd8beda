#include "api/run/together.h"

#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tenon::api {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

awaitable<void> quietly(awaitable<void> work) {
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await std::move(work);
}

}  // namespace

awaitable<void> together(std::vector<awaitable<void>> works) {
  if (works.size() == 1) co_return co_await std::move(works.front());
  if (works.empty()) co_return;
  const auto executor = co_await asio::this_coro::executor;
  const auto start = [&](awaitable<void> work) {
    return asio::co_spawn(executor, quietly(std::move(work)), asio::deferred);
  };
  std::vector<decltype(start(std::move(works.front())))> operations;
  operations.reserve(works.size());
  for (awaitable<void>& work : works) operations.push_back(start(std::move(work)));
  auto [order, thrown] = co_await asio::experimental::make_parallel_group(std::move(operations))
                             .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  for (const std::exception_ptr& each : thrown)
    if (each) std::rethrow_exception(each);
}

}  // namespace tenon::api
