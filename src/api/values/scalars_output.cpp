// From the engine's text to JSON.
#include <algorithm>
#include <charconv>
#include <cstdint>

#include "api/values/scalars.h"
#include "api/values/time_text.h"
#include "base/ascii.h"
#include "base/base64.h"
#include "base/json_writer.h"
#include "sql/array_text.h"

namespace tenon::api {

namespace {

using base::is_digit;

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  out += text;
  out += '"';
}

// NaN, Infinity and -Infinity are no JSON numbers.
void append_float(std::string& out, std::string_view text) {
  const std::string_view magnitude = text.starts_with('-') ? text.substr(1) : text;
  if (!magnitude.empty() && is_digit(magnitude.front())) {
    out += text;
  } else {
    append_quoted(out, text);
  }
}

// `$1,234.56` and what other lc_monetary settings make of it, as plain digits. The last separator is the
// decimal point unless three digits follow it.
void append_money(std::string& out, std::string_view text) {
  const std::size_t last = text.find_last_of(".,");
  const auto digits_after =
      last == std::string_view::npos ? 0 : std::ranges::count_if(text.substr(last), is_digit);
  const bool negative = text.contains('-') || text.contains('(');
  out += '"';
  if (negative) out += '-';
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) out += text[i];
    if (i == last && digits_after != 3 && digits_after != 0) out += '.';
  }
  out += '"';
}

// The bytes of the older form, with `\\` and octal escapes.
std::string unescape_bytes(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes += text[i];
    } else if (i + 3 < text.size() && is_digit(text[i + 1])) {
      bytes += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + text[i + 3] - '0');
      i += 3;
    } else {
      bytes += '\\';
      ++i;
    }
  }
  return bytes;
}

// `\x…` in hexadecimal, or the older form; MySQL gives the bytes themselves.
void append_bytes(std::string& out, bool raw, std::string_view text) {
  if (raw) {
    out += '"';
    base::append_base64(out, text);
    out += '"';
    return;
  }
  const auto bytes = text.starts_with("\\x") ? base::decode_hex(text.substr(2)) : std::nullopt;
  out += '"';
  base::append_base64(out, bytes ? *bytes : unescape_bytes(text));
  out += '"';
}

// The number's last `length` binary digits; text that is no number has them already.
void append_bits(std::string& out, const catalog::ColumnType& type, std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return base::append_json_string(out, text);
  out += '"';
  for (std::uint32_t i = type.length.value_or(1); i > 0; --i)
    out += ((value >> (i - 1)) & 1U) != 0 ? '1' : '0';
  out += '"';
}

// A label the catalog does not know (added to the database since) goes out as it is.
void append_enum_value(std::string& out, const catalog::Enum& type, std::string_view label) {
  for (const catalog::EnumValue& value : type.values)
    if (value.label == label) return append_quoted(out, value.value_name);
  base::append_json_string(out, label);
}

// Each label is the name of its value.
bool has_plain_labels(const catalog::Enum& type) {
  return std::ranges::all_of(type.values,
                             [](const catalog::EnumValue& value) { return value.label == value.value_name; });
}

void append_scalar(std::string& out, const catalog::Catalog& catalog, const catalog::Column& column,
                   OutputFormat format, std::string_view text) {
  const auto is_mysql = [&] { return catalog.engine_of(column.table) == catalog::Engine::mysql; };
  switch (format) {
    case OutputFormat::string:
      return base::append_json_string(out, text);
    case OutputFormat::integer:
    case OutputFormat::json:
      out += text;
      return;
    case OutputFormat::float_:
      return append_float(out, text);
    case OutputFormat::boolean:
      out += text == "t" || text == "1" ? "true" : "false";
      return;
    case OutputFormat::decimal:
      if (column.type.kind == catalog::TypeKind::money) return append_money(out, text);
      return append_quoted(out, text);
    case OutputFormat::big_integer:
    case OutputFormat::time:
      return append_quoted(out, text);
    case OutputFormat::timestamp:
      return append_timestamp(out, text);
    case OutputFormat::timestamptz:
      // The session's time zone is UTC, and the text does not say so.
      return is_mysql() ? append_timestamp(out, text) : append_timestamptz(out, text);
    case OutputFormat::timetz:
      return append_timetz(out, text);
    case OutputFormat::base64:
      return append_bytes(out, is_mysql(), text);
    case OutputFormat::bits:
      if (is_mysql()) return append_bits(out, column.type, text);
      return base::append_json_string(out, text);
    case OutputFormat::identity:
      if (const auto end = text.rfind("::"); end != std::string_view::npos) text.remove_prefix(end + 2);
      return base::append_json_string(out, text);
    case OutputFormat::enumeration:
      return append_enum_value(out, catalog[*column.type.enum_id], text);
  }
}

// Text that is no array after all goes out as a string: better seen than lost.
void append_array(std::string& out, const catalog::Catalog& catalog, const catalog::Column& column,
                  OutputFormat format, std::string_view text) {
  const std::size_t start = out.size();
  sql::ArrayReader reader(text, column.type.native == "box" ? ';' : ',');
  bool needs_comma = false;
  while (true) {
    const sql::ArrayReader::Token token = reader.next();
    if (token == sql::ArrayReader::Token::end) return;
    if (token == sql::ArrayReader::Token::malformed) {
      out.resize(start);
      return base::append_json_string(out, text);
    }
    if (token == sql::ArrayReader::Token::close) {
      out += ']';
      needs_comma = true;
      continue;
    }
    if (needs_comma) out += ',';
    needs_comma = token != sql::ArrayReader::Token::open;
    if (token == sql::ArrayReader::Token::open) {
      out += '[';
    } else if (token == sql::ArrayReader::Token::null) {
      out += "null";
    } else {
      append_scalar(out, catalog, column, format, reader.element());
    }
  }
}

}  // namespace

CellCopy cell_copy(const catalog::Catalog& catalog, const catalog::Column& column, OutputFormat format) {
  if (column.type.is_array()) return CellCopy::converted;
  switch (format) {
    case OutputFormat::string:
      return CellCopy::escaped;
    case OutputFormat::integer:
    case OutputFormat::json:
      return CellCopy::as_it_is;
    case OutputFormat::decimal:
      return column.type.kind == catalog::TypeKind::money ? CellCopy::converted : CellCopy::quoted;
    case OutputFormat::big_integer:
    case OutputFormat::time:
      return CellCopy::quoted;
    case OutputFormat::float_:
      return CellCopy::number;
    case OutputFormat::boolean:
      return CellCopy::boolean;
    case OutputFormat::timestamptz:
      return CellCopy::utc;
    case OutputFormat::enumeration:
      return column.type.enum_id && has_plain_labels(catalog[*column.type.enum_id]) ? CellCopy::escaped
                                                                                    : CellCopy::converted;
    default:
      return CellCopy::converted;
  }
}

void append_output(std::string& out, const catalog::Catalog& catalog, const catalog::Column& column,
                   OutputFormat format, std::string_view text) {
  if (column.type.is_array()) return append_array(out, catalog, column, format, text);
  append_scalar(out, catalog, column, format, text);
}

}  // namespace tenon::api
