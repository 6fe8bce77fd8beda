// Text to Document (section 2 and the grammar of section 3), executable and type system definitions alike.
// Errors read as those of graphql-js: "Syntax Error: Expected Name, found <EOF>.", with the position.
#pragma once

#include <expected>
#include <string>

#include "base/limits.h"
#include "graphql/ast.h"
#include "graphql/error.h"

namespace tenon::graphql {

// The whole text as a document. Refuses with GRAPHQL_PARSE_FAILED what the grammar does not allow (text that
// is not UTF-8 included), with QUERY_TOO_COMPLEX more than bytes_max or tokens_max, with QUERY_TOO_DEEP
// selections, lists and objects nested deeper than nesting_max.
std::expected<Document, Error> parse(std::string text, const base::DocumentLimits& limits);

// A constant value alone, such as a default: the last row of Document::values.
std::expected<Document, Error> parse_value(std::string text, const base::DocumentLimits& limits);

// A type alone, such as `[Int!]!`: the only row of Document::types.
std::expected<Document, Error> parse_type(std::string text, const base::DocumentLimits& limits);

}  // namespace tenon::graphql
