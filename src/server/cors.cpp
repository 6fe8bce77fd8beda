#include "server/cors.h"

#include <algorithm>

namespace tenon::server {

namespace {

constexpr std::string_view preflight_seconds = "7200";  // the longest that browsers agree on

}  // namespace

bool is_local_host(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    const std::string_view port = host.substr(colon + 1);
    if (!std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; })) return false;
    host = host.substr(0, colon);
  }
  return net::equal_ignoring_case(host, "localhost") || host == "127.0.0.1" || host == "[::1]" ||
         host.ends_with(".localhost");
}

bool Cors::allows(std::string_view origin) const {
  if (origin.empty()) return false;
  if (options_.any_local_origin) {
    const std::size_t scheme = origin.starts_with("http://") ? 7 : origin.starts_with("https://") ? 8 : 0;
    if (scheme != 0 && is_local_host(origin.substr(scheme))) return true;
  }
  return std::any_of(options_.origins.begin(), options_.origins.end(), [&](const std::string& allowed) {
    return allowed == "*" || net::equal_ignoring_case(allowed, origin);
  });
}

bool Cors::is_preflight(const net::Request& request) {
  return request.method == net::Method::options && !request.header("origin").empty() &&
         !request.header("access-control-request-method").empty();
}

net::Response Cors::preflight(const net::Request& request) const {
  net::Response response{.status = 204};
  response.add_header("vary", "origin, access-control-request-headers");
  const std::string_view origin = request.header("origin");
  if (!allows(origin)) return response;
  response.add_header("access-control-allow-origin", origin);
  response.add_header("access-control-allow-methods", "GET, POST");
  if (const auto headers = request.header("access-control-request-headers"); !headers.empty()) {
    response.add_header("access-control-allow-headers", headers);
  }
  response.add_header("access-control-max-age", preflight_seconds);
  return response;
}

void Cors::admit(const net::Request& request, net::Response& response) const {
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return;
  response.add_header("vary", "origin");
  if (!allows(origin)) return;
  response.add_header("access-control-allow-origin", origin);
  response.add_header("access-control-expose-headers", "x-request-id, x-amzn-errortype, retry-after");
}

}  // namespace tenon::server
