// Text as Unicode: what comes from outside is to be UTF-8, what escapes name are code points.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tenon::base {

// Byte offset of the first byte that starts no well-formed sequence (RFC 3629: no overlong forms, no
// surrogates, nothing above U+10FFFF); nullopt when all of `text` is well formed.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

// The code point that starts at `offset` of well-formed text.
char32_t code_point_at(std::string_view text, std::size_t offset);

// A Unicode scalar value is a code point that is no surrogate.
constexpr bool is_scalar_value(std::uint32_t code_point) {
  return code_point < 0xD800 || (code_point >= 0xE000 && code_point <= 0x10FFFF);
}

// Requires is_scalar_value(code_point).
void append_utf8(std::string& out, char32_t code_point);

}  // namespace tenon::base
