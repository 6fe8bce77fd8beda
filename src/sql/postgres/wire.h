// The socket side of a connection: owns the PGconn, waits for its socket in Asio and keeps the deadline. It
// knows nothing of statements.
#pragma once

#include <chrono>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <libpq-fe.h>

#include "sql/connection.h"

namespace tenon::sql::postgres {

// How a wait ended.
enum class Wake : std::uint8_t {
  ready,
  deadline,   // the armed time passed
  cancelled,  // the awaiting coroutine was cancelled
  lost,       // the connection broke
};

// Whether the cancellation of the awaiting coroutine ends a wait.
enum class Patience : std::uint8_t { cancellable, stubborn };

class Wire : public std::enable_shared_from_this<Wire> {
 public:
  Wire(boost::asio::any_io_executor executor, PGconn* pg);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  PGconn* pg() const { return pg_; }

  // Waits that begin or go on after `deadline` end with Wake::deadline. Costs nothing when a timer for an
  // earlier time runs already, which is so for one request after the other.
  void arm(Clock::time_point deadline);

  // Waits until the socket is readable or writable; while connecting, when libpq may change sockets.
  boost::asio::awaitable<Wake> wait_connecting(bool to_write);
  // After this the socket stays the same.
  void adopt_socket();

  // Sends what libpq still holds, waits for something to read and hands it to libpq.
  boost::asio::awaitable<Wake> fill(Patience patience);
  // Fills until PQgetResult would not block.
  boost::asio::awaitable<Wake> until_result(Patience patience);

  // Looks without waiting: false when the server closed the connection, or said something unasked.
  bool quiet();

 private:
  using Wait = boost::asio::posix::stream_descriptor::wait_type;

  boost::asio::awaitable<Wake> wait(Wait direction, Patience patience);
  boost::asio::awaitable<Wake> wait_either(Patience patience);
  Wake verdict(bool failed) const;
  void start_timer(Clock::time_point at);
  void on_timer();

  PGconn* pg_;
  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer timer_;
  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point timer_at_ = Clock::time_point::max();  // max: no timer runs
  bool expired_ = false;
};

}  // namespace tenon::sql::postgres
