// Pieces of schema text for the things of a catalog: types, defaults, indexes, relations. Everything here is
// written as Prisma's `db pull` writes it, with what equals a default left out.
#pragma once

#include <string>

#include "catalog/catalog.h"

namespace tenon::psl {

// `Int?`, `mood[]`, `Unsupported("point")`.
std::string spell_field_type(const catalog::Catalog& catalog, const catalog::Column& column);

// `Decimal(10, 2)`, without the `@db.`; empty when the scalar says it already.
std::string spell_native_type(const catalog::Catalog& catalog, const catalog::Column& column);

// What stands in `@default(…)`; empty when the column has no default.
std::string spell_default(const catalog::Catalog& catalog, const catalog::Column& column);

// `@id(map: "x")`, `@unique`: of an index over one column.
std::string spell_field_index(const catalog::Catalog& catalog, const catalog::Index& index);

// `@@index([a(sort: Desc), b], map: "x", type: Gin)`.
std::string spell_block_index(const catalog::Catalog& catalog, const catalog::Index& index);

// `@relation("name", fields: […], references: […], onDelete: Cascade)`: on the side of the foreign key.
std::string spell_relation(const catalog::Catalog& catalog, const catalog::ForeignKey& key);

}  // namespace tenon::psl
