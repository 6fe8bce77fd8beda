// How many round trips to the database a query may take. One for each depth of lists costs the database
// least; where the way there is long, one statement for all is faster for whoever waits.
#pragma once

#include <cstdint>
#include <optional>

#include "sql/connection.h"

namespace tenon::api {

enum class RoundTrips : std::uint8_t {
  measured,  // one or many, by the time that one takes (base/limits.h)
  many,
  one,
};

// Remembers what was chosen last, so that a time near the bound does not change it back and forth.
class RoundTripChoice {
 public:
  // Whether a query is to take a single one. `measured` is the pool's.
  bool one(RoundTrips wanted, std::optional<sql::Clock::duration> measured);
  // What was chosen last.
  bool last() const { return one_; }

 private:
  bool one_ = false;
};

}  // namespace tenon::api
