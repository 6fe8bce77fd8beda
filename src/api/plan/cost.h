// What a plan may cost the database at most, estimated before anything is asked of it: rows times weight.
//
//   a list or a row   rows x (1 + its to-one joins); rows: its page, for each row of the list above it
//   totalCount        count_weight for each row of the list above it, since whatever matches is looked at
//   aggregates        the same, and a row for each group
//   a write           write_weight for each of its statements
//
// The numbers depend on limits and selections alone, never on what the tables hold, so the same operation
// always costs the same.
#pragma once

#include <cstdint>

#include "api/plan/plan.h"
#include "base/limits.h"

namespace tenon::api {

inline constexpr std::uint64_t count_weight = 100;
inline constexpr std::uint64_t write_weight = 10;

// Ends at the largest number there is.
std::uint64_t estimate_cost(const Plan& plan);

// More than OperationLimits::cost_max.
graphql::Error too_costly_error(std::uint64_t cost, const base::OperationLimits& limits);

}  // namespace tenon::api
