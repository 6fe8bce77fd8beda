// Counters of one worker thread and their text for Prometheus. Counting costs a few plain stores: every
// counter has one writer, and whoever scrapes reads them all.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "net/http_server.h"
#include "server/graphql_executor.h"
#include "server/otlp_exporter.h"

namespace tenon::server {

class RequestMetrics {
 public:
  // Upper bounds of the latency histogram, in microseconds.
  static constexpr std::array<std::uint32_t, 15> bounds_us{
      250,     500,     1'000,   2'500,     5'000,     10'000,    25'000,    50'000,
      100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};

  void begin() { add(in_flight_, 1); }
  void end(Outcome outcome, std::chrono::steady_clock::duration duration);

  struct Reading {
    std::array<std::uint64_t, outcome_count> by_outcome{};
    std::array<std::uint64_t, bounds_us.size() + 1> by_latency{};
    std::uint64_t latency_us = 0;
    std::uint64_t in_flight = 0;
  };
  void add_to(Reading& reading) const;

 private:
  using Counter = std::atomic<std::uint64_t>;
  static void add(Counter& counter, std::uint64_t amount) {
    counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }

  std::array<Counter, outcome_count> by_outcome_{};
  std::array<Counter, bounds_us.size() + 1> by_latency_{};
  Counter latency_us_{0};
  Counter in_flight_{0};
};

// What the engine of one worker knows; sampled on the worker's own thread.
struct WorkerGauges {
  std::uint64_t pool_open = 0;
  std::uint64_t pool_idle = 0;
  std::uint64_t pool_waiting = 0;
  std::uint64_t plan_cache_hits = 0;
  std::uint64_t plan_cache_misses = 0;
  std::chrono::nanoseconds round_trip{};  // to the database; zero when not measured yet
  bool single_statements = false;         // queries take one statement each
};

// Prometheus text exposition format, version 0.0.4.
std::string metrics_text(const RequestMetrics::Reading& requests, const net::HttpStatistics& http,
                         std::span<const WorkerGauges> workers,
                         const std::optional<OtlpStatistics>& traces = std::nullopt);

}  // namespace tenon::server
