#include "base/source.h"

#include <algorithm>

#include <fmt/format.h>

namespace tenon::base {

LineColumn line_column(std::string_view text, std::uint32_t offset) {
  return line_column(text, offset, 0, {});
}

LineColumn line_column(std::string_view text, std::uint32_t offset, std::uint32_t known_offset,
                       LineColumn known) {
  const std::size_t end = std::min<std::size_t>(offset, text.size());
  LineColumn at = known;
  for (std::size_t i = known_offset; i < end; ++i) {
    const char c = text[i];
    const bool ends_line = c == '\n' || (c == '\r' && !(i + 1 < text.size() && text[i + 1] == '\n'));
    if (ends_line) {
      ++at.line;
      at.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {  // not a UTF-8 continuation byte
      ++at.column;
    }
  }
  return at;
}

SourceId SourceSet::add(std::string path, std::string text) {
  files_.push_back({.path = std::move(path), .text = std::move(text)});
  return SourceId{static_cast<std::uint32_t>(files_.size() - 1)};
}

std::string SourceSet::place(const Span& span) const {
  const LineColumn at = position(span);
  return fmt::format("{}:{}:{}", path(span.source), at.line, at.column);
}

}  // namespace tenon::base
