#include "psl/format/spelling.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tenon::psl::format {

namespace {

constexpr auto attribute_order = std::to_array<std::string_view>(
    {"id", "unique", "default", "updatedAt", "index", "fulltext", "map", "relation", "ignore"});

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

void append_argument(std::string& out, const base::SourceSet& sources, const Argument& argument) {
  if (argument.name) (out += argument.name->text) += ": ";
  if (argument.value) append_expression(out, sources, *argument.value);
}

void append_arguments(std::string& out, const base::SourceSet& sources,
                      const std::vector<Argument>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (i > 0) out += ", ";
    append_argument(out, sources, arguments[i]);
  }
}

}  // namespace

void append_expression(std::string& out, const base::SourceSet& sources, const Expression& expression) {
  switch (expression.kind) {
    case Expression::Kind::string:
    case Expression::Kind::number:
    case Expression::Kind::constant:
      out += sources.text(expression.span);
      return;
    case Expression::Kind::function:
      (out += expression.text) += '(';
      append_arguments(out, sources, expression.arguments);
      out += ')';
      return;
    case Expression::Kind::array:
      out += '[';
      for (std::size_t i = 0; i < expression.items.size(); ++i) {
        if (i > 0) out += ", ";
        append_expression(out, sources, expression.items[i]);
      }
      out += ']';
      return;
    case Expression::Kind::object:
      out += "{ ";
      append_arguments(out, sources, expression.arguments);
      out += " }";
      return;
  }
}

void append_attribute(std::string& out, const base::SourceSet& sources, const Attribute& attribute) {
  out += attribute.name.text;
  // Empty parentheses stay; the span may go on behind the attribute.
  const base::Span rest{attribute.span.source, attribute.name.span.end, attribute.span.end};
  if (attribute.arguments.empty() && !trimmed(sources.text(rest)).starts_with('(')) return;
  out += '(';
  append_arguments(out, sources, attribute.arguments);
  out += ')';
}

std::string field_type_text(const base::SourceSet& sources, const FieldType& type) {
  std::string_view base = type.name.text;
  if (type.is_unsupported) {
    const std::string_view written = sources.text(type.span);
    base = written.substr(0, written.rfind(')') + 1);
    if (base.starts_with('[')) base.remove_prefix(1);
  }
  std::string text(base);
  switch (type.arity) {
    case Arity::required:
      break;
    case Arity::optional:
      text += '?';
      break;
    case Arity::list:
      text += "[]";
      break;
    case Arity::optional_list:
      text += "[]?";
      break;
  }
  return text;
}

void append_comment_lines(std::vector<std::string>& lines, std::string_view comment) {
  if (!comment.starts_with("/*")) {
    lines.emplace_back(comment);
    return;
  }
  std::string_view content = comment.substr(2, comment.size() - 4);
  lines.emplace_back("/**");
  while (!content.empty()) {
    const std::size_t end = std::min(content.find_first_of("\r\n"), content.size());
    std::string_view line = trimmed(content.substr(0, end));
    content.remove_prefix(std::min(end + 1, content.size()));
    if (line.starts_with('*')) line = trimmed(line.substr(1));
    if (!line.empty()) lines.push_back(" * " + std::string(line));
  }
  lines.emplace_back(" */");
}

std::size_t attribute_rank(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(attribute_order, name) - attribute_order.begin());
}

}  // namespace tenon::psl::format
