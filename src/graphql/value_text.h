// Values and types of a document as text, in the layout of graphql-js's print: `{a: [1, 2]}`, `[Int!]!`.
#pragma once

#include <cstdint>
#include <string>

#include "graphql/ast.h"

namespace tenon::graphql {

// What becomes of a block string: several lines, or one line with escapes like any other string.
enum class BlockStrings : std::uint8_t { kept, as_strings };

void append_value(std::string& out, const Document& document, ValueId value, BlockStrings block_strings);

std::string type_text(const TypeNode& type);

}  // namespace tenon::graphql
