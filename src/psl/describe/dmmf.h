// The models of a schema as JSON for generators and other tools: the `datamodel` of Prisma's "data model meta
// format" (DMMF).
#pragma once

#include <string>

#include "psl/check/check.h"

namespace tenon::psl {

// One JSON object: enums, models, types, indexes. What is ignored in the schema is left out. `schema` has to
// be complete.
std::string describe_datamodel(const CheckedSchema& schema);

}  // namespace tenon::psl
