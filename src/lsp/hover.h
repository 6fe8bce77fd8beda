// What is said of the name under the pointer.
#pragma once

#include <string>

#include "lsp/navigation.h"

namespace tenon::lsp {

// Hover | null as JSON text: the declaration, its name in the database, its relation, its documentation; of
// attributes and types of the language a sentence.
std::string hover(const Place& place);

}  // namespace tenon::lsp
