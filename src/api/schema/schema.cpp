#include "api/schema/schema.h"

#include <algorithm>

#include "api/rules/policy.h"
#include "api/schema/aggregate_types.h"
#include "api/schema/draft.h"
#include "api/schema/enum_names.h"
#include "api/schema/exposure.h"
#include "api/schema/inputs.h"
#include "api/schema/nested_inputs.h"
#include "api/schema/own_types.h"
#include "api/schema/types.h"
#include "api/schema/writes.h"

namespace tenon::api {

namespace {

// Whether anything can be asked for; GraphQL has no schema without a query.
bool is_readable(const Exposure& exposure, const Overlay& overlay, base::Diagnostics& diagnostics) {
  if (std::ranges::any_of(exposure.models, &Model::readable)) return true;
  if (std::ranges::find(overlay.operations, graphql::OperationKind::query, &OverlayOperation::kind) !=
      overlay.operations.end())
    return true;
  diagnostics.error(
      base::code::api_empty,
      exposure.models.empty() ? "The API would be empty: no model can be reached."
                              : "The API would have no queries: no model can be read.",
      {},
      "write in api/*.graphql, for each model to open: extend type <Model> @auth(rules: [{ allow: "
      "public }])");
  return false;
}

std::vector<std::shared_ptr<const sql::Dialect>> make_dialects(const catalog::Catalog& catalog,
                                                               const ServerVersions& servers) {
  std::vector<std::shared_ptr<const sql::Dialect>> dialects;
  for (std::uint32_t i = 0; i < catalog.database_count(); ++i) {
    const auto known = i < servers.size() ? servers[i] : std::nullopt;
    dialects.push_back(
        sql::make_dialect(known.value_or(sql::unknown_version(catalog.engine_of(catalog::DatabaseId{i})))));
  }
  return dialects;
}

// Columns that their output types promise.
void check_required(const Schema& schema, base::Diagnostics& diagnostics) {
  std::vector<bool> required(schema.catalog->columns.size());
  for (std::uint32_t i = 0; i < schema.outputs.size(); ++i)
    if (schema.outputs[i].kind == OutputBinding::Kind::column &&
        (*schema.graphql)[graphql::FieldId{i}].type.is_non_null())
      required[schema.outputs[i].column.value] = true;
  policy::check_required_columns(
      *schema.catalog, schema.overlay.rules, schema.policy->roles,
      [&](catalog::ColumnId column) { return required[column.value]; }, diagnostics);
}

}  // namespace

std::shared_ptr<const Schema> build_schema(const std::shared_ptr<const catalog::Catalog>& catalog,
                                           Overlay overlay, base::Diagnostics& diagnostics,
                                           const ServerVersions& servers) {
  auto named = std::make_shared<catalog::Catalog>(*catalog);
  name_enum_values(*named);
  const catalog::Catalog& tables = *named;
  Exposure exposure = expose(tables, overlay, diagnostics);
  expose_relations(exposure, tables, overlay, diagnostics);
  if (!is_readable(exposure, overlay, diagnostics) || diagnostics.has_errors()) return nullptr;

  note_engine_limits(exposure, tables, diagnostics);
  SchemaDraft draft;
  add_roots(draft, exposure, tables, overlay, diagnostics);
  if (diagnostics.has_errors()) return nullptr;
  add_own_types(draft, overlay);
  NestedInputs nested(draft, exposure, tables);
  for (const Model& model : exposure.models) add_model_types(draft, model, exposure, tables, nested);
  nested.finish();
  add_leaf_types(draft, exposure, tables);
  add_shared_inputs(draft, exposure);
  if (std::ranges::any_of(exposure.models, [](const Model& model) { return model.access.list; }))
    add_shared_aggregate_types(draft);

  auto schema = std::make_shared<Schema>();
  if (const auto built = draft.finish(*schema); !built) {
    diagnostics.error(base::code::api_name_collision,
                      "The API schema is not valid GraphQL: " + built.error().message);
    return nullptr;
  }
  schema->dialects = make_dialects(tables, servers);
  schema->catalog = std::move(named);
  schema->relations = std::move(exposure.relations);
  schema->overlay = std::move(overlay);
  schema->policy = compile_policy(*schema, diagnostics);
  check_required(*schema, diagnostics);
  if (diagnostics.has_errors()) return nullptr;
  return schema;
}

std::shared_ptr<const Schema> with_servers(const Schema& schema, const ServerVersions& servers) {
  auto changed = std::make_shared<Schema>(schema);
  changed->dialects = make_dialects(*schema.catalog, servers);
  return changed;
}

}  // namespace tenon::api
