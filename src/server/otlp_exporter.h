// Sends spans to an OpenTelemetry collector: OTLP over HTTP with JSON, in batches, from a thread of its own.
// When the collector is slow or away spans are dropped and counted; a request is never delayed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "server/log.h"
#include "server/trace.h"

namespace tenon::server {

struct OtlpEndpoint {
  std::string host;
  std::string port = "4318";
  std::string target = "/v1/traces";
};
// http://host:port[/path]; `path` is appended when the URL is only the collector's base. Fails with TN1001
// for anything else, TLS included: a collector beside the server is asked for that.
base::Result<OtlpEndpoint> parse_otlp_endpoint(std::string_view url, bool is_base);

struct OtlpOptions {
  OtlpEndpoint endpoint;
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
