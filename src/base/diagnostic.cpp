#include "base/diagnostic.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/limits.h"

namespace tenon::base {

void Diagnostics::add(Diagnostic diagnostic) {
  std::size_t& count = diagnostic.severity == Severity::error ? errors_ : others_;
  if (++count > diagnostics_kept_max)
    ++omitted_;
  else
    all_.push_back(std::move(diagnostic));
}

void Diagnostics::error(Code code, std::string message, std::optional<Span> span, std::string help) {
  add({.severity = Severity::error,
       .code = code,
       .message = std::move(message),
       .span = span,
       .help = std::move(help)});
}

void Diagnostics::warning(Code code, std::string message, std::optional<Span> span, std::string help) {
  add({.severity = Severity::warning,
       .code = code,
       .message = std::move(message),
       .span = span,
       .help = std::move(help)});
}

namespace {

struct Palette {
  std::string_view severity, bold, dim, reset;
};

Palette palette(Severity severity, bool colour) {
  if (!colour) return {};
  switch (severity) {
    case Severity::error:
      return {"\x1b[1;31m", "\x1b[1m", "\x1b[34m", "\x1b[0m"};
    case Severity::warning:
      return {"\x1b[1;33m", "\x1b[1m", "\x1b[34m", "\x1b[0m"};
    case Severity::note:
      return {"\x1b[1;36m", "\x1b[1m", "\x1b[34m", "\x1b[0m"};
  }
  return {};
}

std::string_view word(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "";
}

// The line the span begins in, and where the span lies in it, in bytes of that line.
struct SourceLine {
  std::string text;
  std::size_t begin;
  std::size_t end;
};

SourceLine source_line(std::string_view text, const Span& span) {
  const std::size_t at = std::min<std::size_t>(span.begin, text.size());
  std::size_t from = at;
  while (from > 0 && text[from - 1] != '\n' && text[from - 1] != '\r') --from;
  const std::size_t to = std::min(text.find_first_of("\r\n", at), text.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, at, to);
  return {std::string(text.substr(from, to - from)), at - from, end - from};
}

// Spaces as wide as `text`, tabs kept so that the marks stand under their characters.
std::string blank(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c == '\t') {
      out += '\t';
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      out += ' ';
    }
  return out;
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const SourceSet& sources, const RenderOptions& options) {
  const Palette p = palette(diagnostic.severity, options.colour);
  std::string out = fmt::format("{}{}[{}]{}{}: {}{}\n", p.severity, word(diagnostic.severity),
                                diagnostic.code.text, p.reset, p.bold, diagnostic.message, p.reset);
  std::string gutter = "  ";
  if (diagnostic.span) {
    const LineColumn at = sources.position(*diagnostic.span);
    const SourceLine line = source_line(sources.text(diagnostic.span->source), *diagnostic.span);
    const std::string number = std::to_string(at.line);
    gutter = std::string(number.size() + 1, ' ');
    const auto width = std::max<std::size_t>(
        blank(std::string_view(line.text).substr(line.begin, line.end - line.begin)).size(), 1);
    out += fmt::format("{0}{1}-->{2} {3}\n", p.dim, gutter, p.reset, sources.place(*diagnostic.span));
    out += fmt::format("{0}{1} |{2}\n", p.dim, gutter, p.reset);
    out += fmt::format("{0} {1} |{2} {3}\n", p.dim, number, p.reset, line.text);
    out += fmt::format("{0}{1} |{2} {3}{4}{5}{2}\n", p.dim, gutter, p.reset,
                       blank(std::string_view(line.text).substr(0, line.begin)), p.severity,
                       std::string(width, '^'));
  }
  if (!diagnostic.help.empty())
    out += fmt::format("{0}{1} ={2} help: {3}\n", p.dim, gutter, p.reset, diagnostic.help);
  return out;
}

std::string render(const Diagnostics& diagnostics, const SourceSet& sources, const RenderOptions& options) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.all()) out += render(diagnostic, sources, options);
  if (diagnostics.omitted() > 0)
    out += fmt::format("and {} more that are not shown\n", diagnostics.omitted());
  return out;
}

}  // namespace tenon::base
