// The names that Prisma gives to keys, indexes and foreign keys when the schema does not name them. Made from
// names in the database and cut to what the engine allows (63 bytes; MySQL 64), always at a character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace tenon::psl {

// `stem` and `suffix` in at most `limit` bytes.
std::string name_with_suffix(std::string_view stem, std::string_view suffix, std::size_t limit);

std::string primary_key_name(catalog::Engine engine, std::string_view table);
std::string unique_name(catalog::Engine engine, std::string_view table,
                        const std::vector<std::string_view>& columns);
std::string index_name(catalog::Engine engine, std::string_view table,
                       const std::vector<std::string_view>& columns);
std::string foreign_key_name(catalog::Engine engine, std::string_view table,
                             const std::vector<std::string_view>& columns);

// Of the link table of an implicit many-to-many relation: `_` and the relation's name, cut; and that table's
// objects: `suffix` is `_AB_pkey`, `_AB_unique`, `_B_index`, `_A_fkey` or `_B_fkey`.
std::string link_table_name(catalog::Engine engine, std::string_view relation);
std::string link_object_name(catalog::Engine engine, std::string_view table, std::string_view suffix);

// The default name of an index of `catalog`, over all its parts and included columns.
std::string default_index_name(const catalog::Catalog& catalog, const catalog::Index& index);
std::string default_foreign_key_name(const catalog::Catalog& catalog, const catalog::ForeignKey& key);

}  // namespace tenon::psl
