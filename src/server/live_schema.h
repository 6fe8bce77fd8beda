// The schema that is served right now, swapped on reload. Requests in flight keep the one they began with.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "api/schema.h"

namespace tenon::server {

class LiveSchema {
 public:
  explicit LiveSchema(std::shared_ptr<const api::Schema> schema) : schema_(std::move(schema)) {}

  void set(std::shared_ptr<const api::Schema> schema) {
    const std::lock_guard lock(mutex_);
    schema_ = std::move(schema);
    version_.fetch_add(1, std::memory_order_release);
  }
  std::shared_ptr<const api::Schema> get() const {
    const std::lock_guard lock(mutex_);
    return schema_;
  }
  // Grows with every set(). A worker compares it before each request, so that a request costs one load and
  // the lock is taken only after a reload.
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const api::Schema> schema_;
  std::atomic<std::uint64_t> version_{0};
};

}  // namespace tenon::server
