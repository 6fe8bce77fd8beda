// What is served right now, swapped on reload. Requests in flight keep the schema they began with.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "api/engine.h"
#include "api/schema/schema.h"
#include "server/operation_texts.h"

namespace tenon::server {

struct ServedApi {
  std::shared_ptr<const api::Schema> schema;
  api::EngineOptions engine;
  bool debug = false;  // errors carry the database's own words
  OperationRules operations = {};
};

class LiveApi {
 public:
  explicit LiveApi(ServedApi served) : served_(std::move(served)) {}

  void set(ServedApi served) {
    const std::lock_guard lock(mutex_);
    served_ = std::move(served);
    version_.fetch_add(1, std::memory_order_release);
  }
  ServedApi get() const {
    const std::lock_guard lock(mutex_);
    return served_;
  }
  // Grows with every set(). A worker compares it before each request, so that a request costs one load and
  // the lock is taken only after a reload.
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

 private:
  mutable std::mutex mutex_;
  ServedApi served_;
  std::atomic<std::uint64_t> version_{0};
};

}  // namespace tenon::server
