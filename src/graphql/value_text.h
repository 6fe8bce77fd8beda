// Values of a document as text, in the layout of graphql-js's print: `{a: [1, 2]}`.
#pragma once

#include <string>

#include "graphql/ast.h"

namespace tenon::graphql {

void append_value(std::string& out, const Document& document, ValueId value);

}  // namespace tenon::graphql
