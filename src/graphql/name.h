// Names of the language (section 2.1.9, "Names").
#pragma once

#include <string_view>

namespace tenon::graphql {

constexpr bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

constexpr bool is_name_continue(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

// [_A-Za-z][_0-9A-Za-z]*
constexpr bool is_name(std::string_view text) {
  if (text.empty() || !is_name_start(text.front())) return false;
  for (const char c : text)
    if (!is_name_continue(c)) return false;
  return true;
}

// Reserved for introspection; a service must not use such a name (section 4).
constexpr bool is_reserved_name(std::string_view text) { return text.starts_with("__"); }

}  // namespace tenon::graphql
