#include "psl/lexer.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"

namespace tenon::psl {

namespace {

using base::is_digit;
// Letters outside ASCII are UTF-8 sequences; every byte of them counts as part of the word.
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    while (at_ < text_.size()) {
      const std::size_t begin = at_;
      const TokenKind kind = next();
      tokens.push_back(
          {.kind = kind, .begin = static_cast<std::uint32_t>(begin), .end = static_cast<std::uint32_t>(at_)});
    }
    const auto size = static_cast<std::uint32_t>(text_.size());
    tokens.push_back({.kind = TokenKind::end, .begin = size, .end = size});
    return tokens;
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool starts_with(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }

  TokenKind next() {
    const char c = peek();
    if (const std::size_t space = space_length()) return skip_spaces(space);
    if (c == '\n' || c == '\r') return newline();
    if (c == '/') return slash();
    if (c == '"') return string();
    if (c == '@') return at_sign();
    if (is_digit(c) || (c == '-' && is_digit(peek(1)))) return number_or_word();
    if (is_word(c) && c != '-') return word();
    ++at_;
    return std::string_view("{}()[],:=.?!").find(c) != std::string_view::npos ? TokenKind::symbol
                                                                              : TokenKind::unknown;
  }

  // Tab and the characters of Unicode's category Zs; 0 when the next character is not one of them.
  std::size_t space_length() const {
    if (peek() == ' ' || peek() == '\t') return 1;
    if (starts_with("\xC2\xA0")) return 2;                                     // U+00A0
    if (starts_with("\xE1\x9A\x80") || starts_with("\xE3\x80\x80")) return 3;  // U+1680, U+3000
    if (starts_with("\xE2\x80\xAF") || starts_with("\xE2\x81\x9F")) return 3;  // U+202F, U+205F
    if (starts_with("\xE2\x80") && static_cast<unsigned char>(peek(2)) >= 0x80 &&
        static_cast<unsigned char>(peek(2)) <= 0x8A)
      return 3;  // U+2000 to U+200A
    return 0;
  }

  TokenKind skip_spaces(std::size_t length) {
    for (; length > 0; length = space_length()) at_ += length;
    return TokenKind::whitespace;
  }

  TokenKind newline() {
    at_ += starts_with("\r\n") ? 2 : 1;
    return TokenKind::newline;
  }

  TokenKind slash() {
    if (starts_with("/*") && may_close_comment_) {
      const std::size_t close = text_.find("*/", at_ + 2);
      may_close_comment_ = close != std::string_view::npos;
      if (may_close_comment_) {
        at_ = close + 2;
        return TokenKind::block_comment;
      }
    }
    if (!starts_with("//")) {
      ++at_;
      return TokenKind::unknown;
    }
    const TokenKind kind = starts_with("///") ? TokenKind::doc_comment : TokenKind::comment;
    const std::size_t line_end = text_.find_first_of("\r\n", at_);
    at_ = line_end == std::string_view::npos ? text_.size() : line_end;
    return kind;
  }

  TokenKind string() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (peek() == '"') {
        ++at_;
        return TokenKind::string;
      }
      if (static_cast<unsigned char>(peek()) < 0x20) break;
      if (peek() == '\\' && peek(1) != '\n' && peek(1) != '\r' && at_ + 1 < text_.size()) ++at_;
    }
    return TokenKind::broken_string;
  }

  TokenKind at_sign() {
    const bool is_pair = starts_with("@@");
    at_ += is_pair ? 2 : 1;
    return is_pair ? TokenKind::at_at : TokenKind::at;
  }

  // Names do not begin with an underscore.
  TokenKind word() {
    const bool is_name = peek() != '_';
    while (at_ < text_.size() && is_word(peek()) && space_length() == 0) ++at_;
    return is_name ? TokenKind::identifier : TokenKind::unknown;
  }

  TokenKind number_or_word() {
    const std::size_t begin = at_;
    if (peek() == '-') ++at_;
    while (is_digit(peek())) ++at_;
    if (text_[begin] != '-' && is_word(peek()) && space_length() == 0) return word();
    if (peek() == '.' && is_digit(peek(1))) {
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    return TokenKind::number;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool may_close_comment_ = true;  // false once no */ was found ahead: looked for once only
};

// The four hexadecimal digits at `at`, or -1.
std::int32_t hex4(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  std::int32_t value = 0;
  for (const char c : text.substr(at, 4)) {
    const std::size_t digit = std::string_view("0123456789abcdefABCDEF").find(c);
    if (digit == std::string_view::npos) return -1;
    value = value * 16 + static_cast<std::int32_t>(digit > 15 ? digit - 6 : digit);
  }
  return value;
}

// The digits of a \u escape that begins at `at` (the position of the u), up to four.
std::size_t hex_digits(std::string_view text, std::size_t at) {
  const std::size_t end = text.substr(0, at + 5).find_first_not_of("0123456789abcdefABCDEF", at + 1);
  return std::min(end, std::min(text.size(), at + 5)) - at - 1;
}

struct Decoded {
  std::size_t length = 0;  // characters after the backslash
  bool valid = false;
};

// Appends the character of the \u escape at `at` (the position of the u).
Decoded decode_unicode(std::string& out, std::string_view body, std::size_t at) {
  const std::int32_t first = hex4(body, at + 1);
  if (first < 0) return {.length = 1 + hex_digits(body, at), .valid = false};
  if (first < 0xD800 || first >= 0xE000) {
    base::append_utf8(out, static_cast<char32_t>(first));
    return {.length = 5, .valid = true};
  }
  if (!body.substr(at + 5).starts_with("\\u")) return {.length = 5, .valid = false};
  const std::int32_t second = hex4(body, at + 7);
  if (first >= 0xDC00 || second < 0xDC00 || second >= 0xE000)
    return {.length = 7 + hex_digits(body, at + 6), .valid = false};
  base::append_utf8(out, static_cast<char32_t>(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)));
  return {.length = 11, .valid = true};
}

constexpr std::array<std::string_view, 8> simple_escapes{"\"\"", "\\\\", "//",  "b\b",
                                                         "f\f",  "n\n",  "r\r", "t\t"};

}  // namespace

std::vector<Token> tokenize(std::string_view text) { return Lexer(text).run(); }

std::string decode_string(std::string_view literal, std::vector<BadEscape>* bad_escapes) {
  if (literal.size() < 2) return {};
  const std::string_view body = literal.substr(1, literal.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\' || i + 1 >= body.size()) {
      out += body[i];
      continue;
    }
    const char escape = body[i + 1];
    Decoded decoded{.length = 1, .valid = false};
    for (const std::string_view pair : simple_escapes)
      if (pair[0] == escape) {
        out += pair[1];
        decoded.valid = true;
      }
    if (escape == 'u') decoded = decode_unicode(out, body, i + 1);
    if (!decoded.valid) {
      if (bad_escapes != nullptr)
        bad_escapes->push_back({.begin = static_cast<std::uint32_t>(i + 1),
                                .length = static_cast<std::uint32_t>(decoded.length + 1),
                                .is_unicode = escape == 'u'});
      out += body.substr(i, decoded.length + 1);
    }
    i += decoded.length;
  }
  return out;
}

std::string encode_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        else
          out += c;
    }
  }
  return out + '"';
}

}  // namespace tenon::psl
