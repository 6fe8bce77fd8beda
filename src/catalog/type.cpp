#include "catalog/type.h"

#include <array>

namespace tenon::catalog {

namespace {

// In the order of TypeKind.
constexpr std::array<std::string_view, 41> names{
    "boolean", "int8",    "int16",      "int24",     "int32",       "int64",     "float32",
    "float64", "decimal", "money",      "text",      "varchar",     "character", "bytes",
    "date",    "time",    "timetz",     "timestamp", "timestamptz", "year",      "interval",
    "uuid",    "json",    "jsonb",      "xml",       "enumeration", "set",       "bit",
    "varbit",  "inet",    "cidr",       "macaddr",   "oid",         "name",      "tsvector",
    "tsquery", "range",   "multirange", "geometry",  "composite",   "hstore"};

}  // namespace

std::string_view to_string(TypeKind kind) {
  return kind == TypeKind::other ? "other" : names[static_cast<std::size_t>(kind)];
}

static_assert(static_cast<std::size_t>(TypeKind::other) == names.size());

}  // namespace tenon::catalog
