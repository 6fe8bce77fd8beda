#include "sql/postgres/introspect_types.h"

#include <algorithm>
#include <array>

namespace tenon::sql::postgres {

using catalog::ColumnType;
using catalog::TypeKind;

namespace {

// Domains over domains; PostgreSQL has no limit of its own.
constexpr int domain_depth_max = 100;
// What varlena types with a typmod add to it.
constexpr int typmod_offset = 4;

struct KnownType {
  std::string_view name;
  TypeKind kind;
};

constexpr std::array<KnownType, 31> built_in{{
    {"bool", TypeKind::boolean},
    {"int2", TypeKind::int16},
    {"int4", TypeKind::int32},
    {"int8", TypeKind::int64},
    {"float4", TypeKind::float32},
    {"float8", TypeKind::float64},
    {"numeric", TypeKind::decimal},
    {"money", TypeKind::money},
    {"text", TypeKind::text},
    {"varchar", TypeKind::varchar},
    {"bpchar", TypeKind::character},
    {"bytea", TypeKind::bytes},
    {"date", TypeKind::date},
    {"time", TypeKind::time},
    {"timetz", TypeKind::timetz},
    {"timestamp", TypeKind::timestamp},
    {"timestamptz", TypeKind::timestamptz},
    {"interval", TypeKind::interval},
    {"uuid", TypeKind::uuid},
    {"json", TypeKind::json},
    {"jsonb", TypeKind::jsonb},
    {"xml", TypeKind::xml},
    {"bit", TypeKind::bit},
    {"varbit", TypeKind::varbit},
    {"inet", TypeKind::inet},
    {"cidr", TypeKind::cidr},
    {"macaddr", TypeKind::macaddr},
    {"oid", TypeKind::oid},
    {"name", TypeKind::name},
    {"tsvector", TypeKind::tsvector},
    {"tsquery", TypeKind::tsquery},
}};

// Types of extensions, which may be installed in any schema.
constexpr std::array<KnownType, 4> of_extensions{{
    {"citext", TypeKind::text},
    {"hstore", TypeKind::hstore},
    {"geometry", TypeKind::geometry},
    {"geography", TypeKind::geometry},
}};

template <std::size_t N>
TypeKind find(const std::array<KnownType, N>& known, std::string_view name) {
  const auto found = std::ranges::find(known, name, &KnownType::name);
  return found == known.end() ? TypeKind::other : found->kind;
}

TypeKind kind_of(const TypeRow& row) {
  switch (row.form) {
    case 'e':
      return TypeKind::enumeration;
    case 'c':
      return TypeKind::composite;
    case 'r':
      return TypeKind::range;
    case 'm':
      return TypeKind::multirange;
    default:
      return row.schema == "pg_catalog" ? find(built_in, row.name) : find(of_extensions, row.name);
  }
}

// Length, precision and scale are packed into the typmod, by each type in its own way.
void apply_typmod(ColumnType& type, int typmod) {
  if (typmod < 0) return;
  switch (type.kind) {
    case TypeKind::varchar:
    case TypeKind::character:
      type.length = static_cast<std::uint32_t>(typmod - typmod_offset);
      return;
    case TypeKind::bit:
    case TypeKind::varbit:
      type.length = static_cast<std::uint32_t>(typmod);
      return;
    case TypeKind::decimal: {
      const int packed = typmod - typmod_offset;
      const int scale = ((packed & 0x7ff) ^ 1024) - 1024;  // eleven bits with a sign
      type.precision = static_cast<std::uint32_t>((packed >> 16) & 0xffff);
      if (scale >= 0) type.scale = static_cast<std::uint32_t>(scale);
      return;
    }
    case TypeKind::time:
    case TypeKind::timetz:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      type.precision = static_cast<std::uint32_t>(typmod);
      return;
    case TypeKind::interval:
      if ((typmod & 0xffff) != 0xffff) type.precision = static_cast<std::uint32_t>(typmod & 0xffff);
      return;
    default:
      return;
  }
}

}  // namespace

ColumnType TypeTable::resolve(Oid oid, int typmod, int dimensions, std::string text) const {
  ColumnType type{.native = std::move(text)};
  const auto row_of = [this](Oid wanted) {
    const auto found = rows_.find(wanted);
    return found == rows_.end() ? nullptr : &found->second;
  };
  const TypeRow* row = row_of(oid);
  for (int depth = 0; row != nullptr && depth < domain_depth_max; ++depth) {
    if (row->element != 0) {
      type.array_dimensions = static_cast<std::uint8_t>(std::clamp(dimensions, 1, 6));
      row = row_of(row->element);
    } else if (row->form == 'd') {
      if (type.domain.empty()) type.domain = row->text;
      typmod = row->typmod;
      dimensions = row->dimensions;
      type.native = row->base_text;
      row = row_of(row->base);
    } else {
      break;
    }
  }
  if (row == nullptr) return type;
  type.kind = kind_of(*row);
  if (const auto found = enums_.find(row->oid); found != enums_.end()) type.enum_id = found->second;
  apply_typmod(type, typmod);
  return type;
}

}  // namespace tenon::sql::postgres
