// A catalog with something more or less in it. Ids behind the place move; those that the caller holds are no
// longer good.
#pragma once

#include "catalog/catalog.h"

namespace tenon::migrate {

// At the end of its table (`column.table`, `index.table`, `key.table`).
catalog::ColumnId add_column(catalog::Catalog& catalog, catalog::Column column);
catalog::IndexId add_index(catalog::Catalog& catalog, catalog::Index index);
catalog::ForeignKeyId add_foreign_key(catalog::Catalog& catalog, catalog::ForeignKey key);

// With the indexes, checks and foreign keys that name it.
void remove_column(catalog::Catalog& catalog, catalog::ColumnId column);
// With all of its own, and the foreign keys that name it.
void remove_table(catalog::Catalog& catalog, catalog::TableId table);

// Nothing happens to one that a column or domain is of.
void remove_unused_enum(catalog::Catalog& catalog, catalog::EnumId id);

}  // namespace tenon::migrate
