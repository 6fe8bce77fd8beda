// A request to the server to stop what a connection runs.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "sql/mysql/connect.h"

namespace tenon::sql::mysql {

// KILL QUERY, over a connection of its own that is made for it and closed, on a thread of its own.
class CancelRequest {
 public:
  // Whose statement is to be stopped.
  struct Session {
    std::shared_ptr<const ConnectionParameters> parameters;
    std::string server;  // what the server calls itself: the same address may lead to another one next time
    unsigned long id = 0;
  };

  // nullptr when there is no thread to be had. Gives up at the deadline.
  static std::shared_ptr<CancelRequest> send(Session session, Clock::time_point deadline);

  // Waits until the server has been told, or it is known that it was not: it will not stop anything that is
  // sent from now on. False when that is not known by the deadline.
  boost::asio::awaitable<bool> until_over(Clock::time_point deadline) const;

 private:
  std::atomic<bool> over_ = false;
};

// What the server that a connection leads to calls itself, for CancelRequest::Session.
inline constexpr const char* server_name_query = "SELECT CONCAT(@@hostname, ':', @@port)";

}  // namespace tenon::sql::mysql
