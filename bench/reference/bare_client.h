// The cheapest client there is for a list of recorded requests: libpq in pipeline mode, prepared statements,
// rows turned into JSON on the spot; no GraphQL, no HTTP. One thread, a closed loop on each connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "bench/reference/record.h"
#include "sql/url.h"

namespace tenon::bench {

struct LoadOptions {
  unsigned connections = 1;
  std::chrono::milliseconds warm_up{500};  // not counted
  std::chrono::milliseconds duration{5000};
};

struct LoadResult {
  std::uint64_t requests = 0;
  double seconds = 0;
  double client_microseconds = 0;    // CPU of this process for each request
  double database_microseconds = 0;  // CPU of the backends for each request; 0 when they run elsewhere
  double p50_milliseconds = 0;
  double p99_milliseconds = 0;
};

// The error is libpq's own text.
std::expected<LoadResult, std::string> load(const std::vector<RecordedRequest>& requests,
                                            const sql::DatabaseUrl& url, const LoadOptions& options);

}  // namespace tenon::bench
