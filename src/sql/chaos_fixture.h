// For tests of the engines: callers that leave, and a proxy that cuts.
#pragma once

#include <memory>
#include <span>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "sql/session_fixture.h"

namespace tenon::sql::test {

// A caller that goes away `after` some time while the connection runs `calls`.
inline asio::awaitable<DatabaseResult<Results>> run_and_leave(Connection& connection,
                                                              std::span<const Call> calls, Begin begin,
                                                              Clock::duration after) {
  const auto executor = co_await asio::this_coro::executor;
  auto signal = std::make_shared<asio::cancellation_signal>();
  asio::steady_timer timer(executor, after);
  timer.async_wait([signal](const boost::system::error_code& error) {
    if (!error) signal->emit(asio::cancellation_type::all);
  });
  DatabaseResult<Results> outcome = std::unexpected(DatabaseError{.message = "not run"});
  asio::steady_timer done(executor, Clock::time_point::max());
  asio::co_spawn(
      executor,
      [&]() -> asio::awaitable<void> {
        outcome = co_await connection.run({.calls = calls, .begin = begin, .deadline = patiently()});
      },
      asio::bind_cancellation_slot(signal->slot(), [&](std::exception_ptr) { done.cancel(); }));
  boost::system::error_code ignored;
  co_await done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return outcome;
}

// An exchange whose deadline passes while its call number `during` runs, however long those before it take.
inline asio::awaitable<DatabaseResult<Results>> run_into_deadline(Connection& connection, Exchange exchange,
                                                                  std::uint32_t during) {
  for (Clock::duration time = 100ms;; time *= 4) {
    exchange.deadline = in(time);
    auto outcome = co_await connection.run(exchange);
    if (outcome || outcome.error().call >= during || time > 20s) co_return outcome;
  }
}

// Forwards one connection to the server and cuts it after `bytes_max` bytes of answers.
inline asio::awaitable<void> cutting_proxy(asio::ip::tcp::acceptor& acceptor, std::uint16_t server_port,
                                           std::size_t bytes_max) {
  const auto executor = co_await asio::this_coro::executor;
  auto client = std::make_shared<asio::ip::tcp::socket>(co_await acceptor.async_accept(asio::use_awaitable));
  auto server = std::make_shared<asio::ip::tcp::socket>(executor);
  co_await server->async_connect({asio::ip::address_v4::loopback(), server_port}, asio::use_awaitable);
  asio::co_spawn(
      executor,
      [client, server]() -> asio::awaitable<void> {
        char buffer[4096];
        try {
          for (;;) {
            const auto size = co_await client->async_read_some(asio::buffer(buffer), asio::use_awaitable);
            co_await asio::async_write(*server, asio::buffer(buffer, size), asio::use_awaitable);
          }
        } catch (const boost::system::system_error&) {
        }
      },
      asio::detached);
  char buffer[4096];
  std::size_t passed = 0;
  try {
    while (passed < bytes_max) {
      const auto limit = std::min(sizeof buffer, bytes_max - passed);
      const auto size = co_await server->async_read_some(asio::buffer(buffer, limit), asio::use_awaitable);
      co_await asio::async_write(*client, asio::buffer(buffer, size), asio::use_awaitable);
      passed += size;
    }
  } catch (const boost::system::system_error&) {
  }
  boost::system::error_code ignored;
  client->close(ignored);
  server->close(ignored);
}

}  // namespace tenon::sql::test
