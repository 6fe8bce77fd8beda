// The overlay's own types and operations as parts of the schema.
#pragma once

#include <vector>

#include "api/schema/draft.h"
#include "api/schema/exposure.h"

namespace tenon::api {

// Adds the root fields of one kind. One whose rows are of a model that nobody may read is left out, with an
// error.
void append_own_operations(std::vector<DraftField>& fields, graphql::OperationKind kind,
                           const Exposure& exposure, const Overlay& overlay, SchemaDraft& draft,
                           base::Diagnostics& diagnostics);
// The object and input types of the overlay, and those of its scalars that are used.
void add_own_types(SchemaDraft& draft, const Overlay& overlay);

}  // namespace tenon::api
