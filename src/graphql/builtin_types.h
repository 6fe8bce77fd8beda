// What every schema holds before anything is added: the scalars of section 3.5, the directives of 3.13 and
// the introspection types of section 4.2. Used by SchemaBuilder.
#pragma once

#include <cstddef>
#include <vector>

#include "graphql/schema_builder.h"

namespace tenon::graphql {

inline constexpr std::size_t builtin_scalar_count = 5;

// In the order of BuiltinScalar, before any other type.
void add_builtin_scalars(SchemaBuilder& builder);
void add_introspection_types(SchemaBuilder& builder);
void add_builtin_directives(SchemaBuilder& builder);

// __typename, __schema, __type.
std::vector<FieldSpec> meta_fields();

}  // namespace tenon::graphql
