// Column types in the words of the language: a scalar (`String`), perhaps with a native type
// (`@db.VarChar(10)`), or `Unsupported("tsvector")`. One table serves both directions, so that what is
// written reads back.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/type.h"

namespace tenon::psl {

enum class Scalar : std::uint8_t {
  integer,
  big_int,
  floating,
  decimal,
  boolean,
  string,
  date_time,
  json,
  bytes
};

std::optional<Scalar> find_scalar(std::string_view name);
std::string_view to_string(Scalar scalar);

// A type as the schema spells it, without arity. Enums are not spelled here: their name is the catalog's.
struct TypeSpelling {
  std::optional<Scalar> scalar;  // absent: Unsupported(`unsupported`)
  std::string unsupported;
  std::string native;  // what follows `@db.`, arguments included; empty when it is the scalar's default
};

TypeSpelling spell_type(catalog::Engine engine, const catalog::ColumnType& type);

// The same type in the words that reading gives: timestamp is timestamp(6), bpchar is character, "x".citext
// is citext. Every other type comes back as it is, so that a difference of types is seen.
catalog::ColumnType canonical_type(catalog::Engine engine, const catalog::ColumnType& type);

// The type that a scalar stands for without `@db.`.
catalog::ColumnType default_type(catalog::Engine engine, Scalar scalar);

struct NativeTypeError {
  std::string message;
};

// The type of `scalar @db.name(arguments)`; the error in Prisma's words when there is no such type, it does
// not go with the scalar, or its arguments are wrong.
std::expected<catalog::ColumnType, NativeTypeError> native_type(catalog::Engine engine, Scalar scalar,
                                                                std::string_view name,
                                                                std::span<const std::string> arguments);

struct NativeSpelling {
  Scalar scalar;
  std::string text;  // `Decimal(10,2)`
};

// The native type that `text` is when it is read as one: VarChar(10) but not varchar(10). What stands in
// Unsupported("…") must not be one.
std::optional<NativeSpelling> find_native_spelling(catalog::Engine engine, std::string_view text);

// The type of Unsupported("text"); `text` is the engine's own name of it.
catalog::ColumnType unsupported_type(catalog::Engine engine, std::string_view text);

// The engine's short name of a type, as Unsupported() shows it: no schema, no modifiers, arrays with a
// leading _.
std::string short_type_name(const catalog::ColumnType& type);

}  // namespace tenon::psl
