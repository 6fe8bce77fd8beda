// What `dev` and `serve` share: options of the command line over those of tenon.toml, and the server made of
// them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.h"
#include "server/api_loader.h"
#include "server/live_api.h"
#include "server/server.h"

namespace CLI {
class App;
}

namespace tenon::cli {

// Flags that both commands take; each overrides its key of tenon.toml.
struct ServingFlags {
  std::string url;
  std::string host;
  std::optional<std::uint16_t> port;
  std::vector<std::string> schemas;
  std::optional<std::uint32_t> threads;
};
void add_serving_flags(CLI::App& command, ServingFlags& flags, std::uint16_t default_port);

// The flags over the configuration.
server::Config with_flags(server::Config config, const ServingFlags& flags);

struct Serving {
  server::ServerOptions options;
  const server::LiveApi& live;
  server::Log& log;
};
// Not started yet. `config` has a port; `urls` are those of its databases.
std::unique_ptr<server::Server> make_server(const server::Config& config, const server::DatabaseUrls& urls,
                                            Serving serving);

// What the workers serve, from a schema and the configuration.
server::ServedApi served_api(std::shared_ptr<const api::Schema> schema, const server::Config& config,
                             server::OperationRules operations);

// When a database answers that has not so far, what is served talks to it as its version understands. Whether
// one did.
bool meet_late_servers(server::LateServers& late, server::LiveApi& live);

// How many models of the schema can be reached.
std::size_t count_models(const api::Schema& schema);

}  // namespace tenon::cli
