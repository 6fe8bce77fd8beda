#include "sql/script.h"

#include <algorithm>

namespace tenon::sql {

namespace {

// The first byte of a UTF-8 character.
bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

}  // namespace

ScriptPlace place_in(std::string_view script, std::size_t offset) {
  const std::string_view before = script.substr(0, offset);
  const std::size_t line_break = before.rfind('\n');
  const std::string_view line = line_break == std::string_view::npos ? before : before.substr(line_break + 1);
  return {.line = static_cast<std::uint32_t>(std::ranges::count(before, '\n')) + 1,
          .column = static_cast<std::uint32_t>(std::ranges::count_if(line, starts_character)) + 1};
}

std::size_t byte_of_character(std::string_view text, std::uint32_t position) {
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (starts_character(text[i]) && ++seen == position) return i;
  return text.size();
}

}  // namespace tenon::sql
