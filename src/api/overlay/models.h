// Models as an overlay writes them: which table each is, the names and types of its fields, and which of its
// columns and relations are shown. All of that becomes part of a copy of the catalog, so that whoever reads
// it afterwards knows one name for everything.
#pragma once

#include <vector>

#include "api/overlay/file.h"
#include "api/overlay/overlay.h"
#include "api/overlay/types.h"

namespace tenon::api {

// A definition or extension of a model.
struct ModelPart {
  const OverlayFile* file = nullptr;
  const graphql::TypeSystemDefinition* type = nullptr;
  catalog::TableId table;

  // `type X @model`: what it does not list is not shown.
  bool is_whole() const { return !type->extension; }
};

// A field that says by a directive that it is a relation.
bool is_relation(const OverlayFile& file, const graphql::FieldDefinition& field);

// Whether a definition is that of a model, and not of a type of the overlay's own.
bool is_model_definition(const catalog::Catalog& catalog, const OverlayFile& file,
                         const graphql::TypeSystemDefinition& type);

// Finds the tables of the definitions among `parts` (whose `table` is not set yet), and changes the catalog's
// exposed names. Definitions whose table is not found are taken out of `parts`. Types are checked, rules and
// relations are not read. `broken`, by table: something is wrong with a part of it.
void apply_models(catalog::Catalog& catalog, OwnTypes& own, std::vector<ModelPart>& parts,
                  std::vector<bool>& broken, base::Diagnostics& diagnostics);

// @model(queries: { get: null }, mutations: null …): which operations are switched off. Subscriptions are so
// by their rules alone.
void read_model_directive(const OverlayFile& file, const graphql::Directive& model, ModelAccess& disabled,
                          base::Diagnostics& diagnostics);

// @default and @primaryKey say what the table has to have.
void check_column_directive(const catalog::Catalog& catalog, const OverlayFile& file,
                            const graphql::Directive& directive, catalog::ColumnId column,
                            base::Diagnostics& diagnostics);

}  // namespace tenon::api
