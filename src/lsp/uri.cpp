#include "lsp/uri.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace tenon::lsp {

namespace {

bool stays(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~/").contains(c);
}

}  // namespace

std::string path_of_uri(std::string_view uri) {
  constexpr std::string_view scheme = "file://";
  if (!uri.starts_with(scheme)) return std::string(uri);
  std::string_view rest = uri.substr(scheme.size());
  rest.remove_prefix(std::min(rest.find('/'), rest.size()));  // a host, which can only be this one
  std::string path;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    unsigned value = 0;
    if (rest[i] == '%' && i + 2 < rest.size()) {
      const auto [end, error] = std::from_chars(rest.data() + i + 1, rest.data() + i + 3, value, 16);
      if (error == std::errc{} && end == rest.data() + i + 3) {
        path += static_cast<char>(value);
        i += 2;
        continue;
      }
    }
    path += rest[i];
  }
  return path;
}

std::string uri_of_path(std::string_view path) {
  if (!path.starts_with('/')) return std::string(path);
  std::string uri = "file://";
  for (const char c : path) {
    if (stays(c))
      uri += c;
    else
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

}  // namespace tenon::lsp
