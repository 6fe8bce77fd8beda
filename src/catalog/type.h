// The type of a column: a neutral kind that all engines share, and the engine's own spelling, from which the
// database can be told exactly the same type again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/id.h"

namespace tenon::catalog {

enum class TypeKind : std::uint8_t {
  boolean,
  int8,  // MySQL tinyint
  int16,
  int24,  // MySQL mediumint
  int32,
  int64,
  float32,
  float64,
  decimal,
  money,
  text,     // any length; citext and MySQL's *text too, told apart by `native`
  varchar,  // length in `length`
  character,
  bytes,
  date,
  time,
  timetz,
  timestamp,
  timestamptz,
  year,
  interval,
  uuid,
  json,
  jsonb,
  xml,
  enumeration,  // `enum_id`
  set,          // MySQL set
  bit,
  varbit,
  inet,
  cidr,
  macaddr,
  oid,
  name,
  tsvector,
  tsquery,
  range,
  multirange,
  geometry,
  composite,
  hstore,
  other,  // read and written as the engine's text
};

std::string_view to_string(TypeKind kind);

struct ColumnType {
  TypeKind kind = TypeKind::other;
  // As the engine would be told it, without array brackets: `numeric(10,2)`, `timestamp(3) with time zone`,
  // `"shop"."order_status"`. For a domain: the base type (see `domain`).
  std::string native;
  std::optional<EnumId> enum_id;           // of this catalog, for TypeKind::enumeration
  std::optional<std::uint32_t> length;     // characters, bytes or bits
  std::optional<std::uint32_t> precision;  // decimal digits, or digits of a fraction of a second
  std::optional<std::uint32_t> scale;
  std::uint8_t array_dimensions = 0;  // 0: not an array. PostgreSQL does not enforce the number
  bool is_unsigned = false;           // MySQL
  std::string domain;                 // qualified, quoted name of the domain the column was declared with

  bool is_array() const { return array_dimensions > 0; }
  friend bool operator==(const ColumnType&, const ColumnType&) = default;
};

}  // namespace tenon::catalog
