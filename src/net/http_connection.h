// One client connection of the HTTP server: reads requests one after the other, has them handled, writes the
// answers in the same order. Its worker watches its deadlines, so no request costs a timer.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "net/http_server.h"
#include "net/request_parser.h"
#include "net/websocket.h"

namespace tenon::net {

using Clock = std::chrono::steady_clock;

// Written by one worker, read by whoever asks for statistics.
struct HttpCounters {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> malformed{0};
  std::atomic<std::uint64_t> timeouts{0};
  std::atomic<std::uint64_t> clients_left{0};

  // Cheaper than an atomic increment: there is only one writer.
  static void count(std::atomic<std::uint64_t>& counter) {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
};

// What the connections of one worker have in common. Touched by the worker's thread alone.
struct WorkerState {
  const HttpServerOptions& options;
  Handler handler;
  HttpCounters counters;
  Clock::time_point now = Clock::now();  // as of the last sweep
  std::string date;                      // likewise, for the Date header
  std::string id_prefix;                 // of generated request ids
  std::uint64_t next_id = 0;
  bool draining = false;
};

class Connection {
 public:
  Connection(WorkerState& worker, boost::asio::ip::tcp::socket socket);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Returns when the connection is over.
  boost::asio::awaitable<void> run();
  boost::asio::cancellation_slot cancellation_slot() { return signal_.slot(); }

  // The rest is for the worker's sweep.

  // Ends what takes longer than it may.
  void check_deadline();
  // A handler has been running since before the last sweep, so it is worth asking whether its client is
  // there.
  bool handling_for_long() const { return phase_ == Phase::handling && since_ < worker_.now; }
  int descriptor() { return socket_.native_handle(); }
  void client_left();
  void drain();
  // The time for draining is over.
  void abort();

  // Position in the worker's list.
  std::size_t index = 0;

 private:
  enum class Phase : std::uint8_t { idle, header, body, handling, writing, lingering, web_socket };

  void enter(Phase phase);
  boost::asio::awaitable<bool> read_request();
  boost::asio::awaitable<bool> answer();
  boost::asio::awaitable<void> become_web_socket(const Response& response);
  boost::asio::awaitable<bool> send(const Response& response, bool keep_alive);
  boost::asio::awaitable<bool> write(std::string_view head, std::string_view body);
  boost::asio::awaitable<bool> refuse(unsigned status, std::string_view reason);
  boost::asio::awaitable<void> linger();
  void identify(Request& request);
  std::string_view unread() const { return std::string_view(input_).substr(begin_, end_ - begin_); }
  void make_room();
  void reset_peer();

  WorkerState& worker_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::cancellation_signal signal_;
  RequestParser parser_;
  Phase phase_ = Phase::idle;
  Clock::time_point since_;
  Clock::time_point deadline_;
  bool overdue_ = false;    // deadline_ has passed and the pending operation was cancelled
  bool cancelled_ = false;  // the handler was
  bool continue_sent_ = false;
  // Received and not yet parsed: [begin_, end_).
  std::string input_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string output_;
  std::unique_ptr<WebSocket> web_socket_;
  std::string remote_address_;
  bool remote_is_loopback_ = false;
  std::string generated_id_;
};

}  // namespace tenon::net
