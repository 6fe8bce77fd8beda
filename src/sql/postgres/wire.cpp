#include "sql/postgres/wire.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace tenon::sql::postgres {

namespace asio = boost::asio;

namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
// What one exchange of an unusual size needed is not kept for all that follow.
constexpr std::size_t outbox_kept_bytes = 65'536;
constexpr const char* closed_text = "server closed the connection unexpectedly";

// A completion that the coroutine's own cancellation does not reach.
auto stubborn() { return asio::bind_cancellation_slot(asio::cancellation_slot(), as_value); }

std::string text_of(int error) { return std::system_category().message(error); }

int family_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 ? address.ss_family
                                                                                  : AF_UNSPEC;
}

bool must_wait(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

bool must_wait(SSL* tls) {
  const int error = SSL_get_error(tls, 0);
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

}  // namespace

Wire::Wire(asio::any_io_executor executor, PGconn* pg)
    : pg_(pg), socket_(executor), deadline_(executor, [this] {
        if (socket_.is_open()) socket_.cancel();
      }) {}

Wire::~Wire() {
  if (socket_.is_open()) {
    // A farewell of libpq's must not become the end of a message that was sent in part.
    if (!outbox_.empty()) ::shutdown(socket_.native_handle(), SHUT_RDWR);
    boost::system::error_code ignored;
    socket_.release(ignored);  // libpq closes it
  }
  PQfinish(pg_);
}

Wake Wire::verdict(bool failed) const {
  if (deadline_.passed()) return Wake::deadline;
  return failed ? Wake::cancelled : Wake::ready;
}

asio::awaitable<Wake> Wire::wait(Wait direction, Patience patience) {
  if (deadline_.passed()) co_return Wake::deadline;
  if (patience == Patience::stubborn) {
    const auto [error] = co_await socket_.async_wait(direction, stubborn());
    co_return verdict(static_cast<bool>(error));
  }
  const auto [error] = co_await socket_.async_wait(direction, as_value);
  co_return verdict(static_cast<bool>(error));
}

asio::awaitable<Wake> Wire::wait_either(Patience patience) {
  if (deadline_.passed()) co_return Wake::deadline;
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
  const int socket = PQsocket(pg_);
  socket_.assign(asio::generic::stream_protocol(family_of(socket), 0), socket);
  const Wake wake = co_await wait(to_write ? Wait::wait_write : Wait::wait_read, Patience::cancellable);
  socket_.release();
  co_return wake;
}

bool Wire::adopt_socket() {
  if (PQgssEncInUse(pg_) != 0) return false;
  if (PQsslInUse(pg_) != 0) {
    tls_ = static_cast<SSL*>(PQsslStruct(pg_, "OpenSSL"));
    if (tls_ == nullptr) return false;
    SSL_set_mode(tls_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  }
  const int socket = PQsocket(pg_);
  socket_.assign(asio::generic::stream_protocol(family_of(socket), 0), socket);
  return true;
}

Wake Wire::lose(std::string trouble) {
  if (trouble_.empty()) trouble_ = std::move(trouble);
  return Wake::lost;
}

// Sends without waiting. False when something is left. After a failure nothing is: what the server said
// before can still be read.
bool Wire::flush() {
  while (sent_ < outbox_.size() && !send_failed_) {
    const char* data = outbox_.data() + sent_;
    const std::size_t size = outbox_.size() - sent_;
    if (tls_ != nullptr) {
      std::size_t written = 0;
      ERR_clear_error();
      if (SSL_write_ex(tls_, data, size, &written) != 0) {
        sent_ += written;
      } else if (must_wait(tls_)) {
        return false;
      } else {
        send_failed_ = true;
      }
      continue;
    }
    const ssize_t written = ::send(socket_.native_handle(), data, size, MSG_NOSIGNAL);
    if (written >= 0) {
      sent_ += static_cast<std::size_t>(written);
    } else if (must_wait(errno)) {
      return false;
    } else if (errno != EINTR) {
      send_failed_ = true;
    }
  }
  if (send_failed_) return true;
  sent_ = 0;
  if (outbox_.capacity() > outbox_kept_bytes) outbox_ = std::string();
  outbox_.clear();
  return true;
}

asio::awaitable<Wake> Wire::receive(Patience patience) {
  const bool sent = flush();
  return sent && tls_ == nullptr ? read_when_there(patience) : wait_and_read(sent, patience);
}

asio::awaitable<Wake> Wire::wait_and_read(bool sent, Patience patience) {
  // What TLS has decrypted already makes no socket readable.
  if (tls_ == nullptr || SSL_pending(tls_) == 0) {
    const Wake wake = sent ? co_await wait(Wait::wait_read, patience) : co_await wait_either(patience);
    if (wake != Wake::ready) co_return wake;
  }
  co_return tls_ != nullptr ? read_tls() : read_now();
}

// One system call where waiting and then reading would be three.
asio::awaitable<Wake> Wire::read_when_there(Patience patience) {
  if (deadline_.passed()) co_return Wake::deadline;
  const std::span<char> room = inbox_.room();
  const auto buffer = asio::buffer(room.data(), room.size());
  boost::system::error_code error;
  std::size_t size = 0;
  if (patience == Patience::stubborn)
    std::tie(error, size) = co_await socket_.async_read_some(buffer, stubborn());
  else
    std::tie(error, size) = co_await socket_.async_read_some(buffer, as_value);
  inbox_.add(size);
  if (!error || error == asio::error::operation_aborted) co_return verdict(static_cast<bool>(error));
  co_return lose(error == asio::error::eof ? closed_text : error.message());
}

Wake Wire::read_now() {
  const std::span<char> room = inbox_.room();
  const ssize_t size = ::recv(socket_.native_handle(), room.data(), room.size(), 0);
  if (size == 0) return lose(closed_text);
  if (size < 0) return must_wait(errno) || errno == EINTR ? Wake::ready : lose(text_of(errno));
  inbox_.add(static_cast<std::size_t>(size));
  return Wake::ready;
}

Wake Wire::read_tls() {
  const std::span<char> room = inbox_.room();
  std::size_t size = 0;
  ERR_clear_error();
  if (SSL_read_ex(tls_, room.data(), room.size(), &size) == 0) {
    if (must_wait(tls_)) return Wake::ready;
    return lose(closed_text);
  }
  inbox_.add(size);
  return Wake::ready;
}

bool Wire::quiet() {
  if (!inbox_.empty() || send_failed_ || (tls_ != nullptr && SSL_pending(tls_) > 0)) return false;
  char byte = 0;
  // A server says nothing to an idle session but that it shuts down or that a setting was reloaded.
  return ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && must_wait(errno);
}

}  // namespace tenon::sql::postgres
