// Answers __schema and __type (section 4) by writing JSON straight from the schema: no tree is built, since
// the answer for a thousand tables has tens of megabytes.
#pragma once

#include <string>

#include "graphql/input.h"
#include "graphql/operation.h"

namespace tenon::graphql {

// Whether a root field is one of the two.
bool is_introspection(const Operation& operation, const OperationField& field);

// Appends the JSON value of a root field for which is_introspection holds. Arguments that came from variables
// are read from `variables`, so an operation collected for an earlier request of the same shape will do.
void write_introspection(std::string& out, const Operation& operation, const OperationField& field,
                         const VariableValues& variables);

}  // namespace tenon::graphql
