// Several catalogs as one: what an API over several databases stands on.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace tenon::catalog {

struct NamedCatalog {
  std::string name;  // of the database
  Catalog catalog;   // of one database
};

// Everything of all of them, in their order; ids are shifted. Database i of the result is `catalogs[i]`.
// Exposed names stay as they are, so models of two databases may have one name: see name_collisions.
Catalog merge(std::vector<NamedCatalog> catalogs);

// Puts `prefix` before the exposed names of models and enums.
void add_prefix(Catalog& catalog, const std::string& prefix);

// A model or enum whose name one of another database has as well.
struct NameCollision {
  std::string name;
  DatabaseId first;
  DatabaseId second;
  friend bool operator==(const NameCollision&, const NameCollision&) = default;
};

// In the order of the names.
std::vector<NameCollision> name_collisions(const Catalog& catalog);

}  // namespace tenon::catalog
