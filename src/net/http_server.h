// The HTTP/1.1 server: one io_context and one listening socket per worker thread (the kernel spreads
// connections with SO_REUSEPORT), one coroutine per connection, nothing shared between threads on the way of
// a request. It knows nothing of what is served: see server/ for that.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/error.h"
#include "base/limits.h"
#include "net/http_message.h"

namespace boost::asio {
class io_context;
}

namespace tenon::net {

// Answers one request. Runs in the coroutine of the connection: what it awaits may not block the thread. When
// the client leaves, or the time for draining is over, the operation it waits for completes with
// operation_aborted (terminal cancellation; nothing throws by itself), and whatever it returns is dropped. An
// exception becomes a 500.
using Handler = std::function<boost::asio::awaitable<Response>(Request&)>;

// Makes the handler of one worker; called by start() for each, before any runs. The handler lives as long as
// its io_context has coroutines, and goes before the io_context does, so it may own pools that live on it.
using HandlerMaker = std::function<Handler(boost::asio::io_context&, unsigned worker)>;

enum class Compression : std::uint8_t {
  off,
  remote,  // for clients that are not on this machine
  always,
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";  // numeric
  std::uint16_t port = 0;             // 0: any free one
  unsigned threads = 1;
  base::HttpLimits limits;
  Compression compression = Compression::remote;
};

struct HttpStatistics {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;  // over the cap
  std::uint64_t requests_malformed = 0;   // answered by the server itself with 4xx or 5xx
  std::uint64_t timeouts = 0;             // clients too slow to send or to read
  std::uint64_t clients_left = 0;         // while their request was being handled
};

class HttpServer {
 public:
  HttpServer(HttpServerOptions options, HandlerMaker make_handler);
  // Drains without patience if it still runs.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Listens and starts the workers. Fails with TN5001 when the address cannot be had, also when another
  // process listens on it already.
  base::Result<void> start();
  std::uint16_t port() const { return port_; }

  // From any thread, returns at once. Every answer from now on ends its connection and idle connections are
  // closed; after `keep_accepting` the listening sockets are closed as well. Requests in flight have
  // drain_timeout to finish, then they are cancelled.
  void drain(std::chrono::milliseconds keep_accepting = {});
  // Waits until all workers have ended.
  void join();

  HttpStatistics statistics() const;

 private:
  class Worker;
  struct Shared;

  HttpServerOptions options_;
  HandlerMaker make_handler_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Shared> shared_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace tenon::net
