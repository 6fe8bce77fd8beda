#include "net/websocket.h"

#include <deque>

#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "base/limits.h"
#include "net/as_result.h"

namespace tenon::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

beast::string_view beast_view(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

struct WebSocket::Stream {
  explicit Stream(tcp::socket socket) : socket(std::move(socket)) {}

  websocket::stream<tcp::socket> socket;
  beast::flat_buffer input;
  std::deque<std::string> queue;  // the first is being written while `writing`
  std::size_t queued_bytes = 0;
  bool writing = false;
  bool closing = false;  // no more can be sent
  std::optional<websocket::close_reason> close_reason;

  void cut() {
    closing = true;
    error_code ignored;
    socket.next_layer().close(ignored);
  }
};

WebSocket::WebSocket(tcp::socket socket, const base::HttpLimits& limits)
    : stream_(std::make_shared<Stream>(std::move(socket))) {
  websocket::stream_base::timeout timeout{.handshake_timeout = base::socket_handshake_timeout,
                                          .idle_timeout = base::socket_silence_max,
                                          .keep_alive_pings = true};
  stream_->socket.set_option(timeout);
  stream_->socket.read_message_max(limits.body_bytes_max);
  stream_->socket.text(true);
}

WebSocket::~WebSocket() { abort(); }

bool WebSocket::is_upgrade(const Request& request) {
  return request.method == Method::get && equal_ignoring_case(request.header("upgrade"), "websocket");
}

asio::awaitable<bool> WebSocket::accept(const Request& request, std::string_view protocol) {
  beast::http::request<beast::http::empty_body> handshake;
  handshake.method(beast::http::verb::get);
  handshake.version(request.http_1_0 ? 10 : 11);
  handshake.target(beast_view(request.target));
  for (const Header& header : request.headers) {
    handshake.insert(beast_view(header.name), beast_view(header.value));
  }
  stream_->socket.set_option(websocket::stream_base::decorator(
      [protocol = std::string(protocol)](websocket::response_type& response) {
        response.set(beast::http::field::sec_websocket_protocol, protocol);
      }));
  const auto [error] = co_await stream_->socket.async_accept(handshake, as_result);
  co_return !error;
}

asio::awaitable<std::optional<WebSocket::Message>> WebSocket::read() {
  const auto stream = stream_;
  const auto [error, size] = co_await stream->socket.async_read(stream->input, as_result);
  if (error) co_return std::nullopt;
  Message message{.text = beast::buffers_to_string(stream->input.data()),
                  .binary = stream->socket.got_binary()};
  stream->input.consume(size);
  co_return message;
}

void WebSocket::send(std::string text) {
  if (stream_->closing) return;
  stream_->queued_bytes += text.size();
  if (stream_->writing &&
      stream_->queued_bytes > base::socket_queued_bytes_max + stream_->queue.front().size()) {
    return stream_->cut();
  }
  stream_->queue.push_back(std::move(text));
  if (!stream_->writing) write_next(stream_);
}

void WebSocket::close(std::uint16_t code, std::string_view reason) {
  if (stream_->closing) return;
  stream_->closing = true;
  stream_->close_reason =
      websocket::close_reason(static_cast<websocket::close_code>(code), beast_view(reason));
  if (!stream_->writing) write_next(stream_);
}

void WebSocket::write_next(std::shared_ptr<Stream> stream) {
  Stream& next = *stream;
  if (!next.queue.empty()) {
    next.writing = true;
    const auto buffer = asio::buffer(next.queue.front());
    next.socket.async_write(buffer, [stream = std::move(stream)](error_code error, std::size_t) mutable {
      stream->writing = false;
      stream->queued_bytes -= stream->queue.front().size();
      stream->queue.pop_front();
      if (error) return stream->cut();
      write_next(std::move(stream));
    });
  } else if (next.close_reason) {
    next.writing = true;
    next.socket.async_close(*next.close_reason, [stream = std::move(stream)](error_code) { stream->cut(); });
  }
}

void WebSocket::abort() { stream_->cut(); }

asio::any_io_executor WebSocket::executor() { return stream_->socket.get_executor(); }

}  // namespace tenon::net
