#include "server/server.h"

#include <atomic>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "net/websocket.h"
#include "server/graphiql.h"
#include "server/graphql_http.h"
#include "server/graphql_ws.h"

namespace tenon::server {

namespace asio = boost::asio;
using net::Request;
using net::Response;

namespace {

constexpr std::string_view draining_reason = "draining: the server is shutting down";

Response text(unsigned status, std::string_view content) {
  Response response{.status = status, .content_type = "text/plain; charset=utf-8"};
  response.body.append(content).append("\n");
  return response;
}

RateLimiter::Options principal_rates(const base::RateLimits& limits) {
  return {.per_second = static_cast<double>(limits.requests_per_second),
          .burst = limits.burst == 0 ? limits.requests_per_second : limits.burst,
          .names_max = limits.principals_max};
}

RateLimiter::Options refusal_rates(const base::RateLimits& limits) {
  return {.per_second = limits.refusals_per_minute / 60.0,
          .burst = limits.refusals_per_minute,
          .names_max = limits.principals_max};
}

Response no_such_path() {
  Response response{.status = 404, .content_type = "application/json; charset=utf-8"};
  response.body = error_body("There is nothing at this path.", code::not_found);
  return response;
}

}  // namespace

struct Server::Shared {
  // A worker belongs to its thread, which alone may touch it.
  struct WorkerRef {
    asio::io_context* context;
    Worker* worker;
  };

  ServerOptions options;
  ServiceMaker make_service;
  Log& log;
  identity::Trust trust;
  Cors cors;
  RateLimiter principals;  // operations of each
  RateLimiter refusals;    // of the credentials that an address sends
  std::optional<Graphiql> graphiql;
  std::atomic<bool> draining{false};
  std::vector<std::unique_ptr<RequestMetrics>> metrics;  // one for each worker
  std::vector<WorkerRef> workers;
  std::unique_ptr<OtlpExporter> exporter;
  std::unique_ptr<net::HttpServer> http;

  Shared(ServerOptions given, ServiceMaker maker, Log& server_log)
      : options(std::move(given)),
        make_service(std::move(maker)),
        log(server_log),
        trust(options.trust,
              [this](std::string_view issuer, std::string_view problem) { report(issuer, problem); }),
        cors(options.cors),
        principals(principal_rates(options.rates)),
        refusals(refusal_rates(options.rates)) {}

  // What became of an issuer's keys.
  void report(std::string_view issuer, std::string_view problem) {
    if (problem.empty())
      return log.write(LogLevel::info, "the issuer's keys are there again", {{"issuer", issuer}});
    log.write(LogLevel::warning, "the issuer's keys cannot be fetched",
              {{"issuer", issuer}, {"code", base::code::key_set_unusable.text}, {"cause", problem}});
  }
};

// What one thread serves.
class Server::Worker {
 public:
  Worker(Shared& shared, RequestMetrics& metrics, WorkerService service)
      : shared_(shared),
        service_(std::move(service)),
        runner_(service_.execute,
                {.request_timeout = shared.options.request_timeout,
                 .slow_operation = shared.options.telemetry.slow_operation,
                 .principals = &shared.principals,
                 .refusals = &shared.refusals},
                metrics, Tracer(shared.exporter.get(), shared.options.telemetry.sample_percent), shared.log),
        authenticator_(shared.trust),
        http_(authenticator_, runner_, shared.options.telemetry.server_timing),
        web_socket_(authenticator_, runner_, shared.options.web_socket) {}

  asio::awaitable<Response> answer(const Request& request) {
    if (request.path == shared_.options.graphql_path) co_return co_await answer_graphql(request);
    if (request.path == "/healthz") co_return text(200, "ok");
    if (request.path == "/readyz") co_return co_await answer_readiness();
    if (request.path == "/metrics") co_return co_await answer_metrics();
    if (shared_.graphiql) {
      if (auto response = shared_.graphiql->answer(request)) co_return std::move(*response);
    }
    co_return no_such_path();
  }

