#include "net/http_server.h"

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include "net/http_worker.h"

namespace tenon::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// With SO_REUSEPORT a second process could share our port unnoticed and take half of the requests. A socket
// without that option cannot be bound to a port that is listened on, which makes it the question to ask.
void require_free(const std::string& address, std::uint16_t port) {
  asio::io_context context;
  const tcp::endpoint endpoint(asio::ip::make_address(address), port);
  tcp::acceptor acceptor(context, endpoint.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.bind(endpoint);
}

}  // namespace

HttpServer::HttpServer(HttpServerOptions options, HandlerMaker make_handler)
    : options_(std::move(options)),
      make_handler_(std::move(make_handler)),
      shared_(std::make_unique<Shared>()) {}

HttpServer::~HttpServer() {
  options_.limits.drain_timeout = {};
  drain();
  join();
}

base::Result<void> HttpServer::start() {
  try {
    if (options_.port != 0) require_free(options_.address, options_.port);
    port_ = options_.port;
    for (unsigned i = 0; i < std::max(options_.threads, 1U); ++i) {
      auto worker = std::make_unique<Worker>(options_, *shared_);
      port_ = worker->listen(port_);
      workers_.push_back(std::move(worker));
    }
  } catch (const boost::system::system_error& error) {
    workers_.clear();
    return base::fail(
        base::code::listen_failed,
        fmt::format("Cannot listen on {}:{}: {}.", options_.address, options_.port, error.code().message()),
        "Choose another address or port, or stop the process that uses this one.");
  }
  for (unsigned i = 0; i < workers_.size(); ++i) {
    workers_[i]->start(make_handler_(workers_[i]->context(), i));
  }
  return {};
}

void HttpServer::drain(std::chrono::milliseconds keep_accepting) {
  for (const auto& worker : workers_) worker->drain(keep_accepting);
}

void HttpServer::join() {
  for (const auto& worker : workers_) worker->join();
}

HttpStatistics HttpServer::statistics() const {
  HttpStatistics statistics;
  statistics.connections_open = shared_->connections_open.load(std::memory_order_relaxed);
  for (const auto& worker : workers_) worker->add_to(statistics);
  return statistics;
}

}  // namespace tenon::net
