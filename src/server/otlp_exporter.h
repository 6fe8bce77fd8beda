// Sends spans to an OpenTelemetry collector: OTLP over HTTP with JSON, in batches, from a thread of its own.
// When the collector is slow or away spans are dropped and counted; a request is never delayed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "net/http_client.h"
#include "server/log.h"
#include "server/trace.h"

namespace tenon::server {

// The URL that spans are sent to. `is_base`: `url` is the collector's, and /v1/traces comes after it
// (OpenTelemetry, "OTLP Exporter Configuration"). TN1001 says what is wrong with it.
base::Result<net::HttpUrl> parse_otlp_endpoint(std::string_view url, bool is_base);

struct OtlpOptions {
  net::HttpUrl endpoint;
  net::TlsTrust trust;  // for https://
  std::string service_name = "tenon";
  std::vector<std::pair<std::string, std::string>> headers;  // such as an authorization; secret
};

struct OtlpStatistics {
  std::uint64_t exported = 0;
  std::uint64_t dropped = 0;  // the queue was full, or the collector did not take them
};

// The body of one export request.
std::string otlp_json(const std::vector<Span>& spans, std::string_view service_name);

class OtlpExporter {
 public:
  OtlpExporter(OtlpOptions options, Log& log);
  ~OtlpExporter();  // tries for a moment to send what is queued
  OtlpExporter(const OtlpExporter&) = delete;
  OtlpExporter& operator=(const OtlpExporter&) = delete;

  // From any thread.
  void add(std::vector<Span> spans);
  OtlpStatistics statistics() const;

 private:
  struct Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace tenon::server
