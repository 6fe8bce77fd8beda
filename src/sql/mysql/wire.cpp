#include "sql/mysql/wire.h"

#include <cerrno>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <sys/socket.h>

namespace tenon::sql::mysql {

namespace asio = boost::asio;

namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

// A completion that the coroutine's own cancellation does not reach.
auto stubborn() { return asio::bind_cancellation_slot(asio::cancellation_slot(), as_value); }

}  // namespace

Wire::Wire(asio::any_io_executor executor, MYSQL* mysql)
    : mysql_(mysql), socket_(executor), deadline_(executor, [this] {
        if (socket_.is_open()) socket_.cancel();
      }) {
  // It was connected by calls that block. TLS reads and writes the socket as it is, and would go on to.
  const my_socket fd = mysql_get_socket(mysql_);
  if (const int flags = ::fcntl(fd, F_GETFL); flags >= 0) ::fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

Wire::~Wire() { close(); }

void Wire::close() {
  if (mysql_ == nullptr) return;
  mysql_close(std::exchange(mysql_, nullptr));
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void Wire::sever() {
  if (severed_) return;
  severed_ = true;
  if (const my_socket fd = mysql_get_socket(mysql_); fd != MARIADB_INVALID_SOCKET) ::shutdown(fd, SHUT_RDWR);
}

Wake Wire::verdict(bool failed) const {
  if (deadline_.passed()) return Wake::deadline;
  return failed ? Wake::cancelled : Wake::ready;
}

bool Wire::adopt_socket() {
  const my_socket fd = mysql_get_socket(mysql_);
  if (socket_.is_open() && fd == adopted_) return true;
  boost::system::error_code error;
  socket_.close(error);
  adopted_ = fd;
  const int copy = fd == MARIADB_INVALID_SOCKET ? -1 : ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return false;
  socket_.assign(copy, error);
  return !error;
}

asio::awaitable<Wake> Wire::wait(int wanted, Patience patience, int& happened) {
  happened = wanted & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE);  // never the library's own timeout
  if (severed_) co_return Wake::ready;
  if (deadline_.passed()) co_return Wake::deadline;
  if (!adopt_socket()) {
    sever();
    co_return Wake::ready;
  }
  const bool to_read = (wanted & MYSQL_WAIT_READ) != 0;
  const bool to_write = (wanted & MYSQL_WAIT_WRITE) != 0;
  if (to_read && to_write) co_return co_await wait_either(patience, happened);
  co_return co_await wait_one(to_write ? Wait::wait_write : Wait::wait_read, patience);
}

asio::awaitable<Wake> Wire::wait_one(Wait direction, Patience patience) {
  if (patience == Patience::stubborn) {
    const auto [error] = co_await socket_.async_wait(direction, stubborn());
    co_return verdict(static_cast<bool>(error));
  }
  const auto [error] = co_await socket_.async_wait(direction, as_value);
  co_return verdict(static_cast<bool>(error));
}

asio::awaitable<Wake> Wire::wait_either(Patience patience, int& happened) {
  auto both = asio::experimental::make_parallel_group(socket_.async_wait(Wait::wait_read, asio::deferred),
                                                      socket_.async_wait(Wait::wait_write, asio::deferred));
  const auto slot = patience == Patience::stubborn ? asio::cancellation_slot()
                                                   : (co_await asio::this_coro::cancellation_state).slot();
  const auto [order, read, write] = co_await both.async_wait(
      asio::experimental::wait_for_one(), asio::bind_cancellation_slot(slot, asio::use_awaitable));
  happened = (read ? 0 : MYSQL_WAIT_READ) | (write ? 0 : MYSQL_WAIT_WRITE);
  co_return verdict(read && write);
}

bool Wire::quiet() {
  const my_socket fd = mysql_get_socket(mysql_);
  if (fd == MARIADB_INVALID_SOCKET) return false;
  char byte = 0;
  // A server says nothing to an idle session but that it ends it.
  return ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace tenon::sql::mysql
