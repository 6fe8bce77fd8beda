#include "sql/round_trip.h"

#include <algorithm>

namespace tenon::sql {

namespace {

// The first statement of a session takes the server longer than the way does.
constexpr int attempts = 3;
constexpr int longer_part = 8;

}  // namespace

void RoundTripMeter::add(Clock::duration measured) {
  if (!value_ || measured < *value_)
    value_ = measured;
  else
    *value_ += (measured - *value_) / longer_part;
}

boost::asio::awaitable<std::optional<Clock::duration>> measure_round_trip(Connection& connection,
                                                                          Clock::time_point deadline) {
  Clock::duration shortest = Clock::duration::max();
  for (int i = 0; i < attempts; ++i) {
    const Clock::time_point start = Clock::now();
    const auto answer = co_await connection.run_text("SELECT 1", deadline);
    if (!answer) co_return std::nullopt;
    shortest = std::min(shortest, Clock::now() - start);
  }
  co_return shortest;
}

}  // namespace tenon::sql
