// Mutations beyond Amplify's: upserts, writes of many rows, operators on columns, transactions.
#pragma once

#include <vector>

#include "api/schema/draft.h"
#include "api/schema/exposure.h"

namespace tenon::api {

// increment, multiply and push, as far as the model has columns for them.
std::vector<DraftInput> operator_arguments(const Model& model, const catalog::Catalog& catalog);

// upsertPost, createPosts, updatePosts, deletePosts of all models. Where the plural is no other word, or
// taken: createManySheep.
void add_write_mutations(std::vector<DraftField>& fields, const Exposure& exposure,
                         const catalog::Catalog& catalog);

// What of them an engine does in a way of its own, as a finding: said at start-up.
void note_engine_limits(const Exposure& exposure, const catalog::Catalog& catalog,
                        base::Diagnostics& diagnostics);

// The types of one model that those need.
void add_write_types(SchemaDraft& draft, const Model& model, const catalog::Catalog& catalog);

// @transaction
void add_transaction_directive(SchemaDraft& draft);

}  // namespace tenon::api
