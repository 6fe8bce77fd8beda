// One block of a schema file, printed.
#pragma once

#include <string>

#include "base/source.h"
#include "psl/format/format.h"
#include "psl/tree.h"

namespace tenon::psl::format {

// The tokens of a tree, read from front to back.
class TokenCursor {
 public:
  TokenCursor(const base::SourceSet& sources, const Tree& tree)
      : text_(sources.text(tree.source)), tokens_(tree.tokens) {}

  std::string_view text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  // Goes on to the first token that begins at `offset` or later; never back.
  void skip_to(std::uint32_t offset) {
    while (tokens_[at_].kind != TokenKind::end && tokens_[at_].begin < offset) ++at_;
  }
  const Token& token() const { return tokens_[at_]; }
  void advance() {
    if (tokens_[at_].kind != TokenKind::end) ++at_;
  }
  bool at_line_end() const { return token().kind == TokenKind::newline || token().kind == TokenKind::end; }
  bool at_comment() const {
    return token().kind == TokenKind::comment || token().kind == TokenKind::doc_comment ||
           token().kind == TokenKind::block_comment;
  }
  // The rest of the line, without white space at its ends.
  std::string_view rest_of_line();

 private:
  std::string_view text_;
  const std::vector<Token>& tokens_;
  std::size_t at_ = 0;
};

// The lines of every comment within `span`.
void append_comments(std::vector<std::string>& lines, TokenCursor& cursor, const base::Span& span);

// Appends the block, from its keyword to the newline behind its closing brace.
void append_block(std::string& out, const base::SourceSet& sources, const Block& block, TokenCursor& cursor,
                  const FormatOptions& options);

}  // namespace tenon::psl::format
