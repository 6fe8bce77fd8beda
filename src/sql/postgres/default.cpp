#include "sql/postgres/default.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace tenon::sql::postgres {

using catalog::ColumnType;
using catalog::Default;
using catalog::TypeKind;

namespace {

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// 'it''s' or E'a\\b' at the start of `text`, unquoted; `text` goes on behind it.
std::optional<std::string> take_string(std::string_view& text) {
  std::string_view rest = text;
  const bool escapes = take(rest, "E'");
  if (!escapes && !take(rest, "'")) return std::nullopt;
  std::string value;
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '\'' && !rest.starts_with('\'')) {
      text = rest;
      return value;
    }
    if (c == '\'') rest.remove_prefix(1);
    if (escapes && c == '\\') {  // pg_get_expr escapes backslashes only
      if (!rest.starts_with('\\')) return std::nullopt;
      rest.remove_prefix(1);
    }
    value += c;
  }
  return std::nullopt;
}

// Whether `text` is only the name of a type: words, a quoted qualified name, (10,2), [].
bool is_type_name(std::string_view text) {
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted || c == '"') continue;
    const bool fine = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                      (static_cast<unsigned char>(c) & 0x80U) != 0 ||
                      std::string_view("_ .,()[]$").find(c) != std::string_view::npos;
    if (!fine) return false;
  }
  return !quoted && !text.empty();
}

// Nothing, or one cast to a type.
bool is_only_cast(std::string_view text) { return text.empty() || (take(text, "::") && is_type_name(text)); }

bool is_text_type(std::string_view cast) {
  return cast == "::text" || cast.starts_with("::character varying") || cast == "::bpchar";
}

bool is_integer(TypeKind kind) {
  return kind == TypeKind::int16 || kind == TypeKind::int32 || kind == TypeKind::int64 ||
         kind == TypeKind::oid;
}

bool is_number_type(TypeKind kind) {
  return is_integer(kind) || kind == TypeKind::float32 || kind == TypeKind::float64 ||
         kind == TypeKind::decimal;
}

// -12.5e3: what PostgreSQL prints unquoted.
bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0 &&
         std::ranges::all_of(text, [](char c) {
           return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.' || c == 'e' || c == '+' ||
                  c == '-';
         });
}

// The closing parenthesis of the one `text` starts with, if nothing quoted is in between.
std::size_t closing(std::string_view text) {
  if (!text.starts_with('(')) return std::string_view::npos;
  const auto end = text.find(')');
  return text.substr(1, end - 1).find_first_of("('\"") == std::string_view::npos ? end
                                                                                 : std::string_view::npos;
}

Default literal(std::string text) { return {.kind = Default::Kind::literal, .text = std::move(text)}; }

std::optional<Default> number_default(std::string_view text, const ColumnType& type) {
  if (!is_number_type(type.kind)) return std::nullopt;
  std::string_view cast;
  if (const auto end = closing(text); end != std::string_view::npos) {  // (-1) or ('-1')::integer
    cast = text.substr(end + 1);
    text = text.substr(1, end - 1);
  } else if (const auto colons = text.find("::"); colons != std::string_view::npos) {
    cast = text.substr(colons);
    text = text.substr(0, colons);
  }
  if (!is_number(text) || !is_only_cast(cast)) return std::nullopt;
  // A cast may round.
  const bool whole = text.find_first_of(".e") == std::string_view::npos;
  if (!whole && (is_integer(type.kind) || cast.find("integer") != std::string_view::npos ||
                 cast.find("int") != std::string_view::npos))
    return std::nullopt;
  return literal(std::string(text));
}

std::optional<Default> string_default(std::string_view text, const ColumnType& type) {
  const bool is_bits = take(text, "B") || take(text, "b");
  const bool in_parentheses = !is_bits && take(text, "(");  // ('a'::character varying)::text
  const auto value = take_string(text);
  if (!value) return std::nullopt;
  if (in_parentheses) {
    const auto end = text.find(')');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view inner = text.substr(0, end);
    const std::string_view outer = text.substr(end + 1);
    if (!is_text_type(inner) || !is_text_type(outer)) return std::nullopt;
  } else if (!is_only_cast(text)) {
    return std::nullopt;
  }
  if (!type.is_array()) return literal(*value);
  auto items = parse_array_text(*value);
  if (!items) return std::nullopt;
  return Default{.kind = Default::Kind::literal, .items = std::move(*items), .is_array = true};
}

