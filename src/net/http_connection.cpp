#include "net/http_connection.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>

#include <boost/asio/buffer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/limits.h"
#include "net/as_result.h"
#include "net/gzip.h"

namespace tenon::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t input_bytes_initial = 4'096;
constexpr std::size_t input_bytes_body = 32'768;
// Smaller bodies are copied behind the head, larger ones are sent from where they are.
constexpr std::size_t copied_body_bytes_max = 2'048;
constexpr std::size_t kept_output_bytes = 65'536;
constexpr std::size_t compressed_bytes_min = 1'024;
constexpr std::uint16_t close_going_away = 1001;  // RFC 6455, section 7.4.1

bool is_sane_id(std::string_view id) {
  return !id.empty() && id.size() <= base::request_id_bytes_max &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  std::string_view("-_.:/+=@").find(c) != std::string_view::npos;
         });
}

bool compresses_well(std::string_view content_type) {
  return content_type.starts_with("application/") || content_type.starts_with("text/");
}

Response plain_text(unsigned status, std::string_view text) {
  Response response{.status = status, .content_type = "text/plain; charset=utf-8"};
  response.body.append(text).append("\n");
  return response;
}

}  // namespace

Connection::Connection(WorkerState& worker, tcp::socket socket)
    : worker_(worker), socket_(std::move(socket)), parser_(worker.options.limits) {
  input_.resize(input_bytes_initial);
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  const tcp::endpoint remote = socket_.remote_endpoint(ignored);
  remote_address_ = remote.address().to_string();
  remote_is_loopback_ = remote.address().is_loopback();
  enter(Phase::idle);
}

void Connection::enter(Phase phase) {
  const base::HttpLimits& limits = worker_.options.limits;
  phase_ = phase;
  since_ = worker_.now;
  overdue_ = false;
  switch (phase) {
    case Phase::idle:
      deadline_ = since_ + limits.idle_timeout;
      break;
    case Phase::header:
      deadline_ = since_ + limits.header_timeout;
      break;
    case Phase::body:
      deadline_ = since_ + limits.body_timeout;
      break;
    case Phase::writing:
      deadline_ = since_ + limits.write_timeout;
      break;
    case Phase::lingering:
      deadline_ = since_ + base::http_linger_timeout;
      break;
    case Phase::handling:    // the handler keeps its own time
    case Phase::web_socket:  // so does the WebSocket
      deadline_ = Clock::time_point::max();
      break;
  }
}

asio::awaitable<void> Connection::run() {
  co_await asio::this_coro::throw_if_cancelled(false);
  while (co_await read_request() && co_await answer()) {
  }
  error_code ignored;
  socket_.close(ignored);
}

// False when the connection is over.
asio::awaitable<bool> Connection::read_request() {
  parser_.reset();
  continue_sent_ = false;
  enter(Phase::idle);
  for (;;) {
    if (begin_ < end_) begin_ += parser_.feed(unread());
    switch (parser_.state()) {
      case RequestParser::State::complete:
        co_return true;
      case RequestParser::State::failed: {
        HttpCounters::count(worker_.counters.malformed);
        co_return co_await refuse(parser_.failure().status, parser_.failure().reason);
      }
      case RequestParser::State::start:
        if (overdue_) co_return false;  // what came in the last moment was no request
        break;
      case RequestParser::State::header:
        if (phase_ != Phase::header) enter(Phase::header);
        break;
      case RequestParser::State::body:
        if (phase_ != Phase::body) enter(Phase::body);
        if (!continue_sent_ && parser_.awaits_continue()) {
          continue_sent_ = true;
          if (!co_await write("HTTP/1.1 100 Continue\r\n\r\n", {})) co_return false;
          enter(Phase::body);
        }
        break;
    }
    make_room();
    const auto [error, size] =
        co_await socket_.async_read_some(asio::buffer(input_.data() + end_, input_.size() - end_), as_result);
    end_ += size;
    if (overdue_ && phase_ != Phase::idle) {
      co_return co_await refuse(408, "The request did not arrive in time.");
    }
    if (error) co_return false;
  }
}

// The parser refuses what does not fit the largest buffer, so there always is room for more.
void Connection::make_room() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
  } else if (begin_ > 0) {
    input_.erase(0, begin_);
    input_.resize(input_.size() + begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t wanted = phase_ == Phase::body   ? input_bytes_body
                             : end_ == input_.size() ? input_.size() * 2
                                                     : 0;
  if (wanted > input_.size()) input_.resize(wanted);
}

void Connection::identify(Request& request) {
  request.remote_address = remote_address_;
  request.remote_is_loopback = remote_is_loopback_;
  request.id = request.header("x-request-id");
  if (is_sane_id(request.id)) return;
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, worker_.next_id++, 16).ptr;
  generated_id_.assign(worker_.id_prefix).append(digits, end);
  request.id = generated_id_;
}

