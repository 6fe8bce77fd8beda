// From coerced input to the engine's text.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "api/values/scalars.h"
#include "api/values/time_text.h"
#include "base/ascii.h"
#include "base/base64.h"
#include "base/hash.h"
#include "base/json_writer.h"
#include "sql/array_text.h"

namespace tenon::api {

namespace {

using catalog::TypeKind;
using graphql::InputKind;
using graphql::InputNode;
using Text = std::expected<std::string, std::string>;

using base::is_digit;
constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// A value as a message shows it: short, and as JSON so that nothing in it can garble a log.
std::string shown(const InputNode& node) {
  constexpr std::size_t shown_bytes_max = 60;
  std::string_view text = node.text;
  std::size_t size = std::min(text.size(), shown_bytes_max);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  const bool cut = size < text.size();
  if (node.kind == InputKind::string) {
    std::string out;
    base::append_json_string(out, text.substr(0, size));
    return cut ? out + "…" : out;
  }
  if (node.kind == InputKind::list) return "a list";
  if (node.kind == InputKind::object) return "an object";
  return std::string(text.substr(0, size)) + (cut ? "…" : "");
}

std::unexpected<std::string> expected_form(std::string_view form, const InputNode& node) {
  return std::unexpected(fmt::format("Expected {}, found {}.", form, shown(node)));
}

bool is_number(const InputNode& node) {
  return node.kind == InputKind::int_ || node.kind == InputKind::float_;
}

Text boolean_text(catalog::Engine engine, const InputNode& node) {
  if (node.kind != InputKind::boolean) return expected_form("true or false", node);
  const bool value = node.text == "true";
  if (engine == catalog::Engine::mysql) return value ? "1" : "0";
  return value ? "t" : "f";
}

template <class Integer>
std::optional<Integer> parse_integer(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Integer value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Text integer_text(const InputNode& node, std::int64_t least, std::int64_t most) {
  if (node.kind == InputKind::int_)
    if (const auto value = parse_integer<std::int64_t>(node.text); value && *value >= least && *value <= most)
      return fmt::to_string(*value);
  return expected_form(fmt::format("an integer from {} to {}", least, most), node);
}

// BigInt: the same from an integer or from a string of digits, never by way of a double.
Text big_integer_text(const InputNode& node, std::int64_t least, std::uint64_t most) {
  if (node.kind == InputKind::int_ || node.kind == InputKind::string) {
    if (node.text.starts_with('-') || least < 0) {
      if (const auto value = parse_integer<std::int64_t>(node.text);
          value && *value >= least && (*value < 0 || static_cast<std::uint64_t>(*value) <= most))
        return fmt::to_string(*value);
    } else if (const auto value = parse_integer<std::uint64_t>(node.text); value && *value <= most) {
      return fmt::to_string(*value);
    }
  }
  return expected_form(fmt::format("an integer from {} to {}, or a string of its digits", least, most), node);
}

std::string_view skip_digits(std::string_view text) {
  const auto* const end = std::ranges::find_if_not(text, is_digit);
  return text.substr(static_cast<std::size_t>(end - text.begin()));
}

bool is_decimal(std::string_view text) {
  constexpr std::size_t exponent_digits_max = 6;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  std::string_view rest = skip_digits(text);
  std::size_t digits = text.size() - rest.size();
  if (rest.starts_with('.')) {
    const std::string_view fraction = rest.substr(1);
    rest = skip_digits(fraction);
    digits += fraction.size() - rest.size();
  }
  if (digits == 0) return false;
  if (rest.empty()) return true;
  if (rest.front() != 'e' && rest.front() != 'E') return false;
  rest.remove_prefix(1);
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  return !rest.empty() && rest.size() <= exponent_digits_max && skip_digits(rest).empty();
}

Text decimal_text(catalog::Engine engine, const catalog::Column& column, const InputNode& node) {
  const bool special = engine == catalog::Engine::postgresql && column.type.kind == TypeKind::decimal &&
                       (node.text == "NaN" || node.text == "Infinity" || node.text == "-Infinity");
  if ((is_number(node) || node.kind == InputKind::string) && (special || is_decimal(node.text)))
    return std::string(node.text);
  return expected_form("a decimal number, or a string such as \"12.50\"", node);
}

// Text for a type that holds characters. PostgreSQL has no zero byte.
Text string_text(const InputNode& node) {
  if (node.kind != InputKind::string && node.kind != InputKind::int_) return expected_form("a string", node);
  if (node.text.contains('\0'))
    return std::unexpected("The text holds a NUL character (U+0000), which the database cannot store.");
  return std::string(node.text);
}

bool is_uuid(std::string_view text) {
  constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return std::ranges::equal(text, form, [](char c, char f) { return f == 'x' ? is_hex_digit(c) : c == f; });
}

Text bytes_text(catalog::Engine engine, const InputNode& node) {
  if (node.kind == InputKind::string)
    if (auto bytes = base::decode_base64(node.text))
      return engine == catalog::Engine::mysql ? std::move(*bytes) : "\\x" + base::hex(*bytes);
  return expected_form("bytes in base64 with padding, such as \"aGk=\"", node);
}

// Whether JSON text has the escape of U+0000 in a string, which jsonb refuses.
bool has_null_escape(std::string_view json) {
  constexpr std::string_view escape = "\\u0000";
  for (std::size_t at = json.find(escape); at != std::string_view::npos; at = json.find(escape, at + 1)) {
    std::size_t backslashes = 0;
    while (backslashes < at && json[at - 1 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 0) return true;
  }
  return false;
}

Text json_text(const catalog::Column& column, const InputNode& node) {
  std::string out;
  if (node.kind == InputKind::string && column.scalar == "AWSJSON") {
    out = node.text;
  } else if (node.kind == InputKind::string) {
    base::append_json_string(out, node.text);
  } else if (node.kind == InputKind::enum_) {
    return expected_form("a JSON value", node);
  } else {
    out = node.text;
  }
  if (column.type.kind == TypeKind::jsonb && has_null_escape(out))
    return std::unexpected(
        "The JSON holds a NUL character (\\u0000), which the database cannot store in jsonb.");
  return out;
}

Text enum_text(const catalog::Catalog& catalog, const catalog::Column& column, const InputNode& node) {
  if (!column.type.enum_id) return string_text(node);
  const catalog::Enum& type = catalog[*column.type.enum_id];
  const auto value = std::ranges::find(type.values, node.text, &catalog::EnumValue::value_name);
  if (value == type.values.end() || (node.kind != InputKind::enum_ && node.kind != InputKind::string))
    return expected_form(fmt::format("a value of the enum {}", type.enum_name), node);
  return value->label;
}

// MySQL's bit(n): the digits of its number.
Text bits_text(const catalog::Column& column, const InputNode& node) {
  const std::uint32_t length = column.type.length.value_or(1);
  std::uint64_t value = 0;
  const auto [end, problem] =
      std::from_chars(node.text.data(), node.text.data() + node.text.size(), value, 2);
  if (node.kind != InputKind::string || node.text.size() > length || problem != std::errc{} ||
      end != node.text.data() + node.text.size())
    return expected_form(fmt::format("at most {} binary digits, such as \"101\"", length), node);
  return fmt::to_string(value);
}

// MySQL has the years 1 to 9999 and no infinity.
bool is_known_to_mysql(std::string_view text) {
  return text.size() > 5 && text[4] == '-' && is_digit(text.front()) && !text.ends_with(" BC");
}

Text point_in_time(catalog::Engine engine, TypeKind kind, const InputNode& node) {
  const bool is_mysql = engine == catalog::Engine::mysql;
  const bool keeps_zone = kind == TypeKind::timestamptz && !is_mysql;
  std::optional<std::string> text =
      kind == TypeKind::date ? date_input(node.text)
                             : timestamp_input(node.text, keeps_zone ? TimeZone::kept : TimeZone::none);
  if (text && is_mysql && !is_known_to_mysql(*text)) text.reset();
  if (text && node.kind == InputKind::string) return *std::move(text);
  return expected_form(kind == TypeKind::date ? "a date such as \"2024-01-31\""
                                              : "a date and time such as \"2024-01-31T12:30:00Z\"",
                       node);
}

Text time_like(std::optional<std::string> text, std::string_view form, const InputNode& node) {
  if (!text || node.kind != InputKind::string) return expected_form(form, node);
  return *std::move(text);
}

bool fits_int(TypeKind kind) {
  return kind == TypeKind::int8 || kind == TypeKind::int16 || kind == TypeKind::int24 ||
         kind == TypeKind::int32;
}

Text scalar_text(const catalog::Catalog& catalog, const catalog::Column& column, const InputNode& node) {
  const catalog::ColumnType& type = column.type;
  const catalog::Engine engine = catalog.engine_of(column.table);
  const std::int64_t sign = type.is_unsigned ? 0 : -1;  // unsigned: from 0 to twice as far
  const std::int64_t reach = type.is_unsigned ? 2 : 1;
  const bool shown_as_text = column.scalar == "ID" || column.scalar == "String";
  if (shown_as_text && fits_int(type.kind))
    return big_integer_text(node, std::numeric_limits<std::int32_t>::min(),
                            static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max()));
  if (column.scalar == "Int" && type.kind == TypeKind::boolean) return integer_text(node, 0, 1);
  switch (type.kind) {
    case TypeKind::boolean:
      return boolean_text(engine, node);
    case TypeKind::int8:
      return integer_text(node, sign * 128, reach * 128 - 1);
    case TypeKind::int16:
      return integer_text(node, sign * 32'768, reach * 32'768 - 1);
    case TypeKind::int24:
      return integer_text(node, sign * 8'388'608, reach * 8'388'608 - 1);
    case TypeKind::year:
      return integer_text(node, 0, 9999);
    case TypeKind::int32:
      if (type.is_unsigned) return big_integer_text(node, 0, std::numeric_limits<std::uint32_t>::max());
      return integer_text(node, std::numeric_limits<std::int32_t>::min(),
                          std::numeric_limits<std::int32_t>::max());
    case TypeKind::oid:
      return big_integer_text(node, 0, std::numeric_limits<std::uint32_t>::max());
    case TypeKind::int64:
      if (type.is_unsigned) return big_integer_text(node, 0, std::numeric_limits<std::uint64_t>::max());
      return big_integer_text(node, std::numeric_limits<std::int64_t>::min(),
                              std::numeric_limits<std::int64_t>::max());
    case TypeKind::float32:
    case TypeKind::float64:
      if (is_number(node)) return std::string(node.text);
      return expected_form("a number", node);
    case TypeKind::decimal:
    case TypeKind::money:
      return decimal_text(engine, column, node);
    case TypeKind::bytes:
      return bytes_text(engine, node);
    case TypeKind::time:
      return time_like(time_input(node.text, TimeZone::none), "a time such as \"12:30:00\"", node);
    case TypeKind::timetz:
      return time_like(time_input(node.text, TimeZone::kept), "a time such as \"12:30:00Z\"", node);
    case TypeKind::date:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return point_in_time(engine, type.kind, node);
    case TypeKind::uuid:
      if (node.kind == InputKind::string && is_uuid(node.text)) return std::string(node.text);
      return expected_form("a UUID such as \"123e4567-e89b-12d3-a456-426614174000\"", node);
    case TypeKind::json:
    case TypeKind::jsonb:
      return json_text(column, node);
    case TypeKind::enumeration:
      return enum_text(catalog, column, node);
    case TypeKind::bit:
      return engine == catalog::Engine::mysql ? bits_text(column, node) : string_text(node);
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::character:
    case TypeKind::interval:
    case TypeKind::xml:
    case TypeKind::set:
    case TypeKind::varbit:
    case TypeKind::inet:
    case TypeKind::cidr:
    case TypeKind::macaddr:
    case TypeKind::name:
    case TypeKind::tsvector:
    case TypeKind::tsquery:
    case TypeKind::range:
    case TypeKind::multirange:
    case TypeKind::geometry:
    case TypeKind::composite:
    case TypeKind::hstore:
    case TypeKind::other:
      return string_text(node);
  }
  return string_text(node);
}

// How many items each level of a nested list has; the engine's arrays are boxes, so all lists of a level are
// equally long.
struct ArrayShape {
  std::size_t length[8] = {};
  bool known[8] = {};
};

std::expected<void, std::string> append_list(std::string& out, const catalog::Catalog& catalog,
                                             const catalog::Column& column, const graphql::InputTree& tree,
                                             const InputNode& list, std::size_t level, ArrayShape& shape) {
  constexpr std::size_t dimensions_max = 6;  // PostgreSQL's
  if (level >= dimensions_max) return std::unexpected("The list is nested more than 6 levels deep.");
  const auto items = tree.children(list);
  if (shape.known[level] && shape.length[level] != items.size())
    return std::unexpected("Inner lists must have one length: the column stores rectangular arrays.");
  shape.known[level] = true;
  shape.length[level] = items.size();

  const bool inner_lists = level + 1 < column.type.array_dimensions;
  out += '{';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += column.type.native == "box" ? ';' : ',';
    if (inner_lists) {
      if (items[i].kind != InputKind::list) return std::unexpected("Expected a list of lists.");
      if (auto done = append_list(out, catalog, column, tree, items[i], level + 1, shape); !done) return done;
    } else if (items[i].is_null()) {
      out += "NULL";
    } else {
      auto text = scalar_text(catalog, column, items[i]);
      if (!text) return std::unexpected(std::move(text).error());
      sql::append_quoted_element(out, *text);
    }
  }
  out += '}';
  return {};
}

}  // namespace

std::expected<std::optional<std::string>, std::string> input_text(const catalog::Catalog& catalog,
                                                                  const catalog::Column& column,
                                                                  const graphql::InputTree& tree,
                                                                  const graphql::InputNode& node,
                                                                  bool element) {
  if (node.is_null()) return std::nullopt;
  if (element || !column.type.is_array()) return scalar_text(catalog, column, node);
  if (node.kind != InputKind::list) return std::unexpected("Expected a list.");
  std::string out;
  ArrayShape shape;
  if (auto done = append_list(out, catalog, column, tree, node, 0, shape); !done)
    return std::unexpected(std::move(done).error());
  return out;
}

}  // namespace tenon::api
