#include "net/http_worker.h"

#include <array>
#include <ctime>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <poll.h>
#include <sys/socket.h>

#include "base/hash.h"
#include "base/limits.h"
#include "net/as_result.h"

namespace tenon::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Also how long a client may be gone before its request is cancelled.
constexpr std::chrono::milliseconds sweep_interval{100};
// When the process has no file descriptors left.
constexpr std::chrono::milliseconds accept_pause{50};

constexpr std::string_view refusal =
    "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\nretry-after: 1\r\n"
    "content-length: 30\r\nconnection: close\r\n\r\nThe server has no connections.";

using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

}  // namespace

HttpServer::Worker::Worker(const HttpServerOptions& options, Shared& shared)
    : shared_(shared), state_{.options = options} {
  state_.id_prefix = base::random_hex(8) + "-";
  update_clock();
}

HttpServer::Worker::~Worker() { join(); }

std::uint16_t HttpServer::Worker::listen(std::uint16_t port) {
  const tcp::endpoint endpoint(asio::ip::make_address(state_.options.address), port);
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(tcp::acceptor::reuse_address(true));
  acceptor_.set_option(reuse_port(true));
  acceptor_.bind(endpoint);
  acceptor_.listen(asio::socket_base::max_listen_connections);
  return acceptor_.local_endpoint().port();
}

void HttpServer::Worker::start(Handler handler) {
  state_.handler = std::move(handler);
  asio::co_spawn(context_, accept(), asio::detached);
  asio::co_spawn(context_, sweep(), asio::detached);
  thread_ = std::thread([this] { run(); });
}

void HttpServer::Worker::run() {
  context_.run();
  // Coroutines that ignored their cancellation are destroyed here, while what they use still lives.
  context_.shutdown();
  state_.handler = nullptr;
}

void HttpServer::Worker::join() {
  if (thread_.joinable()) thread_.join();
}

void HttpServer::Worker::drain(std::chrono::milliseconds keep_accepting) {
  asio::post(context_, [this, keep_accepting] {
    if (std::exchange(state_.draining, true)) return;
    for (const auto& connection : connections_) connection->drain();
    asio::co_spawn(context_, end_after(keep_accepting), asio::detached);
  });
}

asio::awaitable<void> HttpServer::Worker::end_after(std::chrono::milliseconds keep_accepting) {
  asio::steady_timer timer(context_);
  const auto wait_until = [&](Clock::time_point end) -> asio::awaitable<void> {
    while (Clock::now() < end && !(connections_.empty() && !acceptor_.is_open())) {
      timer.expires_at(std::min(end, Clock::now() + std::chrono::milliseconds(10)));
      co_await timer.async_wait(as_result);
    }
  };
  const auto start = Clock::now();
  co_await wait_until(start + keep_accepting);
  error_code ignored;
  acceptor_.close(ignored);
  for (const auto& connection : connections_) connection->drain();
  co_await wait_until(start + keep_accepting + state_.options.limits.drain_timeout);
  for (const auto& connection : connections_) connection->abort();
  co_await wait_until(Clock::now() + base::http_abort_timeout);
  context_.stop();
}

asio::awaitable<void> HttpServer::Worker::accept() {
  asio::steady_timer pause(context_);
  for (;;) {
    auto [error, socket] = co_await acceptor_.async_accept(as_result);
    if (!acceptor_.is_open()) co_return;  // also with a socket: all that were open have been drained by now
    if (!error) {
      admit(std::move(socket));
    } else if (error != asio::error::connection_aborted) {
      pause.expires_after(accept_pause);
      co_await pause.async_wait(as_result);
    }
  }
}

void HttpServer::Worker::admit(tcp::socket socket) {
  if (shared_.connections_open.fetch_add(1, std::memory_order_relaxed) >=
      state_.options.limits.connections_max) {
    shared_.connections_open.fetch_sub(1, std::memory_order_relaxed);
    HttpCounters::count(state_.counters.refused);
    if (refusing_ < base::http_refusing_max)
      asio::co_spawn(context_, refuse(std::move(socket)), asio::detached);
    return;
  }
  HttpCounters::count(state_.counters.accepted);
  Connection& connection =
      *connections_.emplace_back(std::make_unique<Connection>(state_, std::move(socket)));
  connection.index = connections_.size() - 1;
  asio::co_spawn(
      context_, connection.run(),
      asio::bind_cancellation_slot(connection.cancellation_slot(),
                                   [this, &connection](std::exception_ptr) { remove(connection); }));
}

void HttpServer::Worker::remove(Connection& connection) {
  shared_.connections_open.fetch_sub(1, std::memory_order_relaxed);
  const std::size_t index = connection.index;
  std::swap(connections_[index], connections_.back());
  connections_[index]->index = index;
  // Not here: the signal inside it is still in use by the operation that completes.
  asio::post(context_, [gone = std::move(connections_.back())] {});
  connections_.pop_back();
}

asio::awaitable<void> HttpServer::Worker::refuse(tcp::socket socket) {
  ++refusing_;
  error_code error;
  socket.non_blocking(true, error);
  socket.write_some(asio::buffer(refusal), error);
  socket.shutdown(tcp::socket::shutdown_send, error);
  asio::steady_timer timer(context_, base::http_refusal_timeout);
  timer.async_wait([&](error_code timer_error) {
    error_code ignored;
    if (!timer_error) socket.cancel(ignored);
  });
  std::array<char, 4096> discarded;
  while (!error)
    std::tie(error, std::ignore) = co_await socket.async_read_some(asio::buffer(discarded), as_result);
  --refusing_;
}

asio::awaitable<void> HttpServer::Worker::sweep() {
  for (;;) {
    sweep_timer_.expires_after(sweep_interval);
    co_await sweep_timer_.async_wait(as_result);
    find_clients_that_left();
    update_clock();
    for (const auto& connection : connections_) connection->check_deadline();
  }
}

void HttpServer::Worker::update_clock() {
  state_.now = Clock::now();
  const std::time_t seconds = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  state_.date.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
}

// One system call for all handlers that have been running for a while. A client that shut down its sending
// side counts as gone, as it does for most servers; one whose answer takes less than a sweep is still served.
void HttpServer::Worker::find_clients_that_left() {
  std::vector<pollfd> descriptors;
  std::vector<Connection*> waiting;
  for (const auto& connection : connections_) {
    if (!connection->handling_for_long()) continue;
    descriptors.push_back({.fd = connection->descriptor(), .events = POLLRDHUP, .revents = 0});
    waiting.push_back(connection.get());
  }
  if (descriptors.empty() || poll(descriptors.data(), descriptors.size(), 0) <= 0) return;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (descriptors[i].revents != 0) waiting[i]->client_left();
  }
}

void HttpServer::Worker::add_to(HttpStatistics& statistics) const {
  const auto read = [](const std::atomic<std::uint64_t>& counter) {
    return counter.load(std::memory_order_relaxed);
  };
  statistics.connections_accepted += read(state_.counters.accepted);
  statistics.connections_refused += read(state_.counters.refused);
  statistics.requests_malformed += read(state_.counters.malformed);
  statistics.timeouts += read(state_.counters.timeouts);
  statistics.clients_left += read(state_.counters.clients_left);
}

}  // namespace tenon::net
