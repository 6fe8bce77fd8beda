// One thread of the HTTP server: its io_context, its listening socket, its connections and the sweep that
// watches them. Part of http_server.cpp in a file of its own.
#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/http_connection.h"
#include "net/http_server.h"

namespace tenon::net {

struct HttpServer::Shared {
  std::atomic<std::uint64_t> connections_open{0};
};

class HttpServer::Worker {
 public:
  Worker(const HttpServerOptions& options, Shared& shared);
  ~Worker();

  // Throws boost::system::system_error. Returns the port.
  std::uint16_t listen(std::uint16_t port);
  boost::asio::io_context& context() { return context_; }
  void start(Handler handler);
  void drain(std::chrono::milliseconds keep_accepting);
  void join();
  void add_to(HttpStatistics& statistics) const;

 private:
  // An io_context whose coroutines can be destroyed while it lives.
  struct Context : boost::asio::io_context {
    using boost::asio::execution_context::shutdown;
    using boost::asio::io_context::io_context;
  };

  void run();
  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> sweep();
  boost::asio::awaitable<void> end_after(std::chrono::milliseconds keep_accepting);
  boost::asio::awaitable<void> refuse(boost::asio::ip::tcp::socket socket);
  void admit(boost::asio::ip::tcp::socket socket);
  void remove(Connection& connection);
  void find_clients_that_left();
  void update_clock();

  Shared& shared_;
  WorkerState state_;
  std::vector<std::unique_ptr<Connection>> connections_;
  Context context_{1};
  boost::asio::ip::tcp::acceptor acceptor_{context_};
  boost::asio::steady_timer sweep_timer_{context_};
  unsigned refusing_ = 0;
  std::thread thread_;
};

}  // namespace tenon::net
