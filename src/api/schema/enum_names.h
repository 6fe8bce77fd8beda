// Names for enum labels that have none which GraphQL can use.
#pragma once

#include "catalog/catalog.h"

namespace tenon::api {

// Gives each label without a usable value name (none, a word that GraphQL reserves, a name twice) one made of
// its letters and digits: `2 XL` becomes `value_2_XL`.
void name_enum_values(catalog::Catalog& catalog);

}  // namespace tenon::api
