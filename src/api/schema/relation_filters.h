// Members of filters that are no conditions on one column: filters for related rows, comparisons of two
// columns, conditions on a composite sort key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/schema/draft.h"
#include "api/schema/exposure.h"

namespace tenon::api {

// Appends a member for each relation to a model that may be listed, and `compare`, where the names are free.
void append_relation_filters(std::vector<DraftInput>& fields, const Model& model, const Exposure& exposure,
                             const catalog::Catalog& catalog);

// What filters of other models have for a list of this one: some, every, none.
void add_relation_filter_types(SchemaDraft& draft, const Model& model, const Exposure& exposure);
// The types behind `compare`.
void add_compare_types(SchemaDraft& draft, const Model& model, const catalog::Catalog& catalog);
// The names of these, to be claimed.
std::vector<std::string> compare_type_names(const std::string& title,
                                            const std::vector<catalog::ColumnId>& columns,
                                            const catalog::Catalog& catalog);

// Of a list by a key of three or more columns: conditions on all but the first, as one value. Its name is
// that of the fields in camel case, as Amplify's client sends it.
std::optional<DraftInput> composite_sort_key_argument(const Model& model, const catalog::Catalog& catalog);
void add_composite_sort_key_types(SchemaDraft& draft, const Model& model, const catalog::Catalog& catalog);

}  // namespace tenon::api
