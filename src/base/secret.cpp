#include "base/secret.h"

#include <algorithm>

#include <openssl/crypto.h>

namespace tenon::base {

Secret::~Secret() { OPENSSL_cleanse(text_.data(), text_.size()); }

bool Secret::equals(std::string_view other) const {
  return text_.size() == other.size() && CRYPTO_memcmp(text_.data(), other.data(), text_.size()) == 0;
}

namespace {

// The end of a value that starts at `begin`: of libpq's key=value form, quotes included.
std::size_t end_of_value(std::string_view text, std::size_t begin, std::string_view stops) {
  if (begin < text.size() && text[begin] == '\'') {
    for (std::size_t i = begin + 1; i < text.size(); ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == '\'') {
        return i + 1;
      }
    }
    return text.size();
  }
  return std::min(text.find_first_of(stops, begin), text.size());
}

}  // namespace

std::string redact_url(std::string_view url) {
  std::string safe(url);
  if (const auto scheme = safe.find("://"); scheme != std::string::npos) {
    const auto authority = scheme + 3;
    // A password may hold an unencoded '@' or '/': everything up to the last '@' before the query is hidden.
    const auto query = safe.find('?', authority);
    const auto at = safe.rfind('@', query);
    if (at != std::string::npos && at >= authority) {
      const auto colon = safe.find(':', authority);
      if (colon < at) safe.replace(colon + 1, at - colon - 1, "***");
    }
  }
  for (std::size_t from = 0;;) {
    const auto key = safe.find("password=", from);
    if (key == std::string::npos) return safe;
    const auto value = key + std::string_view("password=").size();
    safe.replace(value, end_of_value(safe, value, "& \t\n") - value, "***");
    from = value + 3;
  }
}

}  // namespace tenon::base
