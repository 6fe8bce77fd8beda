// Types and defaults in MySQL's words.
#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "migrate/compare.h"
#include "migrate/ddl.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); });
  return text;
}

bool has_no_literal_default(TypeKind kind) {
  return kind == TypeKind::json || kind == TypeKind::bytes || kind == TypeKind::bit;
}

// In UTC and without a zone, which no version refuses.
std::string moment_literal(const ColumnType& type, const std::string& text) {
  const std::optional<std::int64_t> micros = moment_of(text);
  if (!micros) return quote_text(Engine::mysql, text);
  const std::chrono::sys_time<std::chrono::microseconds> moment{std::chrono::microseconds(*micros)};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(moment);
  const auto fraction = (moment - seconds).count();
  const std::string_view format = type.kind == TypeKind::date   ? "{:%Y-%m-%d}"
                                  : type.kind == TypeKind::time ? "{:%H:%M:%S}"
                                                                : "{:%Y-%m-%d %H:%M:%S}";
  std::string literal =
      fmt::format(fmt::runtime(format), std::chrono::system_clock::to_time_t(seconds) == 0
                                            ? fmt::gmtime(0)
                                            : fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
  if (type.kind != TypeKind::date && type.precision.value_or(0) > 0)
    literal += fmt::format(".{:06}", fraction).substr(0, 1 + std::min(*type.precision, 6U));
  return "'" + literal + "'";
}

std::string prisma_moment(const std::string& text) {
  return quote_text(Engine::mysql, text.ends_with('Z') ? text.substr(0, text.size() - 1) + "+00:00" : text);
}

bool is_moment(TypeKind kind) {
  constexpr std::array kinds{TypeKind::timestamp, TypeKind::timestamptz, TypeKind::date, TypeKind::time};
  return std::ranges::find(kinds, kind) != kinds.end();
}

std::string now_words(const ColumnType& type, Compat compat) {
  if (compat == Compat::tenon && type.kind == TypeKind::date) return "(CURRENT_DATE)";
  if (compat == Compat::tenon && type.kind == TypeKind::time) return "(CURRENT_TIME)";
  if (type.kind == TypeKind::date) return "CURRENT_TIMESTAMP(3)";
  return fmt::format("CURRENT_TIMESTAMP({})", type.precision.value_or(0));
}

}  // namespace

std::string mysql_type(const Catalog& catalog, const ColumnType& type) {
  if (type.kind == TypeKind::enumeration && type.enum_id) {
    std::vector<std::string> labels;
    for (const EnumValue& value : catalog[*type.enum_id].values)
      labels.push_back(quote_text(Engine::mysql, value.label));
    return fmt::format("ENUM({})", fmt::join(labels, ", "));
  }
  if (type.kind == TypeKind::set || type.kind == TypeKind::other) return type.native;
  std::string text = upper(type.native);
  if (text.starts_with("TINYINT(1)")) return "BOOLEAN" + text.substr(10);
  if (text == "INT" || text.starts_with("INT ") || text.starts_with("INT("))
    text = "INTEGER" + text.substr(3);
  if (type.kind == TypeKind::decimal && type.precision)
    text = fmt::format("DECIMAL({}, {}){}", *type.precision, type.scale.value_or(0),
                       type.is_unsigned ? " UNSIGNED" : "");
  const bool takes_fraction =
      type.kind == TypeKind::timestamp || type.kind == TypeKind::timestamptz || type.kind == TypeKind::time;
  if (takes_fraction && !text.contains('(')) text += fmt::format("({})", type.precision.value_or(0));
  return text;
}

std::string mysql_default(const Difference& difference, const Column& column) {
  const Default& value = column.default_value;
  const bool is_tenon = difference.compat == Compat::tenon;
  const TypeKind kind = column.type.kind;
  switch (value.kind) {
    case Default::Kind::none:
    case Default::Kind::autoincrement:
      return {};
    case Default::Kind::now:
      return now_words(column.type, difference.compat);
    case Default::Kind::expression:
      if (!is_tenon || value.text.empty()) return value.text;
      // Only the current time may stand without parentheses everywhere.
      return upper(value.text).starts_with("CURRENT_TIMESTAMP") ? value.text : in_parentheses(value.text);
    case Default::Kind::literal:
      break;
  }
  if (has_no_literal_default(kind)) return {};
  if (is_bare_literal(kind) && value.text.find_first_not_of("0123456789.-+truefals") == std::string::npos)
    return value.text;
  if (!is_tenon) {
    if (is_moment(kind)) return prisma_moment(value.text);
    return quote_text(Engine::postgresql, value.text);
  }
  if (is_moment(kind)) return moment_literal(column.type, value.text);
  const std::string text = quote_text(Engine::mysql, value.text);
  return kind == TypeKind::text ? in_parentheses(text) : text;
}

}  // namespace tenon::migrate
