// One HTTP request and its answer as plain values. The views of a Request point into its connection's buffers
// and are valid until the handler has returned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace tenon::net {

class WebSocket;

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };

struct Header {
  std::string_view name;
  std::string_view value;
};

struct Request {
  Method method = Method::other;
  std::string_view target;  // as sent
  std::string_view path;    // up to the first '?', not decoded; "*" for `OPTIONS *`
  std::string_view query;   // after it, not decoded; see url_decoding.h
  std::vector<Header> headers;
  std::string_view body;
  std::string_view id;              // the client's x-request-id when it is sane, else generated
  std::string_view remote_address;  // numeric
  bool remote_is_loopback = false;
  bool http_1_0 = false;
  bool keep_alive = true;  // what the client wants

  // The first header of that name, in any case; empty when absent.
  std::string_view header(std::string_view name) const;
  std::size_t header_count(std::string_view name) const;
};

// What a WebSocket connection does from its opening on; it ends when this returns.
using WebSocketHandler = std::function<boost::asio::awaitable<void>(WebSocket&)>;

struct Response {
  unsigned status = 200;
  std::string_view content_type;  // of static text; empty: none is sent
  std::string body;
  std::string_view static_body;  // sent when not empty, instead of `body`; outlives the server
  std::string header_lines;      // see add_header
  bool gzip_allowed = true;      // false: already compressed, or holds a secret beside chosen text
  bool close = false;            // the connection ends after this answer

  // Set to answer an upgrade request: the connection becomes a WebSocket speaking this subprotocol.
  WebSocketHandler web_socket;
  std::string_view web_socket_protocol;

  // Control characters in `value` are dropped: text of a client cannot begin a header of its own.
  Response& add_header(std::string_view name, std::string_view value);
  std::string_view content() const { return static_body.empty() ? std::string_view(body) : static_body; }
};

// Letters of ASCII compared without case.
bool equal_ignoring_case(std::string_view a, std::string_view b);

std::string_view reason_phrase(unsigned status);

// What the connection itself knows about an answer, for its head.
struct HeadContext {
  std::string_view date;  // IMF-fixdate
  std::string_view request_id;
  std::size_t content_length = 0;
  bool close = false;
  bool http_1_0 = false;
  bool gzipped = false;  // the content
  bool varies = false;   // it would have been compressed for another client
};

// Appends status line and header, blank line included.
void append_head(std::string& out, const Response& response, const HeadContext& context);

}  // namespace tenon::net
