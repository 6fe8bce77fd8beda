// Output types of the API: models, connections, the roots, and the leaf types they use.
#pragma once

#include "api/schema/draft.h"
#include "api/schema/exposure.h"

namespace tenon::api {

// A column's type as GraphQL writes it, without a final non-null mark: "Int", "[String]", "[[Int]]".
std::string column_type(const catalog::Catalog& catalog, const catalog::Column& column, SchemaDraft& draft);

void add_roots(SchemaDraft& draft, const Exposure& exposure, const catalog::Catalog& catalog,
               const Overlay& overlay, base::Diagnostics& diagnostics);
class NestedInputs;

void add_model_types(SchemaDraft& draft, const Model& model, const Exposure& exposure,
                     const catalog::Catalog& catalog, NestedInputs& nested);
// The enums and scalars that the types added before refer to.
void add_leaf_types(SchemaDraft& draft, const Exposure& exposure, const catalog::Catalog& catalog);

}  // namespace tenon::api
