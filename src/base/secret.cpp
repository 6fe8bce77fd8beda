#include "base/secret.h"

#include <algorithm>

#include <openssl/crypto.h>

#include "base/ascii.h"

namespace tenon::base {

Secret::~Secret() { OPENSSL_cleanse(text_.data(), text_.size()); }

bool Secret::equals(std::string_view other) const {
  return text_.size() == other.size() && CRYPTO_memcmp(text_.data(), other.data(), text_.size()) == 0;
}

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

// The end of a value of libpq's key=value form: quoted, or up to a space; a backslash takes the next
// character.
std::size_t end_of_setting(std::string_view text, std::size_t begin) {
  const bool quoted = begin < text.size() && text[begin] == '\'';
  for (std::size_t i = begin + (quoted ? 1 : 0); i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (quoted && text[i] == '\'') {
      return i + 1;
    } else if (!quoted && is_space(text[i])) {
      return i;
    }
  }
  return text.size();
}

// Where the value of the next `password =` from `from` on begins; also of sslpassword and in capitals.
std::size_t find_password(std::string_view text, std::size_t from) {
  constexpr std::string_view key = "password";
  for (std::size_t i = from; i + key.size() < text.size(); ++i) {
    std::size_t at = 0;
    while (at < key.size() && lower(text[i + at]) == key[at]) ++at;
    if (at < key.size()) continue;
    for (at += i; at < text.size() && is_space(text[at]); ++at) {
    }
    if (at == text.size() || text[at] != '=') continue;
    for (++at; at < text.size() && is_space(text[at]); ++at) {
    }
    return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::string redact_url(std::string_view url) {
  std::string safe(url);
  const auto scheme = safe.find("://");
  const bool is_url = scheme != std::string::npos;
  if (is_url) {
    // A password may hold an unencoded '@', '/' or '?': everything up to the last '@' is hidden, be it too
    // much.
    const auto colon = safe.find(':', scheme + 3);
    const auto at = safe.rfind('@');
    if (at != std::string::npos && colon < at) safe.replace(colon + 1, at - colon - 1, "***");
  }
  for (std::size_t value = 0; (value = find_password(safe, value)) != std::string::npos; value += 3) {
    const auto end = is_url ? std::min(safe.find('&', value), safe.size()) : end_of_setting(safe, value);
    safe.replace(value, end - value, "***");
  }
  return safe;
}

}  // namespace tenon::base
