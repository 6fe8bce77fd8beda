#include "api/run/round_trips.h"

#include "base/limits.h"

namespace tenon::api {

bool RoundTripChoice::one(RoundTrips wanted, std::optional<sql::Clock::duration> measured) {
  if (wanted != RoundTrips::measured)
    one_ = wanted == RoundTrips::one;
  else if (measured && *measured >= base::round_trip_far)
    one_ = true;
  else if (measured && *measured < base::round_trip_near)
    one_ = false;
  return one_;
}

}  // namespace tenon::api
