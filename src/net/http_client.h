// One HTTP/1.1 exchange with a server named by the configuration, with TLS: keys of issuers, a custom
// authorizer, a collector of traces. A connection for each exchange, no redirects, everything bounded.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/error.h"
#include "net/http_message.h"

namespace boost::asio::ssl {
class context;
}

namespace tenon::net {

struct HttpUrl {
  bool tls = false;
  std::string host;  // an IPv6 address without its brackets
  std::string port;
  std::string target;  // path and query, beginning with /

  // As the Host header has it.
  std::string authority() const;
  bool is_loopback() const;  // localhost, 127.0.0.1, ::1
};

// http:// and https://, without user and fragment. TN1001 says what is wrong with "the `what`".
base::Result<HttpUrl> parse_http_url(std::string_view url, std::string_view what = "URL");

// Whom to trust: the system's authorities, or those of a PEM text instead. TN1001 when that has none.
using TlsTrust = std::shared_ptr<boost::asio::ssl::context>;
base::Result<TlsTrust> trust_system();
base::Result<TlsTrust> trust_only(std::string_view pem);

struct ClientRequest {
  Method method = Method::get;  // or post
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds timeout{};  // for all of it
  std::size_t answer_bytes_max = 0;     // of the answer's body
};

struct ClientAnswer {
  unsigned status = 0;
  std::string body;
};

// Fails with TN5004, whose message names the host and no path.
boost::asio::awaitable<base::Result<ClientAnswer>> http_exchange(HttpUrl url, ClientRequest request,
                                                                 TlsTrust trust);

}  // namespace tenon::net
