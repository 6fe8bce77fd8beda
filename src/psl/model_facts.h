// What the language asks about a table: questions that the names, the writer and its warnings share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace tenon::psl {

// Whether `db pull` lists the table: tables and partitioned tables, without partitions' own rows; and plain
// views. Materialized views and foreign tables are not listed.
bool is_pulled(const catalog::Table& table);

// Whether the language has a word for the index: no expressions, a known method, and only exposed columns.
bool is_expressible(const catalog::Catalog& catalog, const catalog::Index& index);

// The columns of an index as Prisma counts them: its parts, then what it merely includes. Expressions are
// left out.
std::vector<catalog::ColumnId> index_columns(const catalog::Index& index);

// The name of an index method in the language: BTree, Gin …; empty for one that it does not know.
std::string_view method_name(std::string_view method);

// Whether some primary or unique key of the table has only required columns of supported types,
// all of them exposed.
bool has_usable_identifier(const catalog::Catalog& catalog, catalog::TableId table);

// Whether any column has a name in the language. A model without fields is commented out.
bool has_fields(const catalog::Catalog& catalog, catalog::TableId table);

// `@@ignore`d, by the schema or because nothing identifies its rows.
bool is_ignored(const catalog::Catalog& catalog, catalog::TableId table);

// Whether at most one row of the referencing table can name a row of the target: the relation is one-to-one.
bool is_one_to_one(const catalog::Catalog& catalog, const catalog::ForeignKey& key);

bool has_default_nulls_order(const catalog::IndexPart& part);

// A table of Prisma itself (its history of migrations): never a model.
bool is_internal(const catalog::Catalog& catalog, catalog::TableId table);

// Whether the table is what Prisma makes for an implicit many-to-many relation: `_name`, exactly the required
// columns A and B, a key over both, an index on B, and two cascading foreign keys to the single-column
// primary keys of two tables, A's first in the alphabet.
bool looks_like_link_table(const catalog::Catalog& catalog, catalog::TableId table);

// The foreign keys on columns A and B of a link table.
struct LinkKeys {
  catalog::ForeignKeyId a;
  catalog::ForeignKeyId b;
};
std::optional<LinkKeys> link_keys(const catalog::Catalog& catalog, catalog::TableId table);

}  // namespace tenon::psl
