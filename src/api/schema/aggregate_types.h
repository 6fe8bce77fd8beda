// Types of the API that count, sum and group: aggregatePosts, and what connections have beside their rows.
#pragma once

#include <string>
#include <vector>

#include "api/schema/draft.h"
#include "api/schema/exposure.h"

namespace tenon::api {

// Type and root field names that a model's aggregates take, of a model that may be listed.
std::vector<std::string> aggregate_names(const std::string& title, const std::string& plural);

// aggregatePosts.
DraftField aggregate_query(const Model& model, const catalog::Catalog& catalog);
// Fields of the model's connection.
std::vector<DraftField> aggregate_fields(const Model& model, const catalog::Catalog& catalog);
// ModelPostAggregate and everything it and its arguments need.
void add_aggregate_types(SchemaDraft& draft, const Model& model, const catalog::Catalog& catalog);
// What the aggregates of all models share.
void add_shared_aggregate_types(SchemaDraft& draft);

}  // namespace tenon::api