// ARRAY['a'::text, 'b'::text], ARRAY[1, 2], ARRAY[]::text[], with or without a cast behind.
std::optional<Default> array_default(std::string_view text, const ColumnType& type) {
  if (!type.is_array() || !take(text, "ARRAY[")) return std::nullopt;
  ColumnType element = type;
  element.array_dimensions = 0;
  Default found{.kind = Default::Kind::literal, .is_array = true};
  while (!take(text, "]")) {
    // The item ends at the next comma or bracket outside of quotes and parentheses.
    std::size_t at = 0;
    int depth = 0;
    for (bool quoted = false; at < text.size(); ++at) {
      if (text[at] == '\'') quoted = !quoted;
      if (quoted) continue;
      if (text[at] == '(' || text[at] == '[') ++depth;
      if (depth == 0 && (text[at] == ',' || text[at] == ']')) break;
      if (text[at] == ')' || text[at] == ']') --depth;
    }
    if (at >= text.size()) return std::nullopt;
    Default item = parse_default(text.substr(0, at), element);
    if (item.kind != Default::Kind::literal) return std::nullopt;
    found.items.push_back(std::move(item.text));
    text.remove_prefix(at);
    if (take(text, ",")) take(text, " ");
  }
  if (!is_only_cast(text)) return std::nullopt;
  return found;
}

std::optional<Default> sequence_default(std::string_view text) {
  if (!take(text, "nextval(")) return std::nullopt;
  auto name = take_string(text);
  if (!name || (text != "::regclass)" && text != ")" && text != "::text)::regclass)")) return std::nullopt;
  return Default{.kind = Default::Kind::autoincrement, .sequence = std::move(*name)};
}

bool is_now(std::string_view text, const ColumnType& type) {
  constexpr std::array<std::string_view, 3> spellings{"now()", "CURRENT_TIMESTAMP",
                                                      "transaction_timestamp()"};
  const bool is_moment = type.kind == TypeKind::timestamp || type.kind == TypeKind::timestamptz ||
                         type.kind == TypeKind::date || type.kind == TypeKind::time ||
                         type.kind == TypeKind::timetz;
  if (!is_moment || type.is_array()) return false;
  if (take(text, "CURRENT_TIMESTAMP("))  // a precision, which the column's type has as well
    return text.size() == 2 && text[1] == ')';
  return std::ranges::find(spellings, text) != spellings.end();
}

}  // namespace

Default parse_default(std::string_view text, const ColumnType& type) {
  if (text.empty() || text == "NULL" || (text.starts_with("NULL::") && is_type_name(text.substr(6))))
    return {};
  if (auto found = sequence_default(text)) return *found;
  if (is_now(text, type)) return {.kind = Default::Kind::now};
  if (type.kind == TypeKind::boolean && !type.is_array() && (text == "true" || text == "false"))
    return literal(std::string(text));
  if (auto found = array_default(text, type)) return *found;
  if (auto found = string_default(text, type)) return *found;
  if (!type.is_array())
    if (auto found = number_default(text, type)) return *found;
  return {.kind = Default::Kind::expression, .text = std::string(text)};
}

std::optional<std::vector<std::string>> parse_array_text(std::string_view text) {
  if (!take(text, "{")) return std::nullopt;
  std::vector<std::string> items;
  if (text == "}") return items;
  for (;;) {
    std::string item;
    if (take(text, "\"")) {
      while (!text.empty() && text.front() != '"') {
        if (text.front() == '\\') text.remove_prefix(1);
        if (text.empty()) return std::nullopt;
        item += text.front();
        text.remove_prefix(1);
      }
      if (!take(text, "\"")) return std::nullopt;
    } else {
      const auto end = text.find_first_of(",}");
      if (end == std::string_view::npos ||
          text.substr(0, end).find_first_of("{\"\\") != std::string_view::npos)
        return std::nullopt;
      item = text.substr(0, end);
      text.remove_prefix(end);
      if (item.empty() || item == "NULL") return std::nullopt;
    }
    items.push_back(std::move(item));
    if (text == "}") return items;
    if (!take(text, ",")) return std::nullopt;
  }
}

}  // namespace tenon::sql::postgres
