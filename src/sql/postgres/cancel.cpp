#include "sql/postgres/cancel.h"

#include <system_error>
#include <thread>

namespace tenon::sql::postgres {

std::shared_ptr<CancelRequest> CancelRequest::send(PGconn* pg) {
  std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> handle(PQgetCancel(pg), &PQfreeCancel);
  if (!handle) return nullptr;
  auto request = std::make_shared<CancelRequest>();
  try {
    std::thread([request, handle = std::move(handle)] {
      char message[256];
      // Whether it worked shows in what the connection answers.
      PQcancel(handle.get(), message, sizeof message);
      request->done_.store(true, std::memory_order_release);
    }).detach();
  } catch (const std::system_error&) {
    return nullptr;
  }
  return request;
}

}  // namespace tenon::sql::postgres
