// SIGTERM and SIGINT, waited for by the main thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

namespace tenon::server {

// From construction on the two signals no longer end the process; child processes are not affected.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Blocks until one arrives and returns its number. A second one then ends the process at once, for whoever
  // does not want to wait for requests in flight.
  int wait();
  // nullopt when none arrived in time.
  std::optional<int> wait_for(std::chrono::milliseconds timeout);

 private:
  struct Waiting;
  std::unique_ptr<Waiting> waiting_;
};

}  // namespace tenon::server
