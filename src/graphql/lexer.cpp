#include "graphql/lexer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "graphql/name.h"
#include "graphql/string_literal.h"

namespace tenon::graphql {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

using base::is_digit;
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// The value of hexadecimal digits; nullopt when one of them is none.
std::optional<std::uint32_t> read_hex(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    if (!is_hex(c)) return std::nullopt;
    value = value << 4U | static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

}  // namespace

std::string_view to_string(TokenKind kind) {
  switch (kind) {
    case TokenKind::end:
      return "<EOF>";
    case TokenKind::failed:
      return "<invalid>";
    case TokenKind::bang:
      return R"("!")";
    case TokenKind::dollar:
      return R"("$")";
    case TokenKind::amp:
      return R"("&")";
    case TokenKind::paren_l:
      return R"x("(")x";
    case TokenKind::paren_r:
      return R"x(")")x";
    case TokenKind::spread:
      return R"("...")";
    case TokenKind::colon:
      return R"(":")";
    case TokenKind::equals:
      return R"("=")";
    case TokenKind::at:
      return R"("@")";
    case TokenKind::bracket_l:
      return R"("[")";
    case TokenKind::bracket_r:
      return R"("]")";
    case TokenKind::brace_l:
      return R"("{")";
    case TokenKind::pipe:
      return R"("|")";
    case TokenKind::brace_r:
      return R"("}")";
    case TokenKind::name:
      return "Name";
    case TokenKind::int_:
      return "Int";
    case TokenKind::float_:
      return "Float";
    case TokenKind::string:
      return "String";
    case TokenKind::block_string:
      return "BlockString";
  }
  std::unreachable();
}

std::string describe(const Token& token) {
  const std::string_view kind = to_string(token.kind);
  if (token.kind < TokenKind::name) return std::string(kind);
  return fmt::format("{} \"{}\"", kind, string_value(token));
}

std::string string_value(const Token& token) {
  if (token.plain) return std::string(token.text);
  return token.kind == TokenKind::block_string ? block_string_value(token.text) : string_value(token.text);
}

Token Lexer::next() {
  if (!failure_.message.empty()) return fail_token();
  skip_ignored();
  if (at_ >= text_.size()) return {.offset = static_cast<Offset>(text_.size())};

  const char c = text_[at_];
  if (is_name_start(c)) return name();
  switch (c) {
    case '!':
      return punctuator(TokenKind::bang, 1);
    case '$':
      return punctuator(TokenKind::dollar, 1);
    case '&':
      return punctuator(TokenKind::amp, 1);
    case '(':
      return punctuator(TokenKind::paren_l, 1);
    case ')':
      return punctuator(TokenKind::paren_r, 1);
    case '.':
      return text_.substr(at_, 3) == "..." ? punctuator(TokenKind::spread, 3) : unexpected_character();
    case ':':
      return punctuator(TokenKind::colon, 1);
    case '=':
      return punctuator(TokenKind::equals, 1);
    case '@':
      return punctuator(TokenKind::at, 1);
    case '[':
      return punctuator(TokenKind::bracket_l, 1);
    case ']':
      return punctuator(TokenKind::bracket_r, 1);
    case '{':
      return punctuator(TokenKind::brace_l, 1);
    case '|':
      return punctuator(TokenKind::pipe, 1);
    case '}':
      return punctuator(TokenKind::brace_r, 1);
    case '"':
      return text_.substr(at_, 3) == R"(""")" ? block_string() : string();
    default:
      return is_digit(c) || c == '-' ? number() : unexpected_character();
  }
}

void Lexer::skip_ignored() {
  while (at_ < text_.size()) {
    switch (text_[at_]) {
      case ' ':
      case '\t':
      case '\n':
      case '\r':
      case ',':
        ++at_;
        break;
      case '#':
        at_ = std::min(text_.find_first_of("\n\r", at_), text_.size());
        break;
      default:
        if (!text_.substr(at_).starts_with(byte_order_mark)) return;
        at_ += byte_order_mark.size();
    }
  }
}

Token Lexer::take(TokenKind kind, std::size_t end) {
  const Token token{.kind = kind, .offset = static_cast<Offset>(at_), .text = text_.substr(at_, end - at_)};
  at_ = end;
  return token;
}

Token Lexer::punctuator(TokenKind kind, std::size_t size) { return take(kind, at_ + size); }

Token Lexer::name() {
  std::size_t end = at_ + 1;
  while (is_name_continue(peek(end))) ++end;
  return take(TokenKind::name, end);
}

Token Lexer::number() {
  std::size_t end = at_;
  if (peek(end) == '-') ++end;
  if (peek(end) == '0') {
    ++end;
    if (is_digit(peek(end))) {
      return fail(end, fmt::format("Invalid number, unexpected digit after 0: {}.", describe_character(end)));
    }
  } else if ((end = skip_digits(end)) == 0) {
    return fail_token();
  }

  TokenKind kind = TokenKind::int_;
  if (peek(end) == '.') {
    kind = TokenKind::float_;
    if ((end = skip_digits(end + 1)) == 0) return fail_token();
  }
  if (peek(end) == 'e' || peek(end) == 'E') {
    kind = TokenKind::float_;
    ++end;
    if (peek(end) == '+' || peek(end) == '-') ++end;
    if ((end = skip_digits(end)) == 0) return fail_token();
  }
  if (peek(end) == '.' || is_name_start(peek(end))) {
    return fail(end, fmt::format("Invalid number, expected digit but got: {}.", describe_character(end)));
  }
  return take(kind, end);
}

