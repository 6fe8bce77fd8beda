// What the bare clients of all engines share: their result, their clocks, and the escapes of JSON.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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
  double database_microseconds = 0;  // CPU of the server for each request; 0 when it runs elsewhere
  double p50_milliseconds = 0;
  double p99_milliseconds = 0;
};

// CPU of this process so far, in microseconds.
double own_cpu();
// CPU of one thread of a process ("PID", "PID/task/TID"), in microseconds; 0 when it is not on this machine.
double cpu_of(const std::string& process);

double percentile(std::vector<float>& milliseconds, double share);

// Appends a JSON string.
void append_string(std::string& out, std::string_view text);

}  // namespace tenon::bench
