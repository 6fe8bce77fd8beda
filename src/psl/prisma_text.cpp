#include "psl/prisma_text.h"

#include <algorithm>

#include <fmt/format.h>

namespace tenon::psl {

namespace {

// The line `text` holds at `begin`, up to its line feed.
std::string_view line_at(std::string_view text, std::size_t begin) {
  return text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
}

std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

// Lines end with a line feed here and nowhere else, whatever the parser says.
std::string excerpt(std::string_view text, const base::Span& span) {
  constexpr std::string_view gutter = "   | ";
  const std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text.size());
  const std::size_t line_begin = begin == 0 ? 0 : text.rfind('\n', begin - 1) + 1;
  const std::size_t number = count_lines(text.substr(0, begin)) + 1;
  std::string out = fmt::format("{}\n", gutter);
  if (line_begin == 0) {
    out += fmt::format("{}\n", gutter);
  } else {
    const std::size_t before = line_begin < 2 ? 0 : text.rfind('\n', line_begin - 2) + 1;
    out += fmt::format("{:2} | {}\n", number - 1, line_at(text, before));
  }
  const std::string_view line = line_at(text, line_begin);
  out += fmt::format("{:2} | {}\n", number, line);
  if (begin == end || begin == line_begin + line.size())
    out += fmt::format("{}{}^ Unexpected token.\n", gutter, std::string(begin - line_begin, ' '));
  std::size_t next = line_begin + line.size();
  for (std::size_t i = 0; i < count_lines(text.substr(begin, end - begin)); ++i) {
    const std::string_view further = line_at(text, ++next);
    out += fmt::format("{:2} | {}\n", number + 1 + i, further);
    next += further.size();
  }
  return out + fmt::format("{}\n", gutter);
}

std::string text_of(const base::Diagnostics& diagnostics, const base::SourceSet& sources,
                    base::Severity severity) {
  std::string out;
  for (const base::Diagnostic& each : diagnostics.all()) {
    if (each.severity != severity) continue;
    out += fmt::format("{}: {}\n", severity == base::Severity::error ? "error" : "warning", each.message);
    if (!each.span) continue;
    const std::string_view text = sources.text(each.span->source);
    const std::size_t line =
        count_lines(text.substr(0, std::min<std::size_t>(each.span->begin, text.size()))) + 1;
    out += fmt::format("  -->  {}:{}\n{}", sources.path(each.span->source), line, excerpt(text, *each.span));
  }
  return out;
}

}  // namespace

std::string prisma_error_text(const base::Diagnostics& diagnostics, const base::SourceSet& sources) {
  return text_of(diagnostics, sources, base::Severity::error) +
         fmt::format("\nValidation Error Count: {}", diagnostics.error_count());
}

std::string prisma_warning_text(const base::Diagnostics& diagnostics, const base::SourceSet& sources) {
  return text_of(diagnostics, sources, base::Severity::warning);
}

}  // namespace tenon::psl
