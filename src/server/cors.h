// Cross-origin requests of browsers (the Fetch standard, "HTTP extensions"). Credentials in the sense of that
// standard (cookies) are never used here, so an allowed origin is all there is to decide.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.h"

namespace tenon::server {

struct CorsOptions {
  std::vector<std::string> origins;  // "https://app.example.com", or "*" for any
  bool any_local_origin = false;     // pages served by this machine, on any port (development)
};

class Cors {
 public:
  explicit Cors(CorsOptions options) : options_(std::move(options)) {}

  bool allows(std::string_view origin) const;
  // Whether this OPTIONS request asks for leave to send another request, and the answer to it.
  static bool is_preflight(const net::Request& request);
  net::Response preflight(const net::Request& request) const;
  // Adds to an answer what lets the page read it.
  void admit(const net::Request& request, net::Response& response) const;

 private:
  CorsOptions options_;
};

// "localhost", "127.0.0.1", "[::1]" or a name under ".localhost", with or without a port.
bool is_local_host(std::string_view host);

}  // namespace tenon::server
