// Input types of the API: filters, conditions, orders and the values of writes.
#pragma once

#include <optional>
#include <vector>

#include "api/schema/draft.h"
#include "api/schema/exposure.h"

namespace tenon::api {

// Columns that rows can be ordered by.
std::vector<catalog::ColumnId> orderable_columns(const Model& model, const catalog::Catalog& catalog);
// Columns that a create may set; none when the database makes all of them.
std::vector<catalog::ColumnId> create_columns(const Model& model, const catalog::Catalog& catalog);

// The argument of a list for conditions on the columns of its key after the first, as Amplify's client sends
// it.
std::optional<DraftInput> sort_key_argument(SchemaDraft& draft, const Model& model,
                                            const catalog::Catalog& catalog);

// The input for comparing one value of that scalar or enum.
std::string comparison_input(const std::string& leaf);

// Whether a write may set the column: the database does not always make its value.
bool is_writable(const catalog::Column& column);
// Whether an insert fails without the column.
bool needs_value(const catalog::Column& column);
// Columns of a model that an update may set.
std::vector<catalog::ColumnId> changeable_columns(const Model& model, const catalog::Catalog& catalog);
// The member of a write's input for a column.
DraftInput value_field(SchemaDraft& draft, const catalog::Catalog& catalog, catalog::ColumnId id,
                       bool required);

class NestedInputs;

// The inputs of one model's operations, as far as its access asks for them.
void add_model_inputs(SchemaDraft& draft, const Model& model, const Exposure& exposure,
                      const catalog::Catalog& catalog, NestedInputs& nested);
// What the inputs of all models share: conditions per scalar and enum, sort direction, sizes.
void add_shared_inputs(SchemaDraft& draft, const Exposure& exposure);

}  // namespace tenon::api
