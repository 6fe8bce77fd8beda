// Types and defaults in PostgreSQL's words.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "migrate/compare.h"
#include "migrate/ddl.h"
#include "migrate/match.h"
#include "psl/native_types.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

struct TypeWord {
  TypeKind kind;
  std::string_view word;
  bool takes_length = false;
  bool takes_precision = false;
};

constexpr TypeWord words[] = {
    {TypeKind::boolean, "BOOLEAN"},
    {TypeKind::int16, "SMALLINT"},
    {TypeKind::int32, "INTEGER"},
    {TypeKind::int64, "BIGINT"},
    {TypeKind::float32, "REAL"},
    {TypeKind::float64, "DOUBLE PRECISION"},
    {TypeKind::money, "MONEY"},
    {TypeKind::varchar, "VARCHAR", true},
    {TypeKind::character, "CHAR", true},
    {TypeKind::bytes, "BYTEA"},
    {TypeKind::date, "DATE"},
    {TypeKind::time, "TIME", false, true},
    {TypeKind::timetz, "TIMETZ", false, true},
    {TypeKind::timestamp, "TIMESTAMP", false, true},
    {TypeKind::timestamptz, "TIMESTAMPTZ", false, true},
    {TypeKind::uuid, "UUID"},
    {TypeKind::json, "JSON"},
    {TypeKind::jsonb, "JSONB"},
    {TypeKind::xml, "XML"},
    {TypeKind::bit, "BIT", true},
    {TypeKind::varbit, "VARBIT", true},
    {TypeKind::inet, "INET"},
    {TypeKind::oid, "OID"},
};

std::string decimal_word(const ColumnType& type) {
  // A negative scale stands in the type's own text only.
  if (!type.precision || type.native.contains('-')) return type.precision ? type.native : "DECIMAL";
  return fmt::format("DECIMAL({},{})", *type.precision, type.scale.value_or(0));
}

std::string element_type(const Difference& difference, const Catalog& catalog, const ColumnType& type) {
  if (difference.origins.after == Origin::database && !type.domain.empty() &&
      &catalog == difference.catalogs.after)
    return type.domain;
  if (type.kind == TypeKind::enumeration && type.enum_id) {
    const Enum& row = catalog[*type.enum_id];
    const std::string name = quote_name(Engine::postgresql, row.name);
    if (!difference.names_schemas && catalog[row.schema].name == difference.default_schema) return name;
    return quote_name(Engine::postgresql, catalog[row.schema].name) + "." + name;
  }
  if (type.kind == TypeKind::decimal) return decimal_word(type);
  // Blank-padded of any length, which CHAR is not.
  if (type.kind == TypeKind::character && type.native == "bpchar") return "BPCHAR";
  if (type.kind == TypeKind::text) {
    const std::string name = psl::short_type_name({.kind = type.kind, .native = type.native});
    return name == "citext" ? "CITEXT" : "TEXT";
  }
  const auto* const found = std::ranges::find(words, type.kind, &TypeWord::kind);
  if (found == std::end(words)) return type.native;
  if (found->takes_length && type.length) return fmt::format("{}({})", found->word, *type.length);
  if (found->takes_precision && type.precision) return fmt::format("{}({})", found->word, *type.precision);
  return std::string(found->word);
}

bool is_moment(TypeKind kind) {
  constexpr std::array kinds{TypeKind::timestamp, TypeKind::timestamptz, TypeKind::date, TypeKind::time,
                             TypeKind::timetz};
  return std::ranges::find(kinds, kind) != kinds.end();
}

// 2020-01-01T00:00:00Z as 2020-01-01 00:00:00 +00:00.
std::string spaced_moment(std::string text) {
  if (!moment_of(text) || text.size() < 16 || text[10] != 'T') return text;
  text[10] = ' ';
  if (text.ends_with('Z')) return text.substr(0, text.size() - 1) + " +00:00";
  const std::size_t zone = text.find_first_of("+-", 11);
  if (zone != std::string::npos) text.insert(zone, " ");
  return text;
}

std::string literal(const ColumnType& type, const std::string& text) {
  if (is_bare_literal(type.kind) && text.find_first_not_of("0123456789.-+truefals") == std::string::npos)
    return text;
  return quote_text(Engine::postgresql, is_moment(type.kind) ? spaced_moment(text) : text);
}

}  // namespace

std::string postgres_type(const Difference& difference, const Catalog& catalog, const ColumnType& type) {
  return element_type(difference, catalog, type) + (type.is_array() ? "[]" : "");
}

std::string postgres_default(const Difference& difference, const Catalog& catalog, const Column& column) {
  const Default& value = column.default_value;
  switch (value.kind) {
    case Default::Kind::none:
      return {};
    case Default::Kind::now:
      return "CURRENT_TIMESTAMP";
    case Default::Kind::expression:
      return value.text;
    case Default::Kind::autoincrement:
      return value.sequence.empty()
                 ? ""
                 : fmt::format("nextval({}::regclass)", quote_text(Engine::postgresql, value.sequence));
    case Default::Kind::literal:
      break;
  }
  if (!value.is_array) return literal(column.type, value.text);
  std::vector<std::string> items;
  for (const std::string& item : value.items) items.push_back(literal(column.type, item));
  return fmt::format("ARRAY[{}]::{}", fmt::join(items, ", "),
                     postgres_type(difference, catalog, column.type));
}

// The longer of the two names loses bytes first, as in PostgreSQL's makeObjectName.
std::string serial_sequence_name(std::string_view table, std::string_view column) {
  constexpr std::size_t room = 63 - 5;  // `_` and `_seq`
  while (table.size() + column.size() > room) {
    std::string_view& longer = table.size() > column.size() ? table : column;
    longer.remove_suffix(1);
    while (!longer.empty() && (static_cast<unsigned char>(longer.back()) & 0xC0U) == 0xC0U)
      longer.remove_suffix(1);
  }
  return fmt::format("{}_{}_seq", table, column);
}

}  // namespace tenon::migrate
