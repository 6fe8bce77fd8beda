// Bytes as text: base64 (RFC 4648, sections 4 and 5) and hexadecimal digits, of which hash.h has the other
// way.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tenon::base {

void append_base64(std::string& out, std::string_view bytes);
std::string encode_base64(std::string_view bytes);
// nullopt for anything but base64 with its padding, without line breaks.
std::optional<std::string> decode_base64(std::string_view text);

// The alphabet that is safe in URLs, without padding.
std::string encode_base64url(std::string_view bytes);
std::optional<std::string> decode_base64url(std::string_view text);

// Pairs of hexadecimal digits of either case.
std::optional<std::string> decode_hex(std::string_view text);

}  // namespace tenon::base
