#include "sql/fragment.h"

#include <charconv>

namespace tenon::sql {

Text& Text::name(std::string_view identifier) {
  sql_ += quoting_.identifier_quote;
  for (const char c : identifier.substr(0, identifier.find('\0'))) {
    if (c == quoting_.identifier_quote) sql_ += c;
    sql_ += c;
  }
  sql_ += quoting_.identifier_quote;
  return *this;
}

Text& Text::qualified(std::string_view schema, std::string_view identifier) {
  if (!schema.empty()) {
    name(schema);
    sql_ += '.';
  }
  return name(identifier);
}

Text& Text::alias(char letter, std::uint32_t number) {
  sql_ += letter;
  return this->number(number);
}

Text& Text::number(std::uint64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  sql_.append(digits, end);
  return *this;
}

Text& Text::parameter(std::uint32_t index) {
  if (!quoting_.numbered_placeholders) {
    sql_ += '?';
    return *this;
  }
  sql_ += '$';
  return number(index + 1);
}

Text& Text::type(const std::string& native) {
  sql_ += native;
  return *this;
}

Text& Text::label(std::string_view text) {
  sql_ += '\'';
  for (const char c : text) {
    if (c == '\'' || c == '\\') sql_ += c;
    sql_ += c;
  }
  sql_ += '\'';
  return *this;
}

Text& Text::configuration(std::string_view name) {
  sql_ += '\'';
  for (const char c : name) {
    if (c == '\'') sql_ += c;
    sql_ += c;
  }
  sql_ += "'::regconfig";
  return *this;
}

}  // namespace tenon::sql
