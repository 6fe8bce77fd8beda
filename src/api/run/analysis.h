// Runs an operation for the sake of its statements: what the database did for each, and how long it took.
// Everything happens in one transaction of each database that is rolled back.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "api/run/execute.h"
#include "sql/dialect.h"

namespace tenon::api {

struct AnalyzedStatement {
  std::string text;
  std::vector<std::string> plan;  // lines, as the database writes them
  std::uint64_t rows = 0;
  std::chrono::nanoseconds time{};  // until the last row was here, without the analysis
};

struct Analysis {
  std::vector<AnalyzedStatement> statements;  // in the order they ran
  std::vector<FieldFailure> failures;
};

// Each statement runs twice: once for its plan, which is undone, and once for the rows that the next ones
// need. Sequences and whatever else is outside of transactions keep what it did. `connections` has one for
// each database of the plan's catalog; afterwards they are idle, or broken.
boost::asio::awaitable<Analysis> analyze(BoundPlan& bound,
                                         const std::vector<std::unique_ptr<sql::Connection>>& connections,
                                         const ExecuteOptions& options);

}  // namespace tenon::api
