// Letters and digits as grammars know them: of ASCII alone, whatever the locale.
#pragma once

namespace tenon::base {

// One of 0 to 9.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The lower case of A to Z; every other byte as it is.
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace tenon::base
