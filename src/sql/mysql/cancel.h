// A request to the server to stop what a connection runs.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "sql/mysql/connect.h"

namespace tenon::sql::mysql {

// KILL QUERY, over a connection of its own that is made for it and closed.
class CancelRequest {
 public:
  // Asks the server that the session was made with to stop what session `thread_id` runs. Gives up at the
  // deadline.
  static std::shared_ptr<CancelRequest> send(boost::asio::any_io_executor executor,
                                             std::shared_ptr<const Origin> origin, unsigned long thread_id,
                                             Clock::time_point deadline);

  // Waits until the server has been told, or it is known that it was not; afterwards nothing that is sent on
  // the connection is stopped by this request.
  boost::asio::awaitable<void> until_over();

  explicit CancelRequest(boost::asio::any_io_executor executor);

 private:
  boost::asio::steady_timer over_;  // never expires by itself; cancelled when the request is over
  bool is_over_ = false;
};

}  // namespace tenon::sql::mysql
