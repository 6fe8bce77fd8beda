// server/ over an executor of a few canned answers, for the black-box tests in this folder. Prints the port.
//
//   tenon_api_server [name=value]…     port, threads, init_ms, drain_delay_ms, drain_ms, json (log lines)
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "graphql/request.h"
#include "server/server.h"
#include "server/stop_signals.h"

namespace {

namespace asio = boost::asio;
using namespace tenon::server;

GraphqlReply reply(Outcome outcome, std::string body) {
  return {.body = std::move(body), .outcome = outcome, .error_code = {}, .operation_name = "Test"};
}

GraphqlReply failure(Outcome outcome, std::string_view code) {
  GraphqlReply out = reply(outcome, error_body("refused", code));
  out.error_code = code;
  return out;
}

bool is_refused(std::string_view document) {
  return document == "{" || document.find("broken") != std::string_view::npos ||
         document.find("noSuchField") != std::string_view::npos;
}

// {"data":{<alias or __typename>:"Query","received":<the request>}}
std::string echo(std::string_view document, std::string_view request) {
  const std::size_t colon = document.find(": __typename");
  const std::string_view alias =
      colon == std::string_view::npos ? "__typename" : document.substr(2, colon - 2);
  return R"({"data":{")" + std::string(alias) + R"(":"Query","received":)" + std::string(request) + "}}";
}

// No GraphQL: the query's text chooses the answer, which shows what arrived.
// `{ held }` is answered when somebody asks for `{ release }`, which counts in `releases`.
asio::awaitable<GraphqlReply> execute(asio::io_context& context, std::atomic<int>& releases,
                                      std::string_view text, const RequestContext& request) {
  const auto parsed = tenon::graphql::parse_request(text);
  if (!parsed) co_return failure(Outcome::bad_request, "BAD_REQUEST");
  const std::string_view document = parsed->query;
  if (document.starts_with("mutation") && request.queries_only) {
    co_return failure(Outcome::method_not_allowed, "METHOD_NOT_ALLOWED");
  }
  if (is_refused(document)) co_return failure(Outcome::request_error, "GRAPHQL_PARSE_FAILED");
  if (document == "{ unavailable }") co_return failure(Outcome::unavailable, "DATABASE_UNAVAILABLE");
  if (document == "{ throw }") throw std::runtime_error("as asked");
  if (document == "{ big }")
    co_return reply(Outcome::executed, R"({"data":")" + std::string(400'000, 'x') + "\"}");
  if (document == "{ release }") ++releases;
  asio::steady_timer timer(context);
  for (const int before = releases; document == "{ held }" && releases == before;) {
    timer.expires_after(std::chrono::milliseconds(10));
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    // Also where the wait was over already.
    if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
      co_return failure(Outcome::cancelled, "CANCELLED");
  }
  co_return reply(Outcome::executed, echo(document, text));
}

asio::awaitable<Unreadiness> ready() { co_return ""; }

}  // namespace

int main(int count, char** arguments) {
  std::map<std::string, long> given;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const std::size_t equals = argument.find('=');
    given[argument.substr(0, equals)] = std::strtol(argument.c_str() + equals + 1, nullptr, 10);
  }
  ServerOptions options;
  options.http.port = static_cast<std::uint16_t>(given["port"]);
  options.http.threads = static_cast<unsigned>(given["threads"]);
  if (given.contains("drain_ms"))
    options.http.limits.drain_timeout = std::chrono::milliseconds(given["drain_ms"]);
  if (given.contains("init_ms"))
    options.web_socket.init_timeout = std::chrono::milliseconds(given["init_ms"]);
  options.drain_delay = std::chrono::milliseconds(given["drain_delay_ms"]);
  for (const std::string& name : {std::string("first"), std::string("second")})
    options.trust.api_keys.push_back(tenon::identity::make_api_key(name, tenon::base::Secret(name + "-key")));
  options.cors = {.origins = {"https://app.example.com"}, .any_local_origin = true};
  options.graphiql_key = tenon::base::Secret("first-key");

  std::atomic<int> releases{0};
  StopSignals signals;
  Log log(given["json"] != 0 ? LogFormat::json : LogFormat::readable);
  Server server(
      options,
      [&releases](asio::io_context& context, unsigned) {
        return WorkerService{.execute =
                                 [&](std::string_view text, const RequestContext& request) {
                                   return execute(context, releases, text, request);
                                 },
                             .readiness = ready,
                             .gauges = [] { return WorkerGauges{.pool_open = 1}; }};
      },
      log);
  if (const auto started = server.start(); !started) {
    std::fprintf(stderr, "%s\n", to_string(started.error()).c_str());
    return 1;
  }
  const std::string url = server.url();
  std::printf("%s\n", url.substr(url.rfind(':') + 1).c_str());
  std::fflush(stdout);
  signals.wait();
  server.drain();
  server.join();
  return 0;
}