std::size_t Lexer::skip_digits(std::size_t at) {
  if (!is_digit(peek(at))) {
    fail(at, fmt::format("Invalid number, expected digit but got: {}.", describe_character(at)));
    return 0;
  }
  while (is_digit(peek(at))) ++at;
  return at;
}

Token Lexer::string() {
  const std::size_t begin = at_ + 1;
  bool plain = true;
  std::size_t end = begin;
  while (end < text_.size() && text_[end] != '"' && text_[end] != '\n' && text_[end] != '\r') {
    if (text_[end] != '\\') {
      ++end;
      continue;
    }
    plain = false;
    if ((end = skip_escape(end)) == 0) return fail_token();
  }
  if (peek(end) != '"') return fail(end, "Unterminated string.");

  Token token = take(TokenKind::string, end + 1);
  token.text = text_.substr(begin, end - begin);
  token.plain = plain;
  return token;
}

std::size_t Lexer::skip_escape(std::size_t at) {
  switch (peek(at + 1)) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return at + 2;
    case 'u':
      return skip_unicode_escape(at);
    default:
      fail(at, fmt::format("Invalid character escape sequence: \"\\{}\".",
                           at + 1 < text_.size() ? excerpt(at + 1, 1) : ""));
      return 0;
  }
}

// `\u00e9`, `\ud83d\ude00` or `\u{1F600}`.
std::size_t Lexer::skip_unicode_escape(std::size_t at) {
  constexpr std::size_t braced_digits_max = 8;
  if (peek(at + 2) == '{') {
    std::size_t close = at + 3;
    while (is_hex(peek(close)) && close - at - 3 < braced_digits_max) ++close;
    const std::string_view digits = text_.substr(at + 3, close - at - 3);
    if (peek(close) == '}' && !digits.empty() && base::is_scalar_value(*read_hex(digits))) return close + 1;
    return fail_escape(at, close - at + 1);
  }

  const auto unit = [&](std::size_t digits) -> std::optional<std::uint32_t> {
    if (digits + 4 > text_.size()) return std::nullopt;
    return read_hex(text_.substr(digits, 4));
  };
  constexpr std::size_t size = 6;
  const std::optional<std::uint32_t> leading = unit(at + 2);
  if (leading && base::is_scalar_value(*leading)) return at + size;
  if (leading && *leading < 0xDC00 && text_.substr(at + size, 2) == "\\u") {
    const std::optional<std::uint32_t> trailing = unit(at + size + 2);
    if (trailing && *trailing >= 0xDC00 && *trailing < 0xE000) return at + 2 * size;
  }
  return fail_escape(at, size);
}

Token Lexer::block_string() {
  const std::size_t begin = at_ + 3;
  bool plain = true;
  for (std::size_t end = begin; end < text_.size(); ++end) {
    const char c = text_[end];
    if (c == '"' && text_.substr(end, 3) == R"(""")") {
      Token token = take(TokenKind::block_string, end + 3);
      token.text = text_.substr(begin, end - begin);
      // One line that is not blank is its own value.
      token.plain = plain && token.text.find_first_not_of(" \t") != std::string_view::npos;
      return token;
    }
    if (c == '\n' || c == '\r') plain = false;
    if (c == '\\' && text_.substr(end, 4) == R"(\""")") {
      plain = false;
      end += 3;
    }
  }
  return fail(text_.size(), "Unterminated string.");
}

Token Lexer::unexpected_character() {
  if (text_[at_] == '\'') {
    return fail(at_, "Unexpected single quote character ('), did you mean to use a double quote (\")?");
  }
  return fail(at_, fmt::format("Unexpected character: {}.", describe_character(at_)));
}

std::string Lexer::describe_character(std::size_t offset) const {
  if (offset >= text_.size()) return std::string(to_string(TokenKind::end));
  const char32_t code_point = base::code_point_at(text_, offset);
  if (code_point == '"') return "'\"'";
  if (code_point >= 0x20 && code_point <= 0x7E) return fmt::format("\"{}\"", static_cast<char>(code_point));
  return fmt::format("U+{:04X}", static_cast<std::uint32_t>(code_point));
}

// Up to `characters` whole characters, for a message.
std::string_view Lexer::excerpt(std::size_t offset, std::size_t characters) const {
  std::size_t end = offset;
  for (; characters > 0 && end < text_.size(); --characters) {
    ++end;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) ++end;
  }
  return text_.substr(offset, end - offset);
}

std::size_t Lexer::fail_escape(std::size_t at, std::size_t characters) {
  fail(at, fmt::format("Invalid Unicode escape sequence: \"{}\".", excerpt(at, characters)));
  return 0;
}

Token Lexer::fail(std::size_t offset, std::string message) {
  failure_ = {.offset = static_cast<Offset>(offset), .message = std::move(message)};
  return fail_token();
}

Token Lexer::fail_token() const { return {.kind = TokenKind::failed, .offset = failure_.offset}; }

}  // namespace tenon::graphql
