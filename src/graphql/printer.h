// A document as text, for people and golden files.
#pragma once

#include <string>

#include "graphql/ast.h"

namespace tenon::graphql {

// The document in the layout of graphql-js's print, without a line end behind the last definition. Comments
// are gone; descriptions are block strings wherever those can hold them, and an empty one is left out.
// Printing what is read back from the result gives the same text.
std::string print(const Document& document);

}  // namespace tenon::graphql
