// Prisma's table of type changes for PostgreSQL, and the conversions that PostgreSQL has beyond it.
#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "migrate/cast.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

using Types = Pair<const ColumnType*>;

// Rows and columns: int16 int32 int64 oid float64 float32 decimal money bit varbit boolean timestamp
// timestamptz date time timetz jsonb json bytes uuid xml inet. `.` the same, s safe, r risky, D no
// conversion, d safe when the digits fit. What turns into text is decided by its width below.
constexpr std::array<TypeKind, 22> order{
    TypeKind::int16,   TypeKind::int32,     TypeKind::int64,       TypeKind::oid,   TypeKind::float64,
    TypeKind::float32, TypeKind::decimal,   TypeKind::money,       TypeKind::bit,   TypeKind::varbit,
    TypeKind::boolean, TypeKind::timestamp, TypeKind::timestamptz, TypeKind::date,  TypeKind::time,
    TypeKind::timetz,  TypeKind::jsonb,     TypeKind::json,        TypeKind::bytes, TypeKind::uuid,
    TypeKind::xml,     TypeKind::inet};
constexpr std::array<std::string_view, 22> changes{
    ".ssDssdDDDDDDDDDDDDDDD",  // int16
    "r.sDssdDDDDDDDDDDDDDDD",  // int32
    "rr.DssdDDDDDDDDDDDDDDD",  // int64
    "Dss.DDDDDDDDDDDDDDDDDD",  // oid
    "rrrD.rrDDDDDDDDDDDDDDD",  // float64
    "rrrDs.rDDDDDDDDDDDDDDD",  // float32
    "rrrDrrdDDDDDDDDDDDDDDD",  // decimal
    "rrrrrrr.rrrrrrrrrrrrrr",  // money
    "DDDDDDDD.sDDDDDDDDDDDD",  // bit
    "DDDDDDDDr.DDDDDDDDDDDD",  // varbit
    "DDDDDDDDDD.DDDDDDDDDDD",  // boolean
    "DDDDDDDDDDDsssssDDDDDD",  // timestamp
    "DDDDDDDDDDDsssssDDDDDD",  // timestamptz
    "DDDDDDDDDDDsssDDDDDDDD",  // date
    "DDDDDDDDDDDDDDssDDDDDD",  // time
    "DDDDDDDDDDDDDDssDDDDDD",  // timetz
    "DDDDDDDDDDDDDDDD.sDDDD",  // jsonb
    "DDDDDDDDDDDDDDDDs.DDDD",  // json
    "DDDDDDDDDDDDDDDDDD.DDD",  // bytes
    "DDDDDDDDDDDDDDDDDDD.DD",  // uuid
    "DDDDDDDDDDDDDDDDDDDD.D",  // xml
    "DDDDDDDDDDDDDDDDDDDDD.",  // inet
};

bool is_text(TypeKind kind) {
  return kind == TypeKind::text || kind == TypeKind::varchar || kind == TypeKind::character;
}

bool is_number(TypeKind kind) {
  constexpr std::array kinds{TypeKind::int16,   TypeKind::int32,   TypeKind::int64, TypeKind::float32,
                             TypeKind::float64, TypeKind::decimal, TypeKind::money, TypeKind::oid};
  return std::ranges::find(kinds, kind) != kinds.end();
}

// Characters that the longest value takes; nullopt: no bound. `fails`: a text that is too short cannot be
// converted to at all.
struct Width {
  std::optional<std::uint32_t> characters;
  bool fails = false;
};

Width width_of(const ColumnType& type) {
  switch (type.kind) {
    case TypeKind::int16:
      return {6};
    case TypeKind::int32:
      return {11};
    case TypeKind::int64:
      return {20};
    case TypeKind::oid:
      return {10};
    case TypeKind::float32:
      return {14};
    case TypeKind::decimal:
      return {type.precision.value_or(1000) + 2};
    case TypeKind::money:
    case TypeKind::boolean:
      return {5};
    case TypeKind::bit:
    case TypeKind::varbit:
      return {type.length.value_or(1)};
    case TypeKind::uuid:
      return {36, true};
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::timetz:
      return {28, true};
    default:
      return {std::nullopt};
  }
}

Cast to_text(const ColumnType& from, const ColumnType& to) {
  if (to.kind == TypeKind::text) return Cast::safe;
  const bool is_fixed = to.kind == TypeKind::character;
  if (from.kind == TypeKind::inet) return is_fixed ? Cast::impossible : Cast::safe;
  if ((from.kind == TypeKind::bytes || from.kind == TypeKind::oid) && is_fixed) return Cast::impossible;
  const std::optional<std::uint32_t> room = is_fixed ? std::optional(to.length.value_or(1)) : to.length;
  if (!room) return Cast::safe;
  const Width width = width_of(from);
  if (width.characters && *width.characters <= *room) return Cast::safe;
  return width.fails ? Cast::impossible : Cast::risky;
}

