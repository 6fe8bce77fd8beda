// Bytes to tokens (section 2.1, "Source Text", and 2.9 for literals). The parser pulls one token at a time;
// nothing is stored, and a lexer is copied to look ahead.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "graphql/ast.h"

namespace tenon::graphql {

enum class TokenKind : std::uint8_t {
  end,
  failed,  // what follows is no token; see Lexer::failure
  bang,
  dollar,
  amp,
  paren_l,
  paren_r,
  spread,
  colon,
  equals,
  at,
  bracket_l,
  bracket_r,
  brace_l,
  pipe,
  brace_r,
  name,
  int_,
  float_,
  string,
  block_string,
};

struct Token {
  TokenKind kind = TokenKind::end;
  bool plain = true;      // string kinds: the value is `text` as it is
  Offset offset = 0;      // of the first byte, opening quotes included
  std::string_view text;  // as written; string kinds: without the quotes
};

// What a kind is called in a message: `"{"`, `Name`, `<EOF>`.
std::string_view to_string(TokenKind kind);

// `Name "user"`, `"{"`, `<EOF>`.
std::string describe(const Token& token);

// The value of a string token.
std::string string_value(const Token& token);

struct LexicalFailure {
  Offset offset = 0;
  std::string message;
};

class Lexer {
 public:
  // `text` is well-formed UTF-8 (utf8.h) of less than 4 GB.
  explicit Lexer(std::string_view text) : text_(text) {}

  // The next token that is not ignored. Once it is `end` or `failed` it stays that.
  Token next();
  // Why next() answered `failed`.
  const LexicalFailure& failure() const { return failure_; }

 private:
  char peek(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }
  void skip_ignored();
  Token punctuator(TokenKind kind, std::size_t size);
  Token take(TokenKind kind, std::size_t end);
  Token name();
  Token number();
  Token string();
  Token block_string();
  // Offset behind the digits at `at`; 0 after fail() when there is none.
  std::size_t skip_digits(std::size_t at);
  // Offset behind the escape at `at`; 0 after fail() when it is malformed.
  std::size_t skip_escape(std::size_t at);
  std::size_t skip_unicode_escape(std::size_t at);
  Token unexpected_character();
  Token fail(std::size_t offset, std::string message);
  std::size_t fail_escape(std::size_t at, std::size_t characters);
  Token fail_token() const;
  std::string describe_character(std::size_t offset) const;
  std::string_view excerpt(std::size_t offset, std::size_t characters) const;

  std::string_view text_;
  std::size_t at_ = 0;
  LexicalFailure failure_;
};

}  // namespace tenon::graphql
