#include "server/telemetry.h"

#include "net/url_decoding.h"
#include "server/tls_trust.h"

namespace tenon::server {

namespace {

std::string variable(const Project& project, std::string_view name) {
  const auto found = project.environment.find(name);
  return found ? found->text : std::string();
}

// name=value,name=value; values are percent-encoded.
std::vector<std::pair<std::string, std::string>> headers_of(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> headers;
  const auto trimmed = [](std::string_view part) {
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    return part;
  };
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view one = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::size_t equals = one.find('=');
    if (equals == std::string_view::npos) continue;
    // A query's text would read + as a blank.
    std::string encoded;
    for (const char c : trimmed(one.substr(equals + 1)))
      if (c == '+')
        encoded += "%2B";
      else
        encoded += c;
    const auto value = net::decode_query_text(encoded);
    if (value) headers.emplace_back(trimmed(one.substr(0, equals)), *value);
  }
  return headers;
}

base::Result<std::optional<net::HttpUrl>> endpoint_of(const Project& project) {
  if (const auto& reference = project.config.telemetry.otlp) {
    const auto url = resolve(project, *reference);
    if (!url) return std::unexpected(url.error());
    return parse_otlp_endpoint(url->reveal(), true);
  }
  if (variable(project, "OTEL_SDK_DISABLED") == "true") return std::nullopt;
  if (const std::string url = variable(project, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"); !url.empty())
    return parse_otlp_endpoint(url, false);
  if (const std::string url = variable(project, "OTEL_EXPORTER_OTLP_ENDPOINT"); !url.empty())
    return parse_otlp_endpoint(url, true);
  return std::nullopt;
}

std::optional<Reference> authority_of(const Project& project) {
  if (project.config.telemetry.ca) return project.config.telemetry.ca;
  for (const char* name : {"OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"})
    if (const std::string file = variable(project, name); !file.empty())
      return Reference{.text = "file:" + file, .place = name};
  return std::nullopt;
}

}  // namespace

base::Result<TelemetryOptions> telemetry_options(const Project& project) {
  TelemetryOptions options{.server_timing = project.config.telemetry.server_timing,
                           .slow_operation = project.config.telemetry.slow_operation,
                           .otlp = {},
                           .sample_percent = project.config.telemetry.sample_percent};
  auto endpoint = endpoint_of(project);
  if (!endpoint) return std::unexpected(endpoint.error());
  if (!*endpoint) return options;
  auto trust = tls_trust(project, authority_of(project));
  if (!trust) return std::unexpected(trust.error());
  options.otlp.emplace(OtlpOptions{.endpoint = std::move(**endpoint), .trust = std::move(*trust)});
  std::string name = project.config.telemetry.service_name;
  if (name.empty()) name = variable(project, "OTEL_SERVICE_NAME");
  if (!name.empty()) options.otlp->service_name = std::move(name);
  options.otlp->headers = headers_of(variable(project, "OTEL_EXPORTER_OTLP_HEADERS"));
  return options;
}

}  // namespace tenon::server
