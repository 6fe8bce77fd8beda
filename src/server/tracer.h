// Makes the spans of operations: one for the request, under it its stages and statements.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string_view>

#include "server/graphql_executor.h"
#include "server/otlp_exporter.h"
#include "server/trace.h"

namespace tenon::server {

// An operation under way. Only when `sampled` will it be told.
struct OperationTrace {
  TraceContext context;
  SpanId span = 0;
  std::chrono::system_clock::time_point start;
  std::chrono::steady_clock::time_point steady_start;
};

// One for each worker. Without an exporter nothing is sampled and no identifiers are made.
class Tracer {
 public:
  Tracer(OtlpExporter* exporter, std::uint32_t sample_percent)
      : exporter_(exporter), sample_percent_(sample_percent), random_(std::random_device{}()) {}

  // The caller's trace goes on, and its decision counts; otherwise a new one begins, if chance wants it.
  OperationTrace begin(std::string_view traceparent);
  void end(const OperationTrace& trace, const GraphqlReply& reply);

 private:
  std::uint64_t identifier();

  OtlpExporter* exporter_;
  std::uint32_t sample_percent_;
  std::mt19937_64 random_;
};

}  // namespace tenon::server
