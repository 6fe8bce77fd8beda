// A request to the server to stop what a connection runs.
#pragma once

#include <atomic>
#include <memory>

#include <libpq-fe.h>

namespace tenon::sql::postgres {

// libpq sends it over a connection of its own and blocks meanwhile, so a thread of its own does it.
class CancelRequest {
 public:
  // nullptr when there is nothing to cancel or no thread to be had.
  static std::shared_ptr<CancelRequest> send(PGconn* pg);

  // The server has been told: it will not cancel anything that is sent from now on.
  bool done() const { return done_.load(std::memory_order_acquire); }

 private:
  std::atomic<bool> done_ = false;
};

}  // namespace tenon::sql::postgres
