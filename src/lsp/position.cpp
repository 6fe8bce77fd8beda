#include "lsp/position.h"

#include <algorithm>

namespace tenon::lsp {

namespace {

// Bytes and UTF-16 units of the character that begins at `at`.
struct Step {
  std::uint32_t bytes;
  std::uint32_t units;
};

Step step(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::uint32_t bytes = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 1;
  if (at + bytes > text.size()) return {1, 1};
  for (std::uint32_t i = 1; i < bytes; ++i)
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U) return {1, 1};
  return {bytes, bytes == 4 ? 2U : 1U};
}

}  // namespace

LineIndex::LineIndex(std::string_view text) : text_(text), starts_{0} {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n' || (text[i] == '\r' && !(i + 1 < text.size() && text[i + 1] == '\n')))
      starts_.push_back(static_cast<std::uint32_t>(i + 1));
}

Position LineIndex::position(std::uint32_t offset) const {
  const auto after = std::ranges::upper_bound(starts_, offset);
  Position found{.line = static_cast<std::uint32_t>(after - starts_.begin()) - 1};
  const std::size_t end = std::min<std::size_t>(offset, text_.size());
  for (std::size_t at = *(after - 1); at < end;) {
    const Step next = step(text_, at);
    at += next.bytes;
    found.character += next.units;
  }
  return found;
}

std::uint32_t LineIndex::offset(Position position) const {
  if (position.line >= starts_.size()) return static_cast<std::uint32_t>(text_.size());
  std::size_t at = starts_[position.line];
  const std::size_t end = position.line + 1 < starts_.size() ? starts_[position.line + 1] : text_.size();
  for (std::uint32_t units = 0; at < end && units < position.character;) {
    if (text_[at] == '\n' || text_[at] == '\r') break;
    const Step next = step(text_, at);
    at += next.bytes;
    units += next.units;
  }
  return static_cast<std::uint32_t>(at);
}

}  // namespace tenon::lsp
