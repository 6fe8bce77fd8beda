// How far away a server is: the time a message takes to it and back, without the work of statements.
#pragma once

#include <optional>

#include <boost/asio/awaitable.hpp>

#include "sql/connection.h"

namespace tenon::sql {

// The measurements of one pool as one time. Whoever is busy measures too much and never too little: a shorter
// time counts at once, a longer one by a part.
class RoundTripMeter {
 public:
  void add(Clock::duration measured);
  std::optional<Clock::duration> value() const { return value_; }

 private:
  std::optional<Clock::duration> value_;
};

// The shortest of a few attempts on a connection that nobody uses; nullopt when one failed.
boost::asio::awaitable<std::optional<Clock::duration>> measure_round_trip(Connection& connection,
                                                                          Clock::time_point deadline);

}  // namespace tenon::sql
