// What a set of schema files says: its tables, and beside them the configuration blocks.
#pragma once

#include <vector>

#include "catalog/catalog.h"
#include "psl/check/configuration.h"

namespace tenon::psl {

struct Schema {
  catalog::Catalog catalog;
  Datasource datasource;
  std::vector<Generator> generators;
};

}  // namespace tenon::psl
