// Which columns can be searched by their words, as the database has prepared them for it.
#pragma once

#include <optional>
#include <string>

#include "catalog/catalog.h"

namespace tenon::catalog {

struct TextSearch {
  // The text search configuration, as the database names it (`english`, `pg_catalog.simple`). Empty: the
  // session's.
  std::string configuration;
  bool is_vector = false;  // the column is a tsvector
  bool coalesced = false;  // the index is over coalesce(column, '')
};

// A tsvector column, one with a FULLTEXT index of its own (MySQL), or one that is the whole of a GIN or GiST
// index over to_tsvector('…', column). nullopt for every other column.
std::optional<TextSearch> text_search(const Catalog& catalog, ColumnId column);

}  // namespace tenon::catalog
