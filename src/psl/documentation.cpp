#include "psl/documentation.h"

#include <algorithm>

namespace tenon::psl {

void append_documentation(std::string& documentation, TokenKind kind, std::string_view comment) {
  if (kind == TokenKind::doc_comment) {
    comment.remove_prefix(3);
    if (comment.starts_with(' ')) comment.remove_prefix(1);
  } else if (kind == TokenKind::block_comment) {
    comment.remove_prefix(2);
    if (comment.ends_with("*/")) comment.remove_suffix(2);
    constexpr std::string_view blanks = " \t\r\n";
    comment.remove_prefix(std::min(comment.find_first_not_of(blanks), comment.size()));
    comment = comment.substr(0, comment.find_last_not_of(blanks) + 1);
  } else {
    return;
  }
  if (!documentation.empty()) documentation += '\n';
  documentation += comment;
}

}  // namespace tenon::psl
