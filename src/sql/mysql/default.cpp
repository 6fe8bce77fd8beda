#include "sql/mysql/default.h"

#include <algorithm>

#include "base/base64.h"
#include "base/hash.h"
#include "sql/mysql/introspect_types.h"

namespace tenon::sql::mysql {

using catalog::ColumnType;
using catalog::Default;
using catalog::TypeKind;

namespace {

Default literal(std::string text) { return {.kind = Default::Kind::literal, .text = std::move(text)}; }
Default expression(std::string text) { return {.kind = Default::Kind::expression, .text = std::move(text)}; }

bool is_moment(TypeKind kind) {
  return kind == TypeKind::timestamp || kind == TypeKind::timestamptz || kind == TypeKind::date ||
         kind == TypeKind::time;
}

bool is_number_kind(TypeKind kind) {
  switch (kind) {
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::float32:
    case TypeKind::float64:
    case TypeKind::decimal:
    case TypeKind::year:
      return true;
    default:
      return false;
  }
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return out;
}

// CURRENT_TIMESTAMP, current_timestamp(), CURRENT_TIMESTAMP(3)
bool is_now(std::string_view text) {
  const std::string name = lower(text);
  constexpr std::string_view lead = "current_timestamp";
  if (!name.starts_with(lead)) return false;
  const std::string_view rest = std::string_view(name).substr(lead.size());
  return rest.empty() ||
         (rest.starts_with('(') && rest.find_first_not_of("0123456789", 1) == rest.size() - 1);
}

bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && std::ranges::any_of(text, digit) &&
         std::ranges::all_of(text, [&](char c) { return digit(c) || c == '.'; }) &&
         std::ranges::count(text, '.') <= 1;
}

// The text is one pair of parentheses and what is in it.
bool is_enclosed(std::string_view text) {
  if (!text.starts_with('(') || !text.ends_with(')')) return false;
  int depth = 0;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0') {
      if (c == '\\' && quote != '`') ++i;
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth == 0 && i + 1 < text.size()) {
      return false;
    }
  }
  return depth == 0;
}

// `_utf8mb4'…'` or `'…'` and nothing behind it.
std::optional<std::string> whole_string(std::string_view text) {
  if (text.starts_with('_')) text.remove_prefix(std::min(text.find('\''), text.size()));
  auto found = take_quoted(text);
  return found && text.empty() ? found : std::nullopt;
}

std::string bytes_literal(std::string_view bytes) { return "\\x" + base::hex(bytes); }

// What the quoted text is for the type. information_schema of MariaDB shows a byte that is no text as a
// question mark; then there is some default, and nobody knows which.
Default string_default(std::string text, const ColumnType& type, const Capabilities& server) {
  if (type.kind != TypeKind::bytes) return literal(std::move(text));
  if (server.quotes_defaults && text.find('?') != std::string::npos) return expression("");
  return literal(bytes_literal(text));
}

// 00007 of a zerofill column.
std::string without_leading_zeros(std::string text) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const auto first = std::min(text.find_first_not_of('0', sign), text.size());
  const bool keeps_one = first == text.size() || text[first] == '.';
  return text.erase(sign, first - sign - (keeps_one && first > sign ? 1 : 0));
}

// b'0' and b'1' of a bit(1); 0 and 1 of a tinyint(1).
std::optional<Default> boolean_default(std::string_view text) {
  if (text == "0" || text == "b'0'") return literal("false");
  if (text == "1" || text == "b'1'") return literal("true");
  return std::nullopt;
}

// MySQL shows a literal as it is, without quotes.
Default bare_default(const std::string& text, const ColumnType& type, const Capabilities& server) {
  if (type.kind == TypeKind::bit) return expression(text);
  if (type.kind == TypeKind::bytes && text.starts_with("0x"))
    if (const auto bytes = base::decode_hex(std::string_view(text).substr(2)))
      return literal(bytes_literal(*bytes));
  return string_default(text, type, server);
}

}  // namespace

Default parse_default(const std::optional<std::string>& text, bool is_expression, const ColumnType& type,
                      const Capabilities& server) {
  if (!text || (server.quotes_defaults && *text == "NULL")) return {};
  if (is_moment(type.kind) && is_now(*text)) return {.kind = Default::Kind::now};
  if (type.kind == TypeKind::boolean)
    if (auto found = boolean_default(*text)) return *found;
  if (is_number_kind(type.kind) && is_number(*text)) return literal(without_leading_zeros(*text));
  if (!server.quotes_defaults && !is_expression) return bare_default(*text, type, server);
  const std::string sql = expression_text(*text, server);
  if (auto found = whole_string(sql)) return string_default(std::move(*found), type, server);
  if (type.kind == TypeKind::bit && sql.starts_with("b'")) return expression(sql);
  return expression("(" + sql + ")");
}

std::string expression_text(std::string_view text, const Capabilities& server) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '\\' && i + 1 < text.size();
    if (server.escapes_catalog && is_escape && (text[i + 1] == '\'' || text[i + 1] == '\\')) ++i;
    out += text[i];
  }
  return is_enclosed(out) ? out.substr(1, out.size() - 2) : out;
}

}  // namespace tenon::sql::mysql
