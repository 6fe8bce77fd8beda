#include "psl/check/values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/lexer.h"

namespace tenon::psl {

namespace {

std::string to_text(const Argument& argument) {
  const std::string value = argument.value ? to_text(*argument.value) : std::string();
  return argument.name ? fmt::format("{}: {}", argument.name->text, value) : value;
}

std::string join(const std::vector<Argument>& arguments, std::string_view separator) {
  std::vector<std::string> texts;
  texts.reserve(arguments.size());
  for (const Argument& argument : arguments) texts.push_back(to_text(argument));
  return fmt::format("{}", fmt::join(texts, separator));
}

}  // namespace

std::string_view kind_word(const Expression& value) {
  switch (value.kind) {
    case Expression::Kind::string:
      return "string";
    case Expression::Kind::number:
      return "numeric";
    case Expression::Kind::constant:
      return "literal";
    case Expression::Kind::function:
      return "functional";
    case Expression::Kind::array:
      return "array";
    case Expression::Kind::object:
      return "object";
  }
  return {};
}

std::string to_text(const Expression& value) {
  switch (value.kind) {
    case Expression::Kind::string:
      return encode_string(value.text);
    case Expression::Kind::number:
    case Expression::Kind::constant:
      return value.text;
    case Expression::Kind::function:
      return fmt::format("{}({})", value.text, join(value.arguments, ","));
    case Expression::Kind::array: {
      std::vector<std::string> items;
      items.reserve(value.items.size());
      for (const Expression& item : value.items) items.push_back(to_text(item));
      return fmt::format("[{}]", fmt::join(items, ","));
    }
    case Expression::Kind::object:
      return fmt::format("{{ {} }}", join(value.arguments, ", "));
  }
  return {};
}

void report_mismatch(std::string_view expected, const Expression& value, base::Diagnostics& diagnostics) {
  diagnostics.error(base::code::schema_invalid,
                    fmt::format("Expected a {} value, but received {} value `{}`.", expected,
                                kind_word(value), to_text(value)),
                    value.span);
}

const std::string* expect_string(const Expression& value, base::Diagnostics& diagnostics) {
  if (value.kind == Expression::Kind::string) return &value.text;
  report_mismatch("string", value, diagnostics);
  return nullptr;
}

std::vector<const Expression*> items_of(const Expression& list) {
  if (list.kind != Expression::Kind::array) return {&list};
  std::vector<const Expression*> items;
  items.reserve(list.items.size());
  for (const Expression& item : list.items) items.push_back(&item);
  return items;
}

}  // namespace tenon::psl
