#include "sql/postgres/wire.h"

#include <cerrno>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>

namespace tenon::sql::postgres {

namespace asio = boost::asio;

namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

// A completion that the coroutine's own cancellation does not reach.
auto stubborn() { return asio::bind_cancellation_slot(asio::cancellation_slot(), as_value); }

}  // namespace

Wire::Wire(asio::any_io_executor executor, PGconn* pg) : pg_(pg), socket_(executor), timer_(executor) {}

Wire::~Wire() {
  if (socket_.is_open()) socket_.release();  // libpq closes it
  PQfinish(pg_);
}

void Wire::arm(Clock::time_point deadline) {
  deadline_ = deadline;
  expired_ = false;
  if (deadline < timer_at_) start_timer(deadline);
}

void Wire::start_timer(Clock::time_point at) {
  timer_at_ = at;
  timer_.expires_at(at);
  timer_.async_wait([weak = weak_from_this(), at](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && self->timer_at_ == at) self->on_timer();
  });
}

void Wire::on_timer() {
  timer_at_ = Clock::time_point::max();
  if (deadline_ == Clock::time_point::max()) return;
  if (Clock::now() < deadline_) return start_timer(deadline_);
  expired_ = true;
  if (socket_.is_open()) socket_.cancel();
}

Wake Wire::verdict(bool failed) const {
  if (expired_) return Wake::deadline;
  return failed ? Wake::cancelled : Wake::ready;
}

asio::awaitable<Wake> Wire::wait(Wait direction, Patience patience) {
  if (expired_) co_return Wake::deadline;
  if (patience == Patience::stubborn) {
    const auto [error] = co_await socket_.async_wait(direction, stubborn());
    co_return verdict(static_cast<bool>(error));
  }
  const auto [error] = co_await socket_.async_wait(direction, as_value);
  co_return verdict(static_cast<bool>(error));
}

asio::awaitable<Wake> Wire::wait_either(Patience patience) {
  if (expired_) co_return Wake::deadline;
  auto both = asio::experimental::make_parallel_group(socket_.async_wait(Wait::wait_read, asio::deferred),
                                                      socket_.async_wait(Wait::wait_write, asio::deferred));
  if (patience == Patience::stubborn) {
    const auto [order, read, write] = co_await both.async_wait(
        asio::experimental::wait_for_one(),
        asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
    co_return verdict(read && write);
  }
  const auto [order, read, write] =
      co_await both.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  co_return verdict(read && write);
}

asio::awaitable<Wake> Wire::wait_connecting(bool to_write) {
  // libpq closes one socket and opens the next, often under the same number: Asio must forget it each time.
  socket_.assign(PQsocket(pg_));
  const Wake wake = co_await wait(to_write ? Wait::wait_write : Wait::wait_read, Patience::cancellable);
  socket_.release();
  co_return wake;
}

void Wire::adopt_socket() { socket_.assign(PQsocket(pg_)); }

asio::awaitable<Wake> Wire::fill(Patience patience) {
  const int unsent = PQflush(pg_);
  if (unsent < 0) co_return PQconsumeInput(pg_) != 0 ? Wake::ready : Wake::lost;
  const Wake wake = unsent > 0 ? co_await wait_either(patience) : co_await wait(Wait::wait_read, patience);
  if (wake != Wake::ready) co_return wake;
  co_return PQconsumeInput(pg_) != 0 ? Wake::ready : Wake::lost;
}

asio::awaitable<Wake> Wire::until_result(Patience patience) {
  while (PQisBusy(pg_) != 0)
    if (const Wake wake = co_await fill(patience); wake != Wake::ready) co_return wake;
  co_return PQstatus(pg_) == CONNECTION_OK ? Wake::ready : Wake::lost;
}

bool Wire::quiet() {
  char byte = 0;
  // A server says nothing to an idle session but that it shuts down or that a setting was reloaded.
  return ::recv(PQsocket(pg_), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace tenon::sql::postgres
