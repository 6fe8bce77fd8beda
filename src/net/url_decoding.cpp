#include "net/url_decoding.h"

namespace tenon::net {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> decode_query_text(std::string_view encoded) {
  std::string out;
  out.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] == '+') {
      out.push_back(' ');
    } else if (encoded[i] != '%') {
      out.push_back(encoded[i]);
    } else {
      if (encoded.size() - i < 3) return std::nullopt;
      const int high = hex_value(encoded[i + 1]);
      const int low = hex_value(encoded[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return out;
}

std::optional<std::vector<QueryParameter>> decode_query(std::string_view query, std::size_t parameters_max) {
  std::vector<QueryParameter> out;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    if (pair.empty()) continue;
    if (out.size() == parameters_max) return std::nullopt;
    const std::size_t equals = pair.find('=');
    auto name = decode_query_text(pair.substr(0, equals));
    auto value =
        decode_query_text(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    if (!name || !value) return std::nullopt;
    out.push_back({.name = std::move(*name), .value = std::move(*value)});
  }
  return out;
}

}  // namespace tenon::net
