// A WebSocket connection (RFC 6455) after its handshake: text messages in, text messages out. What it sends
// is queued, so several operations may share one socket; the queue is bounded, so a client that does not read
// costs no more than that.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/limits.h"
#include "net/http_message.h"

namespace tenon::net {

class WebSocket {
 public:
  WebSocket(boost::asio::ip::tcp::socket socket, const base::HttpLimits& limits);
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  // Whether a request asks for this upgrade. What else it must hold is checked by accept().
  static bool is_upgrade(const Request& request);

  // Answers the handshake. False when it was refused or the client is gone.
  boost::asio::awaitable<bool> accept(const Request& request, std::string_view protocol);

  struct Message {
    std::string text;
    bool binary = false;
  };
  // The next message; nullopt when the connection is over, whoever ended it. One reader at a time.
  boost::asio::awaitable<std::optional<Message>> read();

  // Takes its turn behind what was sent before. A client that lets too much pile up is cut off.
  void send(std::string text);
  // Sends a close frame behind what was sent before; nothing can be sent any more.
  void close(std::uint16_t code, std::string_view reason);
  // Ends the connection at once.
  void abort();

  boost::asio::any_io_executor executor();

 private:
  struct Stream;
  static void write_next(std::shared_ptr<Stream> stream);

  std::shared_ptr<Stream> stream_;  // shared with its pending operations
};

}  // namespace tenon::net
