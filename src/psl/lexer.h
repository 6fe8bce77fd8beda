// The words of a schema file. Nothing is dropped: the tokens of a file, put together, are its text, so that a
// formatter or an editor can work on the same tokens as the parser.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"

namespace tenon::psl {

enum class TokenKind : std::uint8_t {
  whitespace,
  newline,        // LF, CRLF or CR
  comment,        // `// …` up to the end of the line
  doc_comment,    // `/// …`
  block_comment,  // `/* … */`; without the end it is none
  identifier,     // letters, digits, _ and -; may begin with a digit, validation refuses that later
  number,
  string,         // with its quotes
  broken_string,  // no closing quote on its line, or a control character first
  at,
  at_at,
  symbol,  // one of { } ( ) [ ] , : = . ? !
  end,
  unknown,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// The last token is `end`, with an empty text. Linear in the size of `text`.
std::vector<Token> tokenize(std::string_view text);

// An escape in a string that means nothing; a place within the literal.
struct BadEscape {
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
  bool is_unicode = false;
};

// The value of a string token (quotes included). Escapes are those of JSON; those that are not known are
// kept as they are written and listed in `bad_escapes`.
std::string decode_string(std::string_view literal, std::vector<BadEscape>* bad_escapes = nullptr);

// `text` as a string literal of the language.
std::string encode_string(std::string_view text);

}  // namespace tenon::psl
