#include "psl/attribute_reader.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace tenon::psl {

AttributeReader::AttributeReader(const Attribute& attribute, std::string_view at,
                                 std::initializer_list<std::string_view> names,
                                 base::Diagnostics& diagnostics)
    : attribute_(attribute),
      at_(at),
      first_(names.size() == 0 ? std::string_view() : *names.begin()),
      diagnostics_(diagnostics) {
  std::vector<std::string_view> seen;
  for (const Argument& argument : attribute.arguments) {
    const std::string_view name = argument.name ? argument.name->text : first_;
    if (!argument.value)
      error(fmt::format("The argument {} is missing a value.", name), argument.span);
    else if (name.empty() || std::ranges::find(names, name) == names.end())
      error("No such argument.", argument.span);
    else if (std::ranges::find(seen, name) != seen.end())
      error(fmt::format("Argument \"{}\" is already specified.", name), argument.span);
    seen.push_back(name);
  }
}

const Expression* AttributeReader::find(std::string_view name) const {
  for (const Argument& argument : attribute_.arguments)
    if (argument.value && (argument.name ? argument.name->text : first_) == name) return &*argument.value;
  return nullptr;
}

std::optional<std::string> AttributeReader::string(std::string_view name) {
  const Expression* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->kind == Expression::Kind::string) return value->text;
  error(fmt::format("Expected a String value, but found `{}`.", describe(*value)), value->span);
  return std::nullopt;
}

std::optional<std::string> AttributeReader::constant(std::string_view name) {
  const Expression* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->kind == Expression::Kind::constant) return value->text;
  error(fmt::format("Expected a constant literal value, but found `{}`.", describe(*value)), value->span);
  return std::nullopt;
}

void AttributeReader::error(std::string_view message, std::optional<base::Span> span) {
  diagnostics_.error(base::code::schema_invalid,
                     fmt::format("Error parsing attribute \"{}{}\": {}", at_, attribute_.name.text, message),
                     span.value_or(attribute_.span));
}

std::string describe(const Expression& expression) {
  switch (expression.kind) {
    case Expression::Kind::string:
      return fmt::format("\"{}\"", expression.text);
    case Expression::Kind::number:
    case Expression::Kind::constant:
      return expression.text;
    case Expression::Kind::function: {
      std::vector<std::string> arguments;
      for (const Argument& argument : expression.arguments)
        if (argument.value) arguments.push_back(describe(*argument.value));
      return fmt::format("{}({})", expression.text, fmt::join(arguments, ", "));
    }
    case Expression::Kind::array: {
      std::vector<std::string> items;
      for (const Expression& item : expression.items) items.push_back(describe(item));
      return fmt::format("[{}]", fmt::join(items, ", "));
    }
    case Expression::Kind::object:
      return "{ … }";
  }
  return {};
}

}  // namespace tenon::psl
