// Whether two fields are given the same arguments, for the rule on overlapping fields.
#pragma once

#include "graphql/ast.h"

namespace tenon::graphql::validation {

// Of two ranges of Document::arguments. Neither the order of arguments matters nor that of an object's
// fields, nor how a string is written.
bool same_arguments(const Document& document, Range a, Range b);

}  // namespace tenon::graphql::validation
