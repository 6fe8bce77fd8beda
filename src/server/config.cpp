#include "server/config.h"

#include <map>

#include <fmt/format.h>

#include "server/config_parts.h"

namespace tenon::server {

namespace {

Config read_root(ConfigSection root) {
  Config config;
  read_databases(root, config);

  ConfigSection server = root.section("server");
  server.read("host", config.host);
  server.read("port", config.port, 0, 65'535);
  server.read("threads", config.threads, 0, 1'024);
  server.finish();

  ConfigSection api = root.section("api");
  api.read("keys", config.api_keys);
  api.read("debug", config.debug);
  api.read_origins("origins", config.origins);
  api.read_path("operations", config.operations);
  api.read("operations_only", config.operations_only);
  api.read("persisted_queries", config.persisted_queries);
  if (config.operations_only && !config.operations)
    api.error("api.operations_only without api.operations would answer nothing.",
              "name the folder of the operations: operations = \"operations\"");
  api.finish();

  config.auth = read_auth(root.section("auth"));
  ConfigSection secrets = root.section("secrets");
  secrets.read_path("file", config.secrets_file);
  secrets.finish();

  ConfigSection telemetry = root.section("telemetry");
  telemetry.read("server_timing", config.telemetry.server_timing);
  telemetry.read("slow_operation", config.telemetry.slow_operation);
  telemetry.read("otlp", config.telemetry.otlp);
  telemetry.read("ca", config.telemetry.ca);
  telemetry.read("service_name", config.telemetry.service_name);
  telemetry.read("sample_percent", config.telemetry.sample_percent, 0, 100);
  telemetry.finish();

  read_limits(root.section("limits"), config);
  root.finish();
  return config;
}

}  // namespace

Config read_config(const base::SourceSet& sources, base::SourceId source, base::Diagnostics& diagnostics) {
  base::Diagnostics found;
  ConfigReader reader(sources, source, found);
  const toml::parse_result parsed = toml::parse(sources.text(source));
  Config config;
  if (parsed) {
    config = read_root(ConfigSection(reader, &parsed.table(), ""));
  } else {
    reader.secret(base::Severity::error, parsed.error().source(),
                  fmt::format("not TOML: {}", parsed.error().description()), "");  // the line may hold one
  }
  // Sections are read in our order, people read theirs.
  std::multimap<std::uint32_t, base::Diagnostic> by_place;
  for (const base::Diagnostic& finding : found.all())
    by_place.emplace(finding.span ? finding.span->begin : 0, finding);
  for (auto& [place, finding] : by_place) diagnostics.add(std::move(finding));
  return config;
}

}  // namespace tenon::server
