// The unique keys of a table, by the names that the API gives them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace tenon::api {

struct UniqueKey {
  std::string name;  // the fields, joined: room_id_customer_id
  std::vector<catalog::ColumnId> columns;
};

// Keys that name at most one row and that a conflict can be about: the primary key first; no partial indexes,
// no expressions, nothing checked only at the end of a transaction. Keys with a column that the API does not
// show are left out.
std::vector<UniqueKey> unique_keys(const catalog::Catalog& catalog, catalog::TableId table);

// The primary key's columns, in key order.
std::vector<catalog::ColumnId> key_columns(const catalog::Catalog& catalog, catalog::TableId table);

}  // namespace tenon::api
