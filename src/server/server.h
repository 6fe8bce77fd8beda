// The server of `tenon serve` and `tenon dev`: routes, health, metrics, and GraphQL over an executor that the
// caller makes for each worker.
//
//   POST, GET  /graphql   the API (HTTP, server-sent events, WebSocket)      GET /healthz   the process lives
//   GET        /          GraphiQL, when on                                   GET /readyz    requests can be
//   served
//                                                                             GET /metrics   Prometheus text
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/error.h"
#include "base/secret.h"
#include "identity/trust.h"
#include "net/http_server.h"
#include "server/cors.h"
#include "server/graphql_executor.h"
#include "server/graphql_ws.h"
#include "server/log.h"
#include "server/metrics.h"
#include "server/telemetry.h"

namespace tenon::server {

// Empty when requests can be served; otherwise why not, without secrets.
using Unreadiness = std::string;

// What one worker serves with. Made, called and destroyed on the worker's io_context.
struct WorkerService {
  GraphqlExecutor execute;
  // Asks the database. Must answer within a few seconds.
  std::function<boost::asio::awaitable<Unreadiness>()> readiness;
  std::function<WorkerGauges()> gauges;
};
using ServiceMaker = std::function<WorkerService(boost::asio::io_context&, unsigned worker)>;

struct ServerOptions {
  net::HttpServerOptions http;
  std::string graphql_path = "/graphql";
  identity::TrustOptions trust;  // not empty
  CorsOptions cors;
  std::optional<base::Secret> graphiql_key;  // turns the page on, which carries this key: for development
  std::chrono::milliseconds request_timeout = base::OperationLimits{}.request_timeout;
  base::RateLimits rates;
  GraphqlWebSocketOptions web_socket;
  TelemetryOptions telemetry;
  // Between the moment /readyz turns to 503 and the moment no connection is accepted any more, for load
  // balancers to notice.
  std::chrono::milliseconds drain_delay{0};
};

class Server {
 public:
  Server(ServerOptions options, ServiceMaker make_service, Log& log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Fails with TN5001 or TN5002.
  base::Result<void> start();
  // "http://127.0.0.1:8080"
  std::string url() const;
  // From any thread; returns at once.
  void drain();
  // Until the last worker has ended.
  void join();

 private:
  class Worker;
  struct Shared;

  std::unique_ptr<Shared> shared_;
};

}  // namespace tenon::server
