// SQL text as typed pieces. Literals come from string constants of our own source only (the constructor is
// consteval), identifiers are quoted by the dialect, values are bound: text of a user cannot become SQL,
// because that does not compile.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace tenon::sql {

// SQL written in this program's source.
class Literal {
 public:
  template <std::convertible_to<std::string_view> T>
  consteval Literal(const T& text) : text_(text) {}  // NOLINT(google-explicit-constructor): reads as SQL
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// How an engine writes names and placeholders.
struct Quoting {
  char identifier_quote = '"';        // doubled inside
  bool numbered_placeholders = true;  // $1, $2 …; otherwise ?
};

// Collects the text of one statement.
class Text {
 public:
  explicit Text(Quoting quoting) : quoting_(quoting) {}

  Text& operator<<(Literal literal) {
    sql_ += literal.text();
    return *this;
  }
  // A quoted identifier. NUL bytes, which no engine can hold in a name, end it.
  Text& name(std::string_view identifier);
  // schema.name, both quoted; only the name when `schema` is empty.
  Text& qualified(std::string_view schema, std::string_view identifier);
  // An alias this program made: a letter and a number, t0.
  Text& alias(char letter, std::uint32_t number);
  // A number this program clamped; never text.
  Text& number(std::uint64_t value);
  // The placeholder of parameter `index` (from zero).
  Text& parameter(std::uint32_t index);
  // Native type text that introspection or the schema language's checker made, as in catalog::ColumnType.
  // The only text here that does not come from our source; see sql/postgres/types.h for who may call it.
  Text& type(const std::string& native);

  // A text that introspection read, such as the label of an enum, as a literal of MySQL's: 'it''s'.
  Text& label(std::string_view text);

  // The name of a text search configuration, as the database has it: 'english'::regconfig.
  Text& configuration(std::string_view name);

  const std::string& str() const { return sql_; }
  std::string take() { return std::move(sql_); }

 private:
  Quoting quoting_;
  std::string sql_;
};

}  // namespace tenon::sql
