// The orders in which Prisma's `db pull` lists things, whatever order a catalog holds them in: by schema,
// then by name, bytes compared.
#pragma once

#include <vector>

#include "catalog/catalog.h"

namespace tenon::psl {

std::vector<catalog::TableId> ordered_tables(const catalog::Catalog& catalog);
std::vector<catalog::EnumId> ordered_enums(const catalog::Catalog& catalog);
std::vector<catalog::IndexId> ordered_indexes(const catalog::Catalog& catalog, catalog::TableId table);
std::vector<catalog::ForeignKeyId> ordered_foreign_keys(const catalog::Catalog& catalog,
                                                        catalog::TableId table);

}  // namespace tenon::psl
