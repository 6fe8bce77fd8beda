// tenon.toml as a value. Every key is optional; docs/configuration.md has them all with their defaults, which
// are the member initialisers here and in base/limits.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/run/round_trips.h"
#include "base/diagnostic.h"
#include "base/limits.h"
#include "server/auth_config.h"
#include "server/reference.h"
#include "sql/open.h"

namespace tenon::server {

// [telemetry]
struct TelemetryConfig {
  bool server_timing = false;
  std::optional<std::chrono::milliseconds> slow_operation;
  std::optional<Reference> otlp;
  std::optional<Reference> ca;  // of the collector's certificate
  std::string service_name;     // empty: of the environment, else tenon
  std::uint32_t sample_percent = 100;
  friend bool operator==(const TelemetryConfig&, const TelemetryConfig&) = default;
};

// [databases.NAME]: one of several databases that form one API.
struct DatabaseConfig {
  std::string name;
  std::string place;  // file:line:column of its section
  Reference url;
  std::optional<Reference> shadow_url;
  std::vector<std::string> schemas;
  sql::Pooler pooler = sql::Pooler::detected;
  std::optional<Reference> schema_path;      // unless given: prisma/NAME
  std::optional<Reference> migrations_path;  // as [migrations] path
  std::optional<Reference> seed_command;     // as [migrations] seed
  std::string prefix;                        // before the names of its models and enums
  std::optional<Reference> ca;               // of its server's certificate
  friend bool operator==(const DatabaseConfig& a, const DatabaseConfig& b) {
    return a.name == b.name && a.url == b.url && a.pooler == b.pooler && a.ca == b.ca;
  }
};

struct Config {
  // [databases.NAME], by name; then there is no [database]. Empty: there is one.
  std::vector<DatabaseConfig> databases;
  // [database]
  std::optional<Reference> database_url;
  std::optional<catalog::Engine> provider;  // of the project-local database
  std::optional<Reference> shadow_url;
  std::optional<Reference> database_ca;
  std::vector<std::string> schemas;
  sql::Pooler pooler = sql::Pooler::detected;
  api::RoundTrips round_trips = api::RoundTrips::measured;
  // [schema]
  std::optional<Reference> schema_path;  // a path, relative to the project's folder
  // [migrations]
  std::optional<Reference> migrations_path;
  std::optional<Reference> seed_command;
  // [server]
  std::string host = "127.0.0.1";
  std::optional<std::uint16_t> port;  // unless given: 8080, and 4000 in development
  std::uint32_t threads = 0;          // 0: one for each core
  // [api]
  std::vector<Reference> api_keys;
  bool debug = false;
  AuthConfig auth;
  std::optional<Reference> secrets_file;  // a path, relative to the project's folder
  std::vector<std::string> origins;       // of pages that may ask from a browser
  std::optional<Reference> operations;    // a folder, relative to the project's
  bool operations_only = false;           // nothing but those is answered
  bool persisted_queries = true;          // clients may register operations by their hash
  TelemetryConfig telemetry;
  // [limits.document], [limits.operation], [limits.rate], [limits.http], [limits.pool]
  base::DocumentLimits document_limits;
  base::OperationLimits operation_limits;
  base::RateLimits rate_limits;
  base::HttpLimits http_limits;
  base::PoolLimits pool_limits;
};

// Reads the text of `source`. Syntax errors, unknown keys (with the nearest known one), values of a wrong
// type or out of range go to `diagnostics` as TN1001 with their place; the rest of the file still counts.
Config read_config(const base::SourceSet& sources, base::SourceId source, base::Diagnostics& diagnostics);

// "250 ms", "10s", "5 min", "1h"; nullopt for anything else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace tenon::server
