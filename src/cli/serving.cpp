#include "cli/serving.h"

#include <algorithm>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "server/api_service.h"

namespace tenon::cli {

void add_serving_flags(CLI::App& command, ServingFlags& flags, std::uint16_t default_port) {
  command.add_option("--url", flags.url, "The database, instead of the configured one (env:NAME works too)")
      ->type_name("URL");
  command
      .add_option("--port", flags.port,
                  fmt::format("Port to listen on, {} unless configured; 0 takes any free one", default_port))
      ->type_name("N");
  command.add_option("--host", flags.host, "Address to listen on, 127.0.0.1 unless configured")
      ->type_name("ADDRESS");
  command
      .add_option("--schema", flags.schemas,
                  "A schema of the database to serve, when there are no schema files; may be repeated")
      ->type_name("NAME");
  command.add_option("--threads", flags.threads, "Worker threads; one for each core unless given")
      ->type_name("N");
}

server::Config with_flags(server::Config config, const ServingFlags& flags) {
  if (!flags.host.empty()) config.host = flags.host;
  if (flags.port) config.port = *flags.port;
  if (flags.threads) config.threads = *flags.threads;
  if (!flags.schemas.empty()) config.schemas = flags.schemas;
  if (config.threads == 0) config.threads = std::max(1U, std::thread::hardware_concurrency());
  return config;
}

namespace {

std::vector<server::ServedDatabase> served_databases(const server::Config& config,
                                                     const server::DatabaseUrls& urls) {
  std::vector<server::ServedDatabase> served;
  for (std::size_t i = 0; i < urls.size(); ++i)
    served.push_back(
        {.url = *urls[i],
         .session = {.pooler = config.databases.empty() ? config.pooler : config.databases[i].pooler,
                     .statement_timeout = config.operation_limits.statement_timeout,
                     .statements_cached_max = config.pool_limits.statements_cached_max},
         .pool = sql::with_url_limits(config.pool_limits, *urls[i])});
  return served;
}

}  // namespace

std::unique_ptr<server::Server> make_server(const server::Config& config, const server::DatabaseUrls& urls,
                                            Serving serving) {
  serving.options.http.address = config.host;
  serving.options.http.port = config.port.value_or(0);
  serving.options.http.threads = config.threads;
  serving.options.http.limits = config.http_limits;
  serving.options.request_timeout = config.operation_limits.request_timeout;
  serving.options.rates = config.rate_limits;
  serving.options.cors.origins = config.origins;
  return std::make_unique<server::Server>(
      std::move(serving.options), server::make_api_service(served_databases(config, urls), serving.live),
      serving.log);
}

server::ServedApi served_api(std::shared_ptr<const api::Schema> schema, const server::Config& config,
                             server::OperationRules operations) {
  return {.schema = std::move(schema),
          .engine = {.document = config.document_limits,
                     .operation = config.operation_limits,
                     .round_trips = config.round_trips},
          .debug = config.debug,
          .operations = std::move(operations)};
}

bool meet_late_servers(server::LateServers& late, server::LiveApi& live) {
  if (!late.ask()) return false;
  server::ServedApi served = live.get();
  served.schema = api::with_servers(*served.schema, late.known());
  live.set(std::move(served));
  return true;
}

std::size_t count_models(const api::Schema& schema) {
  return static_cast<std::size_t>(std::ranges::count_if(
      schema.overlay.access, [](const api::ModelAccess& access) { return access.any(); }));
}

}  // namespace tenon::cli