Cast between_texts(const ColumnType& from, const ColumnType& to) {
  if (to.kind == TypeKind::text) return Cast::safe;
  if (from.kind == TypeKind::text)
    return to.kind == TypeKind::varchar && !to.length ? Cast::safe : Cast::risky;
  if (to.kind == TypeKind::varchar && !to.length) return Cast::safe;
  const std::uint32_t before = from.length.value_or(from.kind == TypeKind::character ? 1 : ~0U);
  return before <= to.length.value_or(1) ? Cast::safe : Cast::risky;
}

// Whether a number of `digits` before the point fits.
bool digits_fit(const ColumnType& from, const ColumnType& to) {
  if (!to.precision) return true;
  const std::uint32_t room = *to.precision - std::min(*to.precision, to.scale.value_or(0));
  switch (from.kind) {
    case TypeKind::int16:
      return room >= 5;
    case TypeKind::int32:
      return room >= 10;
    case TypeKind::int64:
      return room >= 19;
    default:
      break;
  }
  if (!from.precision) return false;
  const std::uint32_t scale = from.scale.value_or(0);
  return room >= *from.precision - std::min(*from.precision, scale) && to.scale.value_or(0) >= scale;
}

std::optional<std::size_t> position(TypeKind kind) {
  const auto found = std::ranges::find(order, kind);
  if (found == order.end()) return std::nullopt;
  return static_cast<std::size_t>(found - order.begin());
}

}  // namespace

Cast prisma_cast_postgres(Types types) {
  const ColumnType& from = *types.before;
  const ColumnType& to = *types.after;
  if (from.is_array() != to.is_array())
    return from.is_array() && to.kind == TypeKind::text ? Cast::safe : Cast::impossible;
  if (is_text(from.kind)) return is_text(to.kind) ? between_texts(from, to) : Cast::impossible;
  if (is_text(to.kind)) return position(from.kind) ? to_text(from, to) : Cast::impossible;
  const std::optional<std::size_t> row = position(from.kind);
  const std::optional<std::size_t> column = position(to.kind);
  if (!row || !column) return Cast::impossible;
  switch (changes[*row][*column]) {
    case 's':
      return Cast::safe;
    case 'r':
      return Cast::risky;
    case 'd':
      return digits_fit(from, to) ? Cast::safe : Cast::risky;
    case '.':
      return from.length.value_or(0) <= to.length.value_or(0) ? Cast::safe : Cast::risky;
    default:
      return Cast::impossible;
  }
}

namespace {

bool is_json(TypeKind kind) { return kind == TypeKind::json || kind == TypeKind::jsonb; }

bool is_other_text_form(TypeKind kind) {
  constexpr std::array kinds{TypeKind::interval, TypeKind::cidr,    TypeKind::macaddr,   TypeKind::name,
                             TypeKind::tsvector, TypeKind::tsquery, TypeKind::range,     TypeKind::multirange,
                             TypeKind::geometry, TypeKind::hstore,  TypeKind::composite, TypeKind::other};
  return std::ranges::find(kinds, kind) != kinds.end();
}

std::optional<std::string> number_using(TypeKind from, TypeKind to) {
  if (from == TypeKind::oid && to == TypeKind::money) return "{}::bigint::numeric::money";
  if (to == TypeKind::money)
    return from == TypeKind::int32 || from == TypeKind::int64 || from == TypeKind::decimal
               ? ""
               : "{}::numeric::money";
  if (from == TypeKind::money) return to == TypeKind::decimal ? "" : "{}::numeric::{type}";
  if (from == TypeKind::oid && to != TypeKind::int32 && to != TypeKind::int64) return "{}::bigint::{type}";
  if (to == TypeKind::oid && from != TypeKind::int16 && from != TypeKind::int32 && from != TypeKind::int64)
    return "{}::bigint::oid";
  return "";
}

std::optional<std::string> time_using(TypeKind from, TypeKind to) {
  constexpr std::array stamps{TypeKind::timestamp, TypeKind::timestamptz};
  const bool from_stamp = std::ranges::find(stamps, from) != stamps.end();
  if (from == TypeKind::timestamp && to == TypeKind::timetz) return "{}::timestamptz::{type}";
  if (from_stamp) return "";
  if (from == TypeKind::date && (to == TypeKind::timestamp || to == TypeKind::timestamptz)) return "";
  if ((from == TypeKind::time && to == TypeKind::timetz) ||
      (from == TypeKind::timetz && to == TypeKind::time))
    return "";
  return std::nullopt;
}

bool is_time(TypeKind kind) {
  constexpr std::array kinds{TypeKind::timestamp, TypeKind::timestamptz, TypeKind::date, TypeKind::time,
                             TypeKind::timetz};
  return std::ranges::find(kinds, kind) != kinds.end();
}

// Between single values.
std::optional<std::string> scalar_using(TypeKind from, TypeKind to) {
  if (is_text(to)) return "";
  if (from == to && from != TypeKind::enumeration) return is_other_text_form(from) ? "{}::text::{type}" : "";
  if (is_text(from)) return "{}::{type}";
  if (from == TypeKind::enumeration || to == TypeKind::enumeration)
    return is_number(from) || is_time(from) || is_number(to) || is_time(to)
               ? std::nullopt
               : std::optional<std::string>("{}::text::{type}");
  if (is_number(from) && is_number(to)) return number_using(from, to);
  if (is_time(from) && is_time(to)) return time_using(from, to);
  if (is_json(from)) return is_json(to) ? "" : "({} #>> '{{}}')::{type}";
  if (is_json(to)) return to == TypeKind::jsonb ? "to_jsonb({})" : "to_json({})";
  if (from == TypeKind::boolean && is_number(to)) return "{}::integer::{type}";
  if (to == TypeKind::boolean && is_number(from) && from != TypeKind::money && from != TypeKind::oid)
    return "({} <> 0)";
  if ((from == TypeKind::bit || from == TypeKind::varbit) && (to == TypeKind::bit || to == TypeKind::varbit))
    return "";
  if (is_other_text_form(from) || is_other_text_form(to)) return "{}::text::{type}";
  return std::nullopt;
}

}  // namespace

