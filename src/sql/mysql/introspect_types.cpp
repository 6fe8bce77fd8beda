#include "sql/mysql/introspect_types.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace tenon::sql::mysql {

using catalog::ColumnType;
using catalog::TypeKind;

namespace {

// What the numbers between the parentheses are.
enum class Takes : std::uint8_t { nothing, length, fraction, decimal };

struct KnownType {
  std::string_view name;
  TypeKind kind;
  Takes takes = Takes::nothing;
};

constexpr KnownType known_types[] = {
    {"tinyint", TypeKind::int8},
    {"smallint", TypeKind::int16},
    {"mediumint", TypeKind::int24},
    {"int", TypeKind::int32},
    {"bigint", TypeKind::int64},
    {"float", TypeKind::float32},
    {"double", TypeKind::float64},
    {"decimal", TypeKind::decimal, Takes::decimal},
    {"bit", TypeKind::bit, Takes::length},
    {"year", TypeKind::year},
    {"char", TypeKind::character, Takes::length},
    {"varchar", TypeKind::varchar, Takes::length},
    {"tinytext", TypeKind::text},
    {"text", TypeKind::text},
    {"mediumtext", TypeKind::text},
    {"longtext", TypeKind::text},
    {"binary", TypeKind::bytes, Takes::length},
    {"varbinary", TypeKind::bytes, Takes::length},
    {"tinyblob", TypeKind::bytes},
    {"blob", TypeKind::bytes},
    {"mediumblob", TypeKind::bytes},
    {"longblob", TypeKind::bytes},
    {"date", TypeKind::date},
    {"time", TypeKind::time, Takes::fraction},
    {"datetime", TypeKind::timestamp, Takes::fraction},
    {"timestamp", TypeKind::timestamptz, Takes::fraction},
    {"json", TypeKind::json},
    {"enum", TypeKind::enumeration},
    {"set", TypeKind::set},
    {"uuid", TypeKind::uuid},
    {"inet4", TypeKind::inet},
    {"inet6", TypeKind::inet},
    {"geometry", TypeKind::geometry},
    {"point", TypeKind::geometry},
    {"linestring", TypeKind::geometry},
    {"polygon", TypeKind::geometry},
    {"multipoint", TypeKind::geometry},
    {"multilinestring", TypeKind::geometry},
    {"multipolygon", TypeKind::geometry},
    {"geometrycollection", TypeKind::geometry},
    {"geomcollection", TypeKind::geometry},
};

// What a backslash and this letter stand for.
char unescaped(char letter) {
  switch (letter) {
    case '0':
      return '\0';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'b':
      return '\b';
    case 'Z':
      return '\x1A';
    default:
      return letter;
  }
}

void read_arguments(std::string_view text, TypeText& type) {
  while (!text.empty()) {
    if (auto label = take_quoted(text)) {
      type.labels.push_back(std::move(*label));
    } else {
      std::uint32_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error == std::errc()) type.numbers.push_back(number);
      text.remove_prefix(std::max<std::size_t>(static_cast<std::size_t>(end - text.data()), 1));
    }
    text.remove_prefix(std::min(text.find_first_not_of(", "), text.size()));
  }
}

// The type with its arguments as the engine would be told it. The width of an integer says something only
// together with zerofill.
std::string native_text(const TypeText& type, bool with_numbers) {
  std::string text = type.name;
  if (!type.labels.empty()) return label_list(type.name, type.labels);
  if (with_numbers && !type.numbers.empty()) text += fmt::format("({})", fmt::join(type.numbers, ","));
  if (type.is_unsigned) text += " unsigned";
  if (type.is_zerofill) text += " zerofill";
  return text;
}

bool is_integer(TypeKind kind) {
  return kind == TypeKind::int8 || kind == TypeKind::int16 || kind == TypeKind::int24 ||
         kind == TypeKind::int32 || kind == TypeKind::int64;
}

}  // namespace

std::optional<std::string> take_quoted(std::string_view& text) {
  if (!text.starts_with('\'')) return std::nullopt;
  std::string label;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool has_next = i + 1 < text.size();
    if (text[i] == '\'' && has_next && text[i + 1] == '\'') {
      label += text[++i];
    } else if (text[i] == '\\' && has_next) {
      label += unescaped(text[++i]);
    } else if (text[i] == '\'') {
      text.remove_prefix(i + 1);
      return label;
    } else {
      label += text[i];
    }
  }
  return std::nullopt;
}

std::string label_list(std::string_view name, const std::vector<std::string>& labels) {
  std::string text(name);
  for (const std::string& label : labels) {
    text += text.size() == name.size() ? "('" : ",'";
    for (const char c : label) text.append(c == '\'' ? 2 : 1, c);
    text += '\'';
  }
  return text + ')';
}

TypeText parse_type_text(std::string_view text) {
  TypeText type;
  // MariaDB marks columns of old temporal formats: `datetime /* mariadb-5.3 */`.
  const auto name_end = std::min(text.find_first_of("( "), text.size());
  type.name = text.substr(0, name_end);
  std::ranges::transform(type.name, type.name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  text.remove_prefix(name_end);
  if (text.starts_with('(')) {
    const auto end = std::min(text.rfind(')'), text.size());
    read_arguments(text.substr(1, end - 1), type);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  type.is_unsigned = text.find("unsigned") != text.npos;
  type.is_zerofill = text.find("zerofill") != text.npos;
  return type;
}

ColumnType column_type(const TypeText& text, const TypeContext& context) {
  ColumnType type;
  if (context.is_json) return {.kind = TypeKind::json, .native = "json"};
  const auto* known = std::ranges::find(known_types, text.name, &KnownType::name);
  type.kind = known == std::end(known_types) ? TypeKind::other : known->kind;
  type.is_unsigned = text.is_unsigned;
  const bool is_width = is_integer(type.kind) || type.kind == TypeKind::year;
  type.native = native_text(text, !is_width || text.is_zerofill);
  const bool is_one_wide = !text.numbers.empty() && text.numbers[0] == 1;
  if (type.kind == TypeKind::int8 && is_one_wide && context.is_boolean && !text.is_zerofill) {
    type.kind = TypeKind::boolean;
    type.native = native_text(text, true);
  }
  if (type.kind == TypeKind::bit && is_one_wide) type.kind = TypeKind::boolean;
  if (known == std::end(known_types)) return type;
  const auto number = [&](std::size_t i) {
    return i < text.numbers.size() ? std::optional(text.numbers[i]) : std::nullopt;
  };
  if (known->takes == Takes::length) type.length = number(0);
  if (known->takes == Takes::fraction) type.precision = number(0).value_or(0);
  if (known->takes == Takes::decimal) {
    type.precision = number(0);
    type.scale = number(1);
  }
  return type;
}

}  // namespace tenon::sql::mysql
