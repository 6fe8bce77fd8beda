// The rules of the database and those between models: the last stage of check_schema. They look at a resolved
// schema without errors and only add diagnostics, in the order of Prisma's validator.
#pragma once

#include "base/diagnostic.h"
#include "psl/check/check.h"

namespace tenon::psl {

// `schema.configuration` and `schema.resolved` are whole.
void check_rules(const CheckedSchema& schema, const CheckOptions& options, base::Diagnostics& diagnostics);

}  // namespace tenon::psl