namespace {

// The first one: further on `{}` may belong to a literal.
std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

}  // namespace

std::optional<std::string> postgres_using(Types types) {
  const ColumnType& from = *types.before;
  const ColumnType& to = *types.after;
  const std::optional<std::string> element = scalar_using(from.kind, to.kind);
  if (from.is_array() && to.is_array())
    return !element || element->empty() ? element : std::optional<std::string>("{}::text[]::{type}");
  if (from.is_array() && (is_text(to.kind) || is_json(to.kind)))
    return scalar_using(TypeKind::bytes, to.kind);
  if (!element || from.is_array() == to.is_array()) return element;
  // Between one value and a list of them, each converted by its own rule.
  const std::string each = element->empty() ? "{}::{type}" : *element;
  if (from.is_array()) return replaced(each, "{}", "({}[1])");
  return fmt::format("array_remove(ARRAY[{}], NULL)", replaced(each, "{type}", "{element}"));
}

namespace {

// Where Prisma sees no conversion.
Cast own_cast(Types types, const std::string& conversion) {
  const ColumnType& from = *types.before;
  const ColumnType& to = *types.after;
  // Only the first of a list's values is kept; only zero of a number's.
  if (conversion.contains("[1]") || conversion.contains("<> 0")) return Cast::risky;
  const bool same_element = from.is_array() != to.is_array() && from.kind == to.kind;
  const bool always = to.kind == TypeKind::text || conversion.starts_with("to_json") || same_element ||
                      (from.kind == TypeKind::boolean && is_number(to.kind));
  return always ? Cast::safe : Cast::checked;
}

}  // namespace

Cast cast_of(Engine engine, Types types, Compat compat) {
  if (engine == Engine::mysql) {
    const Cast theirs = prisma_cast_mysql(types);
    if (compat == Compat::prisma || theirs != Cast::impossible) return theirs;
    // MODIFY converts everything that has a meaning in both types and refuses what does not fit.
    constexpr std::array times{TypeKind::date, TypeKind::time, TypeKind::timestamp, TypeKind::timestamptz};
    const auto is_moment = [&](TypeKind kind) { return std::ranges::find(times, kind) != times.end(); };
    return is_moment(types.before->kind) || is_moment(types.after->kind) ? Cast::impossible : Cast::checked;
  }
  const bool has_enum =
      types.before->kind == TypeKind::enumeration || types.after->kind == TypeKind::enumeration;
  const Cast theirs = has_enum ? Cast::impossible : prisma_cast_postgres(types);
  if (compat == Compat::prisma) return theirs;
  const std::optional<std::string> conversion = postgres_using(types);
  if (!conversion) return Cast::impossible;
  return theirs == Cast::impossible ? own_cast(types, *conversion) : theirs;
}

}  // namespace tenon::migrate
