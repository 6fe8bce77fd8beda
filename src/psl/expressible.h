// What of a catalog the schema language can say. Two catalogs are the same for a schema exactly when their
// expressible parts are equal; reading what was written gives the expressible part again.
#pragma once

#include "catalog/catalog.h"

namespace tenon::psl {

// The default as the language can give it: identity columns and sequences are autoincrement(), generated
// columns and literals that the language cannot write are dbgenerated().
catalog::Default expressible_default(const catalog::Catalog& catalog, const catalog::Column& column);

// `catalog` with everything removed that no schema holds: tables without a model name, checks, comments,
// expression indexes, domains, the order of NULLs … Rows come in the order of names, so that `==` compares
// what is said.
catalog::Catalog expressible(const catalog::Catalog& catalog);

}  // namespace tenon::psl
