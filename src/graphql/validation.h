// Whether a document may be executed against a schema (section 5, "Validation"), and whether it is small
// enough to be worth trying.
#pragma once

#include "base/limits.h"
#include "graphql/ast.h"
#include "graphql/error.h"
#include "graphql/schema.h"

namespace tenon::graphql {

// Every finding, in the order of their positions; empty when the document is valid. All rules of the
// specification give GRAPHQL_VALIDATION_FAILED. A document above a limit gives the limit's own code and is
// not looked at any further, so that the work is bounded by the limits. At most errors_reported_max + 1
// errors, the last of which says that there were more.
Errors validate(const Schema& schema, const Document& document, const base::DocumentLimits& limits);

}  // namespace tenon::graphql
