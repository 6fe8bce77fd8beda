#include "migrate/directive.h"

#include <algorithm>

namespace tenon::migrate {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

}  // namespace

std::vector<Line> lines_of(std::string_view script, std::size_t begin, std::size_t end) {
  std::vector<Line> lines;
  while (begin < end) {
    const std::size_t line_end = std::min(script.find('\n', begin), end);
    lines.push_back({.begin = begin, .text = script.substr(begin, line_end - begin)});
    begin = line_end + 1;
  }
  return lines;
}

std::optional<Directive> directive_in(std::string_view line) {
  line = trimmed(line);
  for (const std::string_view part : {"--", "tenon", ":"}) {
    if (!line.starts_with(part)) return std::nullopt;
    line = trimmed(line.substr(part.size()));
  }
  const auto end = std::min(line.find_first_of(" \t"), line.size());
  return Directive{.verb = line.substr(0, end), .rest = trimmed(line.substr(end))};
}

std::optional<Approval> approval_in(std::string_view line) {
  const auto said = directive_in(line);
  if (!said || (said->verb != "approve" && said->verb != "approve-file")) return std::nullopt;
  return Approval{.for_file = said->verb == "approve-file", .codes = said->rest};
}

std::string without_approvals(std::string_view script) {
  std::string kept;
  for (const Line& line : lines_of(script, 0, script.size()))
    if (!approval_in(line.text)) kept += script.substr(line.begin, line.text.size() + 1);
  return kept;
}

}  // namespace tenon::migrate
