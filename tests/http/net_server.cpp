// A small server over net/ alone, for the black-box tests in this folder and for measuring. Prints the port.
//
//   tenon_net_server [name=value]…     port, threads, connections, header_ms, body_ms, idle_ms, write_ms,
//                                      drain_ms, header_bytes, body_bytes, compression
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/http_server.h"
#include "net/url_decoding.h"

namespace {

namespace asio = boost::asio;
using tenon::net::Request;
using tenon::net::Response;

struct Shared {
  std::atomic<int> cancelled{0};
  std::atomic<int> started{0};
  std::atomic<bool> draining{false};
};

long argument(const Request& request, std::string_view name, long otherwise) {
  const auto parameters = tenon::net::decode_query(request.query);
  for (const auto& parameter : *parameters) {
    if (parameter.name == name) return std::strtol(parameter.value.c_str(), nullptr, 10);
  }
  return otherwise;
}

Response text(std::string body) {
  Response response{.content_type = "text/plain"};
  response.body = std::move(body);
  return response;
}

// Until so many milliseconds are over; with no number, until the server drains.
asio::awaitable<Response> sleep(const Request& request, asio::io_context& context, Shared& shared) {
  ++shared.started;
  const long ms = argument(request, "ms", 0);
  asio::steady_timer timer(context);
  bool cancelled = false;
  do {
    timer.expires_after(std::chrono::milliseconds(ms == 0 ? 10 : ms));
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    // Also where the wait was over already.
    cancelled = (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
  } while (ms == 0 && !cancelled && !shared.draining);
  if (cancelled) ++shared.cancelled;
  co_return text("slept\n");
}

asio::awaitable<Response> serve(Request& request, asio::io_context& context, Shared& shared) {
  if (request.path == "/hello") co_return text("Hello, world!");
  if (request.path == "/echo") co_return text(std::string(request.body));
  if (request.path == "/path") co_return text(std::string(request.target));
  if (request.path == "/slow") co_return co_await sleep(request, context, shared);
  if (request.path == "/big") {
    co_return text(std::string(static_cast<std::size_t>(argument(request, "bytes", 1'000'000)), 'x'));
  }
  if (request.path == "/throw") throw std::runtime_error("as asked");
  if (request.path == "/counts") {
    co_return text(std::to_string(shared.started) + " " + std::to_string(shared.cancelled));
  }
  Response missing = text("no such path\n");
  missing.status = 404;
  co_return missing;
}

}  // namespace

int main(int count, char** arguments) {
  std::map<std::string, long> given;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const std::size_t equals = argument.find('=');
    given[argument.substr(0, equals)] = std::strtol(argument.c_str() + equals + 1, nullptr, 10);
  }
  const auto option = [&](const char* name, long otherwise) {
    const auto found = given.find(name);
    return found == given.end() ? otherwise : found->second;
  };
  const auto duration = [&](const char* name, std::chrono::milliseconds otherwise) {
    return std::chrono::milliseconds(option(name, static_cast<long>(otherwise.count())));
  };

  tenon::net::HttpServerOptions options;
  options.port = static_cast<std::uint16_t>(option("port", 0));
  options.threads = static_cast<unsigned>(option("threads", 1));
  options.compression = static_cast<tenon::net::Compression>(option("compression", 1));
  tenon::base::HttpLimits& limits = options.limits;
  limits.connections_max = static_cast<std::uint32_t>(option("connections", limits.connections_max));
  limits.header_bytes_max = static_cast<std::size_t>(option("header_bytes", 16'384));
  limits.body_bytes_max = static_cast<std::size_t>(option("body_bytes", 1'000'000));
  limits.header_timeout = duration("header_ms", limits.header_timeout);
  limits.body_timeout = duration("body_ms", limits.body_timeout);
  limits.idle_timeout = duration("idle_ms", limits.idle_timeout);
  limits.write_timeout = duration("write_ms", limits.write_timeout);
  limits.drain_timeout = duration("drain_ms", limits.drain_timeout);

  Shared shared;
  tenon::net::HttpServer server(options, [&](asio::io_context& context, unsigned) {
    return [&](Request& request) { return serve(request, context, shared); };
  });
  if (const auto started = server.start(); !started) {
    std::fprintf(stderr, "%s\n", to_string(started.error()).c_str());
    return 1;
  }
  asio::io_context control;
  asio::signal_set signals(control, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code, int) {
    server.drain(duration("keep_accepting_ms", std::chrono::milliseconds(0)));
    shared.draining = true;
  });
  std::printf("%u\n", static_cast<unsigned>(server.port()));
  std::fflush(stdout);
  control.run();
  server.join();
  const tenon::net::HttpStatistics statistics = server.statistics();
  std::printf("open=%lu timeouts=%lu left=%lu malformed=%lu refused=%lu\n", statistics.connections_open,
              statistics.timeouts, statistics.clients_left, statistics.requests_malformed,
              statistics.connections_refused);
  return 0;
}
