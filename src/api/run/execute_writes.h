// Runs the write programs of a mutation (plan/write_plan.h). Each root field is a transaction of its own, or
// all of them are one (`mutation @transaction`). A transaction that lost against another one (serialization
// failure, deadlock) is run again a few times, after a pause of random length.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "api/run/execute.h"

namespace tenon::api {

// Takes connections from `pool` as needed. Rows and failures, by root field, go to `result`.
boost::asio::awaitable<void> execute_writes(BoundPlan& bound, PlanRows& result, const Pools& pools,
                                            const ExecuteOptions& options);

}  // namespace tenon::api
