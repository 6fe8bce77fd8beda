// The socket side of a connection. libpq connects and authenticates, and cancels; between the two the session
// belongs to us: bytes go out and come in here, over TLS as libpq has set it up. Waits in Asio and keeps the
// deadline. It knows nothing of statements.
#pragma once

#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <libpq-fe.h>
#include <openssl/types.h>

#include "sql/connection.h"
#include "sql/deadline.h"
#include "sql/postgres/inbox.h"

namespace tenon::sql::postgres {

// How a wait ended.
enum class Wake : std::uint8_t {
  ready,
  deadline,   // the armed time passed
  cancelled,  // the awaiting coroutine was cancelled
  lost,       // the connection broke
  overfull,   // a result is more than what is taken of it
};

// Whether the cancellation of the awaiting coroutine ends a wait.
enum class Patience : std::uint8_t { cancellable, stubborn };

class Wire {
 public:
  Wire(boost::asio::any_io_executor executor, PGconn* pg);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // After adopt_socket not for anything that reads or writes.
  PGconn* pg() const { return pg_; }

  // Waits that begin or go on after `deadline` end with Wake::deadline.
  void arm(Clock::time_point deadline) { deadline_.set(deadline); }

  // Waits until the socket is readable or writable; while connecting, when libpq may change sockets.
  boost::asio::awaitable<Wake> wait_connecting(bool to_write);
  // Takes the session over from libpq. False when it is encrypted in a way that only libpq knows.
  bool adopt_socket();

  // Sent with the next receive().
  std::string& outbox() { return outbox_; }
  Inbox& inbox() { return inbox_; }
  // Sends what is to be sent and waits for something to read, which is then in the inbox.
  boost::asio::awaitable<Wake> receive(Patience patience);
  // Why the connection is lost; empty before.
  std::string_view trouble() const { return trouble_; }

  // Looks without waiting: false when the server closed the connection, or said something unasked.
  bool quiet();

 private:
  using Socket = boost::asio::generic::stream_protocol::socket;
  using Wait = Socket::wait_type;

  boost::asio::awaitable<Wake> wait(Wait direction, Patience patience);
  boost::asio::awaitable<Wake> wait_either(Patience patience);
  boost::asio::awaitable<Wake> read_when_there(Patience patience);
  boost::asio::awaitable<Wake> wait_and_read(bool sent, Patience patience);
  bool flush();
  Wake read_now();
  Wake read_tls();
  Wake lose(std::string trouble);
  Wake verdict(bool failed) const;

  PGconn* pg_;
  SSL* tls_ = nullptr;  // libpq's
  Socket socket_;
  Deadline deadline_;

  std::string outbox_;
  std::size_t sent_ = 0;  // of outbox_
  bool send_failed_ = false;
  Inbox inbox_;
  std::string trouble_;
};

}  // namespace tenon::sql::postgres
