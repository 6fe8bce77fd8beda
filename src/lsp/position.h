// Places as the protocol counts them: lines and UTF-16 code units, both from zero. Texts are UTF-8; bytes
// that are no UTF-8 count as one unit each.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tenon::lsp {

struct Position {
  std::uint32_t line = 0;
  std::uint32_t character = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

struct Range {
  Position start;
  Position end;
};

// Of one text, which must live as long. Making it is linear in the text, asking in one line.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);

  Position position(std::uint32_t offset) const;
  Range range(std::uint32_t begin, std::uint32_t end) const { return {position(begin), position(end)}; }
  // A place behind the end of its line or of the text means that end.
  std::uint32_t offset(Position position) const;

 private:
  std::string_view text_;
  std::vector<std::uint32_t> starts_;  // of lines, which end with LF, CR or CRLF
};

}  // namespace tenon::lsp
