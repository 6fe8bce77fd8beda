// The socket side of a connection: owns the MYSQL handle, waits for its socket in Asio and keeps the
// deadline. It knows nothing of statements.
#pragma once

#include <cstdint>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <mysql.h>

#include "sql/connection.h"
#include "sql/deadline.h"

namespace tenon::sql::mysql {

// How a wait ended.
enum class Wake : std::uint8_t {
  ready,
  deadline,   // the armed time passed
  cancelled,  // the awaiting coroutine was cancelled
  overfull,   // not a wait, but the rows: they are more than what is taken of them
};

// Whether the cancellation of the awaiting coroutine ends a wait.
enum class Patience : std::uint8_t { cancellable, stubborn };

class Wire {
 public:
  // `mysql` was made by mysql_init and has MYSQL_OPT_NONBLOCK.
  Wire(boost::asio::any_io_executor executor, MYSQL* mysql);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  MYSQL* mysql() const { return mysql_; }

  // Waits that begin or go on after `deadline` end with Wake::deadline.
  void arm(Clock::time_point deadline) { deadline_.set(deadline); }

  // Waits for one of the events (MYSQL_WAIT_…) that libmariadb wants; `happened` is what to go on with.
  boost::asio::awaitable<Wake> wait(int wanted, Patience patience, int& happened);

  // Looks without waiting: false when the server closed the connection, or said something unasked.
  bool quiet();

  // Cuts the connection, so that whatever libmariadb is in the middle of comes to an end by itself. Waits
  // return at once afterwards.
  void sever();
  bool severed() const { return severed_; }

  // Says goodbye and closes; statements may be closed afterwards.
  void close();

 private:
  using Wait = boost::asio::posix::stream_descriptor::wait_type;

  bool adopt_socket();
  boost::asio::awaitable<Wake> wait_one(Wait direction, Patience patience);
  boost::asio::awaitable<Wake> wait_either(Patience patience, int& happened);
  Wake verdict(bool failed) const;

  MYSQL* mysql_;
  // A second descriptor of the connection's socket: libmariadb closes its own without a word, and a number
  // that Asio still knew could then already be another connection's.
  boost::asio::posix::stream_descriptor socket_;
  int adopted_ = -1;  // libmariadb's descriptor that it was made from
  Deadline deadline_;
  bool severed_ = false;
};

}  // namespace tenon::sql::mysql
