#include "api/overlay/file.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/limits.h"
#include "base/suggestion.h"
#include "graphql/parser.h"

namespace tenon::api {

namespace {

// The byte at a position that the parser named.
std::uint32_t offset_of(std::string_view text, base::LineColumn position) {
  std::uint32_t at = 0;
  for (std::uint32_t line = 1; line < position.line && at < text.size(); ++at)
    if (text[at] == '\n' || (text[at] == '\r' && !text.substr(at + 1).starts_with('\n'))) ++line;
  for (std::uint32_t column = 1; column < position.column && at < text.size(); ++column) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return at;
}

}  // namespace

base::Span OverlayFile::at(graphql::Offset offset, std::size_t size) const {
  return {source_, offset, offset + static_cast<std::uint32_t>(std::max<std::size_t>(size, 1))};
}

std::optional<OverlayFile> OverlayFile::parse(base::SourceId source, std::string_view text,
                                              base::Diagnostics& diagnostics) {
  // An overlay is the operator's own file: as large as it needs to be.
  base::DocumentLimits limits;
  limits.bytes_max = std::numeric_limits<std::uint32_t>::max();
  limits.tokens_max = std::numeric_limits<std::uint32_t>::max();
  if (text.find_first_not_of(" \t\r\n,") == std::string_view::npos) return OverlayFile(source, {});
  auto document = graphql::parse(std::string(text), limits);
  if (document) return OverlayFile(source, std::move(*document));
  const graphql::Error& error = document.error();
  const std::uint32_t at = error.locations.empty() ? 0 : offset_of(text, error.locations.front());
  diagnostics.error(base::code::overlay_syntax, error.message, base::Span{source, at, at + 1});
  return std::nullopt;
}

const graphql::Directive* OverlayFile::directive(graphql::Range directives, std::string_view name) const {
  for (std::uint32_t i = 0; i < directives.count; ++i)
    if (document_.directives[directives.first + i].name.text == name)
      return &document_.directives[directives.first + i];
  return nullptr;
}

const graphql::Value* OverlayFile::argument(const graphql::Directive& directive,
                                            std::string_view name) const {
  for (std::uint32_t i = 0; i < directive.arguments.count; ++i) {
    const graphql::Argument& argument = document_.arguments[directive.arguments.first + i];
    if (argument.name.text == name) return &value(argument.value);
  }
  return nullptr;
}

std::vector<const graphql::Value*> OverlayFile::items(const graphql::Value& value) const {
  if (value.kind != graphql::ValueKind::list) return {&value};
  std::vector<const graphql::Value*> found;
  for (std::uint32_t i = 0; i < value.children.count; ++i)
    found.push_back(&document_.values[document_.list_items[value.children.first + i]]);
  return found;
}

bool check_arguments(const OverlayFile& file, const graphql::Directive& directive,
                     std::initializer_list<std::string_view> known, base::Code code,
                     base::Diagnostics& diagnostics) {
  bool good = true;
  for (std::uint32_t i = 0; i < directive.arguments.count; ++i) {
    const graphql::Name& name = file.document().arguments[directive.arguments.first + i].name;
    std::string message;
    std::string help;
    if (std::ranges::find(known, name.text) == known.end()) {
      message = fmt::format("@{} has no argument {}.", directive.name.text, name.text);
      help = known.size() == 1 ? fmt::format("its one argument is {}", *known.begin())
                               : base::did_you_mean(name.text, std::vector<std::string_view>(known));
    }
    for (std::uint32_t j = 0; j < i && message.empty(); ++j)
      if (file.document().arguments[directive.arguments.first + j].name.text == name.text)
        message = fmt::format("{} is given twice.", name.text);
    if (message.empty()) continue;
    diagnostics.error(code, std::move(message), file.span(name), std::move(help));
    good = false;
  }
  return good;
}

std::optional<std::string_view> text_argument(const OverlayFile& file, const graphql::Directive& directive,
                                              std::string_view name, base::Code code,
                                              base::Diagnostics& diagnostics) {
  const graphql::Value* value = file.argument(directive, name);
  if (value != nullptr && value->kind == graphql::ValueKind::string) return value->text;
  diagnostics.error(code, fmt::format("@{} needs {}, a text in quotes.", directive.name.text, name),
                    value != nullptr ? file.span(*value) : file.span(directive),
                    fmt::format("write: @{}({}: \"…\")", directive.name.text, name));
  return std::nullopt;
}

}  // namespace tenon::api