asio::awaitable<bool> Connection::answer() {
  Request& request = parser_.request();
  identify(request);
  enter(Phase::handling);
  Response response;
  try {
    response = co_await worker_.handler(request);
  } catch (const std::exception&) {
    response = plain_text(500, "The server failed to answer.");
    response.close = true;
  }
  if (cancelled_) {
    HttpCounters::count(worker_.counters.clients_left);
    reset_peer();
    co_return false;
  }
  if (response.web_socket) {
    co_await become_web_socket(response);
    co_return false;
  }
  const bool keep_alive = request.keep_alive && !response.close && !worker_.draining;
  if (!co_await send(response, keep_alive)) co_return false;
  // A drain that began meanwhile did not find it idle; what is pipelined has come before.
  if (keep_alive && (!worker_.draining || begin_ < end_)) co_return true;
  co_await linger();
  co_return false;
}

asio::awaitable<void> Connection::become_web_socket(const Response& response) {
  enter(Phase::web_socket);
  web_socket_ = std::make_unique<WebSocket>(std::move(socket_), worker_.options.limits);
  if (!co_await web_socket_->accept(parser_.request(), response.web_socket_protocol)) co_return;
  parser_.reset();
  input_ = std::string();
  if (worker_.draining) drain();
  co_await response.web_socket(*web_socket_);
}

asio::awaitable<bool> Connection::send(const Response& response, bool keep_alive) {
  const Request& request = parser_.request();
  std::string_view body = response.content();
  HeadContext context{.date = worker_.date, .request_id = request.id, .close = !keep_alive};
  context.http_1_0 = request.http_1_0;
  std::string compressed;
  const Compression policy = worker_.options.compression;
  if (body.size() > compressed_bytes_min && response.gzip_allowed && policy != Compression::off &&
      compresses_well(response.content_type)) {
    context.varies = true;
    if ((policy == Compression::always || !remote_is_loopback_) &&
        accepts_gzip(request.header("accept-encoding"))) {
      compressed = gzip(body);
      context.gzipped = !compressed.empty();
      if (context.gzipped) body = compressed;
    }
  }
  context.content_length = body.size();
  if (request.method == Method::head) body = {};

  if (output_.capacity() > kept_output_bytes) output_ = std::string();
  output_.clear();
  append_head(output_, response, context);
  if (body.size() <= copied_body_bytes_max) {
    output_.append(body);
    body = {};
  }
  co_return co_await write(output_, body);
}

// Tries before it waits: an answer nearly always fits the socket's buffer.
asio::awaitable<bool> Connection::write(std::string_view head, std::string_view body) {
  enter(Phase::writing);
  std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(body)};
  while (buffers[0].size() + buffers[1].size() > 0) {
    error_code error;
    const std::size_t sent = socket_.write_some(buffers, error);
    if (!error) {
      const std::size_t of_head = std::min(sent, buffers[0].size());
      buffers[0] += of_head;
      buffers[1] += sent - of_head;
      deadline_ = worker_.now + worker_.options.limits.write_timeout;
    } else if (error == asio::error::would_block || error == asio::error::try_again) {
      const auto [wait_error] = co_await socket_.async_wait(tcp::socket::wait_write, as_result);
      if (wait_error || overdue_) {
        reset_peer();
        co_return false;
      }
    } else {
      co_return false;
    }
  }
  co_return true;
}

// An answer of the server itself to what cannot be handled; always ends the connection.
asio::awaitable<bool> Connection::refuse(unsigned status, std::string_view reason) {
  const Response response = plain_text(status, reason);
  output_.clear();
  append_head(output_, response,
              {.date = worker_.date, .content_length = response.body.size(), .close = true});
  output_.append(response.body);
  if (co_await write(output_, {})) co_await linger();
  co_return false;
}

// A socket closed with unread input resets the connection, and a reset may overtake the answer: stop sending,
// then read on until the client has closed too.
asio::awaitable<void> Connection::linger() {
  enter(Phase::lingering);
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  std::size_t total = 0;
  while (!error && !overdue_ && total < base::http_linger_bytes_max) {
    std::size_t size = 0;
    std::tie(error, size) = co_await socket_.async_read_some(asio::buffer(input_), as_result);
    total += size;
  }
}

// Frees what the kernel still holds for a client that does not read.
void Connection::reset_peer() {
  error_code ignored;
  socket_.set_option(tcp::socket::linger(true, 0), ignored);
  socket_.close(ignored);
}

void Connection::check_deadline() {
  if (overdue_ || worker_.now < deadline_) return;
  overdue_ = true;
  if (phase_ != Phase::idle && phase_ != Phase::lingering) HttpCounters::count(worker_.counters.timeouts);
  error_code ignored;
  socket_.cancel(ignored);
}

void Connection::client_left() {
  if (cancelled_) return;
  cancelled_ = true;
  signal_.emit(asio::cancellation_type::terminal);
}

void Connection::drain() {
  error_code ignored;
  if (phase_ == Phase::idle) socket_.cancel(ignored);
  if (phase_ == Phase::web_socket) web_socket_->close(close_going_away, "The server is shutting down.");
}

void Connection::abort() {
  if (phase_ == Phase::handling) {
    client_left();
  } else if (phase_ == Phase::web_socket) {
    web_socket_->abort();
  } else {
    reset_peer();
  }
}

}  // namespace tenon::net
