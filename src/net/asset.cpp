#include "net/asset.h"

#include "base/hash.h"
#include "net/gzip.h"

namespace tenon::net {

namespace {

constexpr std::size_t unpacked_bytes_max = 64'000'000;

}  // namespace

std::string etag_of(std::string_view content) {
  const auto hash = base::sha256(content);
  return '"' + base::hex({reinterpret_cast<const char*>(hash.data()), 16}) + '"';
}

bool none_match_names(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    const std::size_t comma = if_none_match.find(',');
    std::string_view candidate = if_none_match.substr(0, comma);
    if_none_match = comma == std::string_view::npos ? std::string_view() : if_none_match.substr(comma + 1);
    while (candidate.starts_with(' ')) candidate.remove_prefix(1);
    while (candidate.ends_with(' ')) candidate.remove_suffix(1);
    if (candidate.starts_with("W/")) candidate.remove_prefix(2);
    if (candidate == etag || candidate == "*") return true;
  }
  return false;
}

Response serve_asset(const Request& request, const Asset& asset) {
  Response response;
  if (request.method != Method::get && request.method != Method::head) {
    response.status = 405;
    response.add_header("allow", "GET, HEAD");
    return response;
  }
  response.gzip_allowed = false;
  response.add_header("etag", asset.etag)
      .add_header("cache-control", "no-cache")
      .add_header("vary", "accept-encoding")
      .add_header("x-content-type-options", "nosniff");
  if (none_match_names(request.header("if-none-match"), asset.etag)) {
    response.status = 304;
    return response;
  }
  response.content_type = asset.content_type;
  if (accepts_gzip(request.header("accept-encoding"))) {
    response.add_header("content-encoding", "gzip");
    response.static_body = asset.gzipped;
  } else {
    response.body = gunzip(asset.gzipped, unpacked_bytes_max).value_or("");
  }
  return response;
}

}  // namespace tenon::net