 private:
  asio::awaitable<Response> answer_graphql(const Request& request) {
    if (Cors::is_preflight(request)) co_return shared_.cors.preflight(request);
    if (const auto wait = shared_.refusals.wait(request.remote_address, RateLimiter::Clock::now()))
      co_return refuse_address(request, *wait);
    if (net::WebSocket::is_upgrade(request)) co_return co_await web_socket_.answer(request);
    Response response = co_await http_.answer(request);
    if (response.status == 401) runner_.count_bad_credential(request.remote_address);
    shared_.cors.admit(request, response);
    co_return response;
  }

  // Its next credential is not looked at, good or not.
  Response refuse_address(const Request& request, RateLimiter::Clock::duration wait) {
    runner_.count_refusal(request.id, Outcome::too_often, code::rate_limited);
    Response response{.status = 429, .content_type = "application/json; charset=utf-8"};
    response.body = error_body("Too many refused credentials from this address.", code::rate_limited);
    response.add_header("retry-after", retry_after_text(wait));
    shared_.cors.admit(request, response);
    return response;
  }

  asio::awaitable<Response> answer_readiness() {
    if (shared_.draining) co_return text(503, draining_reason);
    const Unreadiness reason = co_await service_.readiness();
    co_return reason.empty() ? text(200, "ready") : text(503, reason);
  }

  asio::awaitable<Response> answer_metrics() {
    RequestMetrics::Reading requests;
    for (const auto& metrics : shared_.metrics) metrics->add_to(requests);
    std::vector<WorkerGauges> gauges;
    for (const auto& [context, worker] : shared_.workers) {
      if (worker == this) {
        gauges.push_back(service_.gauges());
      } else if (!shared_.draining) {
        gauges.push_back(co_await asio::co_spawn(*context, sample(worker), asio::use_awaitable));
      }
    }
    Response response{.content_type = "text/plain; version=0.0.4; charset=utf-8"};
    std::optional<OtlpStatistics> traces;
    if (shared_.exporter) traces = shared_.exporter->statistics();
    response.body = metrics_text(requests, shared_.http->statistics(), gauges, traces);
    co_return response;
  }

  // Runs on the other worker's thread.
  static asio::awaitable<WorkerGauges> sample(Worker* other) { co_return other->service_.gauges(); }

  Shared& shared_;
  WorkerService service_;
  OperationRunner runner_;
  identity::Authenticator authenticator_;
  GraphqlHttp http_;
  GraphqlWebSocket web_socket_;
};

Server::Server(ServerOptions options, ServiceMaker make_service, Log& log)
    : shared_(std::make_unique<Shared>(std::move(options), std::move(make_service), log)) {}

Server::~Server() { shared_->http.reset(); }

base::Result<void> Server::start() {
  const ServerOptions& options = shared_->options;
  if (options.trust.empty())
    return base::fail(base::code::api_key_missing, "No credential is configured, so nobody could be let in.",
                      "Name at least one API key in tenon.toml, or use `tenon dev`, which makes one.");
  if (options.graphiql_key) {
    shared_->graphiql.emplace(
        GraphiqlOptions{.graphql_path = options.graphql_path, .api_key = *options.graphiql_key});
  }
  if (options.telemetry.otlp)
    shared_->exporter = std::make_unique<OtlpExporter>(*options.telemetry.otlp, shared_->log);
  shared_->http = std::make_unique<net::HttpServer>(
      options.http, [shared = shared_.get()](asio::io_context& context, unsigned number) -> net::Handler {
        RequestMetrics& metrics = *shared->metrics.emplace_back(std::make_unique<RequestMetrics>());
        // Owned by the handler, so that it ends on its thread and before its io_context.
        const auto worker = std::make_shared<Worker>(*shared, metrics, shared->make_service(context, number));
        shared->workers.push_back({.context = &context, .worker = worker.get()});
        return [worker](Request& request) { return worker->answer(request); };
      });
  return shared_->http->start();
}

std::string Server::url() const {
  const std::string& address = shared_->options.http.address;
  const bool any = address == "0.0.0.0" || address == "::";
  const std::string host = any                                      ? "localhost"
                           : address.find(':') != std::string::npos ? "[" + address + "]"
                                                                    : address;
  return fmt::format("http://{}:{}", host, shared_->http->port());
}

void Server::drain() {
  if (shared_->draining.exchange(true)) return;
  shared_->log.write(LogLevel::info, "draining");
  shared_->http->drain(shared_->options.drain_delay);
}

void Server::join() { shared_->http->join(); }

}  // namespace tenon::server
