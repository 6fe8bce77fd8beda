// What the server tells about its work: timings in answers, slow operations in the log, traces.
#pragma once

#include <chrono>
#include <optional>

#include "base/error.h"
#include "server/otlp_exporter.h"
#include "server/project.h"

namespace tenon::server {

struct TelemetryOptions {
  bool server_timing = false;                               // a header with the stages of each answer
  std::optional<std::chrono::milliseconds> slow_operation;  // that long or longer is logged
  std::optional<OtlpOptions> otlp;
  std::uint32_t sample_percent = 100;  // of operations whose caller has not decided
};

// tenon.toml's [telemetry]; where it is silent the environment variables of OpenTelemetry: OTEL_SDK_DISABLED,
// OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_CERTIFICATE (or those with TRACES_ before the last
// word), OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME.
base::Result<TelemetryOptions> telemetry_options(const Project& project);

}  // namespace tenon::server
