// Tables without a primary key: the API needs one to name a row, so it leaves them out.
#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "catalog/catalog.h"

namespace tenon::cli {

// A TN3001 warning that says how to give the table a key.
void warn_of_missing_key(const catalog::Catalog& catalog, catalog::TableId table,
                         base::Diagnostics& warnings);

// The tables (not views) with a model and without a key, in catalog order.
std::vector<catalog::TableId> tables_without_key(const catalog::Catalog& catalog);

}  // namespace tenon::cli
