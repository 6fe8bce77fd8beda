#include "lsp/formatting.h"

#include <algorithm>

#include "lsp/wire.h"
#include "psl/format/format.h"

namespace tenon::lsp {

namespace {

// How many bytes of whole lines both begin with.
std::size_t common_lines(std::string_view a, std::string_view b) {
  const auto differ = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  return differ == 0 ? 0 : a.rfind('\n', differ - 1) + 1;
}

// How many bytes of whole lines both end with.
std::size_t common_end(std::string_view a, std::string_view b) {
  std::size_t same = 0;
  while (same < a.size() && same < b.size() && a[a.size() - 1 - same] == b[b.size() - 1 - same]) ++same;
  const auto line_end = a.substr(a.size() - same).find('\n');
  return line_end == std::string_view::npos ? 0 : same - line_end - 1;
}

}  // namespace

std::string formatting(const Analysis& analysis, base::SourceId source) {
  std::vector<base::SourceId> files;
  for (std::uint32_t i = 0; i < analysis.paths.size(); ++i) files.push_back({i});
  const std::string_view before = analysis.sources.text(source);
  const std::string after = psl::format_schema(analysis.sources, files)[source.value];
  if (after == before) return "[]";
  const std::size_t begin = common_lines(before, after);
  const std::size_t end = common_end(before.substr(begin), std::string_view(after).substr(begin));
  std::string text;
  base::JsonWriter json(text);
  json.begin_array().begin_object().key("range");
  write_range(json, analysis.lines_of(source).range(static_cast<std::uint32_t>(begin),
                                                    static_cast<std::uint32_t>(before.size() - end)));
  json.member("newText", std::string_view(after).substr(begin, after.size() - end - begin));
  json.end_object().end_array();
  return text;
}

}  // namespace tenon::lsp
