// Names of rows in a Catalog's vectors.
#pragma once

#include "base/id.h"

namespace tenon::catalog {

using base::IdRange;
using DatabaseId = base::Id<struct DatabaseTag>;
using NamespaceId = base::Id<struct NamespaceTag>;
using EnumId = base::Id<struct EnumTag>;
using TableId = base::Id<struct TableTag>;
using ColumnId = base::Id<struct ColumnTag>;  // into Catalog::columns, not a position within its table
using IndexId = base::Id<struct IndexTag>;
using ForeignKeyId = base::Id<struct ForeignKeyTag>;

}  // namespace tenon::catalog
