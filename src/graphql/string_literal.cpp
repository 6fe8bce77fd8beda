#include "graphql/string_literal.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"

namespace tenon::graphql {

namespace {

constexpr std::string_view triple_quote = R"(""")";
constexpr std::string_view escaped_triple_quote = R"(\""")";

std::uint32_t hex_value(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    const auto digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value << 4U | static_cast<std::uint32_t>(digit);
  }
  return value;
}

// Appends the character of the `\u` escape at `at` and returns the offset behind it.
std::size_t append_unicode_escape(std::string& out, std::string_view raw, std::size_t at) {
  if (raw[at + 2] == '{') {
    const std::size_t close = raw.find('}', at);
    base::append_utf8(out, hex_value(raw.substr(at + 3, close - at - 3)));
    return close + 1;
  }
  const std::uint32_t unit = hex_value(raw.substr(at + 2, 4));
  if (base::is_scalar_value(unit)) {
    base::append_utf8(out, unit);
    return at + 6;
  }
  const std::uint32_t trailing = hex_value(raw.substr(at + 8, 4));
  base::append_utf8(out, 0x10000 + ((unit - 0xD800) << 10U) + (trailing - 0xDC00));
  return at + 12;
}

char simple_escape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;  // `"`, `\` and `/` stand for themselves
  }
}

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::size_t indentation(std::string_view line) {
  return static_cast<std::size_t>(std::ranges::find_if_not(line, is_blank) - line.begin());
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n' && text[i] != '\r') continue;
    lines.push_back(text.substr(begin, i - begin));
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    begin = i + 1;
  }
  lines.push_back(text.substr(begin));
  return lines;
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t at; (at = text.find(from, begin)) != std::string_view::npos; begin = at + from.size()) {
    out.append(text.substr(begin, at - begin)).append(to);
  }
  return out.append(text.substr(begin));
}

}  // namespace

std::string string_value(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t at = 0; at < raw.size();) {
    if (raw[at] != '\\') {
      out += raw[at++];
    } else if (raw[at + 1] == 'u') {
      at = append_unicode_escape(out, raw, at);
    } else {
      out += simple_escape(raw[at + 1]);
      at += 2;
    }
  }
  return out;
}

std::string block_string_value(std::string_view raw) {
  const std::vector<std::string_view> lines = split_lines(raw);
  std::size_t common = std::string_view::npos;
  std::size_t first = lines.size();
  std::size_t last = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t indent = indentation(lines[i]);
    if (indent == lines[i].size()) continue;
    first = std::min(first, i);
    last = i;
    if (i > 0) common = std::min(common, indent);
  }

  std::string out;
  for (std::size_t i = first; i < lines.size() && i <= last; ++i) {
    if (i > first) out += '\n';
    out += i == 0 ? lines[i] : lines[i].substr(std::min(common, lines[i].size()));
  }
  return replace_all(out, escaped_triple_quote, triple_quote);
}

bool is_printable_as_block_string(std::string_view value) {
  if (value.empty()) return true;
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n';
  };
  if (std::ranges::any_of(value, is_control)) return false;
  const std::vector<std::string_view> lines = split_lines(value);
  const auto blank = [](std::string_view line) { return indentation(line) == line.size(); };
  if (blank(lines.front()) || blank(lines.back())) return false;
  if (lines.size() == 1) return true;
  // When every line is indented, reading would take that away.
  return std::ranges::any_of(lines,
                             [&](std::string_view line) { return !blank(line) && !is_blank(line[0]); });
}

std::string print_string(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
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
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  return out += '"';
}

std::string print_block_string(std::string_view value) {
  constexpr std::size_t single_line_max = 70;
  const std::string text = replace_all(value, triple_quote, escaped_triple_quote);
  const std::vector<std::string_view> lines = split_lines(text);
  const bool single = lines.size() == 1;
  // Indentation of the first line survives only right behind the quotes, or when a later line has none.
  const bool rest_indented =
      !single && std::all_of(lines.begin() + 1, lines.end(),
                             [](std::string_view line) { return line.empty() || is_blank(line[0]); });
  const bool ends_in_triple = text.ends_with(escaped_triple_quote);
  const bool ends_awkwardly = (value.ends_with('"') && !ends_in_triple) || value.ends_with('\\');
  const bool spread = !single || value.size() > single_line_max || ends_awkwardly || ends_in_triple;
  const bool leading_blank = single && !value.empty() && is_blank(value[0]);

  std::string out(triple_quote);
  if ((spread && !leading_blank) || rest_indented) out += '\n';
  out += text;
  if (spread) out += '\n';
  return out.append(triple_quote);
}

std::string print_description(std::string_view description) {
  return is_printable_as_block_string(description) ? print_block_string(description)
                                                   : print_string(description);
}

}  // namespace tenon::graphql
