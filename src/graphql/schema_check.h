// The rules of section 3 that a schema made by hand can break although all its names are known: empty types,
// reserved names, types in places they cannot stand, interfaces not implemented, input objects that no value
// can satisfy, defaults of the wrong type.
#pragma once

#include <optional>
#include <string>

#include "graphql/schema.h"

namespace tenon::graphql {

// The first thing wrong, in the words of graphql-js; nullopt when the schema is valid.
std::optional<std::string> find_schema_problem(const Schema& schema);

}  // namespace tenon::graphql
