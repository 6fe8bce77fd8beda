// Bytes in the two forms that defaults of bytes have: base64 in the schema language (RFC 4648, section 4),
// `\x` and hexadecimal digits in PostgreSQL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tenon::psl {

std::string encode_base64(std::string_view bytes);
std::optional<std::string> decode_base64(std::string_view text);

// `\x6869`; nullopt when the text is anything else.
std::optional<std::string> decode_hex_bytes(std::string_view text);
std::string encode_hex_bytes(std::string_view bytes);

}  // namespace tenon::psl
