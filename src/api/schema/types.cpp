#include "api/schema/types.h"

#include <algorithm>

#include "api/schema/aggregate_types.h"
#include "api/schema/inputs.h"
#include "api/schema/own_types.h"
#include "api/schema/writes.h"
#include "api/values/scalars.h"

namespace tenon::api {

namespace {

using Output = OutputBinding::Kind;
using Input = InputBinding::Kind;

DraftInput list_argument(std::string name, std::string type, Input kind) {
  // What decides the statement's text: numbers of pages are written into it, a direction is part of it.
  const bool shapes = kind == Input::limit || kind == Input::offset || kind == Input::next_token ||
                      kind == Input::sort_direction;
  return {.name = std::move(name),
          .type = std::move(type),
          .binding = {.kind = kind, .shapes_statement = shapes}};
}

// The arguments that every list has. A key argument comes before them.
std::vector<DraftInput> list_arguments(const Model& model, const catalog::Catalog& catalog) {
  std::vector<DraftInput> arguments;
  arguments.push_back(list_argument("filter", "Model" + model.title + "FilterInput", Input::filter));
  arguments.push_back(list_argument("limit", "Int", Input::limit));
  arguments.push_back(list_argument("nextToken", "String", Input::next_token));
  arguments.push_back(list_argument("sortDirection", "ModelSortDirection", Input::sort_direction));
  if (!orderable_columns(model, catalog).empty())
    arguments.push_back(list_argument("orderBy", "[Model" + model.title + "OrderByInput!]", Input::order_by));
  arguments.push_back(list_argument("offset", "Int", Input::offset));
  return arguments;
}

DraftInput key_argument(const catalog::Catalog& catalog, catalog::ColumnId id, SchemaDraft& draft,
                        std::string_view mark) {
  const catalog::Column& column = catalog[id];
  return {.name = column.field_name,
          .type = column_type(catalog, column, draft).append(mark),
          .binding = {.kind = Input::key, .column = id}};
}

void add_queries(std::vector<DraftField>& fields, const Model& model, const catalog::Catalog& catalog,
                 SchemaDraft& draft) {
  if (model.access.get) {
    DraftField field{.name = "get" + model.title,
                     .type = model.name,
                     .binding = {.kind = Output::get, .table = model.table}};
    for (const catalog::ColumnId column : model.key)
      field.arguments.push_back(key_argument(catalog, column, draft, "!"));
    fields.push_back(std::move(field));
  }
  if (!model.access.list) return;
  DraftField field{.name = "list" + model.plural,
                   .type = "Model" + model.title + "Connection",
                   .binding = {.kind = Output::list, .table = model.table},
                   .arguments = list_arguments(model, catalog)};
  // A key column that is called like a list argument can still be filtered by.
  const auto is_free = [&](const std::string& name) {
    return std::ranges::find(field.arguments, name, &DraftInput::name) == field.arguments.end();
  };
  if (auto sort_key = sort_key_argument(draft, model, catalog); sort_key && is_free(sort_key->name))
    field.arguments.insert(field.arguments.begin(), *std::move(sort_key));
  if (is_free(catalog[model.key.front()].field_name))
    field.arguments.insert(field.arguments.begin(), key_argument(catalog, model.key.front(), draft, ""));
  fields.push_back(std::move(field));
  fields.push_back(aggregate_query(model, catalog));
}

void add_mutations(std::vector<DraftField>& fields, const Model& model, const catalog::Catalog& catalog) {
  const auto add = [&](std::string prefix, std::string input_prefix, Output kind) {
    fields.push_back(
        {.name = std::move(prefix) + model.title,
         .type = model.name,
         .binding = {.kind = kind, .table = model.table},
         .arguments = {
             list_argument("input", std::move(input_prefix) + model.title + "Input!", Input::input),
             list_argument("condition", "Model" + model.title + "ConditionInput", Input::condition)}});
  };
  if (model.access.create && !create_columns(model, catalog).empty()) add("create", "Create", Output::create);
  if (model.access.update) {
    add("update", "Update", Output::update);
    for (DraftInput& one : operator_arguments(model, catalog))
      fields.back().arguments.push_back(std::move(one));
  }
  if (model.access.remove) add("delete", "Delete", Output::remove);
}

DraftField column_field(const catalog::Catalog& catalog, catalog::ColumnId id, SchemaDraft& draft) {
  const catalog::Column& column = catalog[id];
  return {.name = column.field_name,
          .type = column_type(catalog, column, draft).append(column.nullable ? "" : "!"),
          .binding = {.kind = Output::column, .table = column.table, .column = id},
          .arguments = {},
          .description = column.comment};
}

DraftField relation_field(const ModelRelation& field, const Exposure& exposure,
                          const catalog::Catalog& catalog) {
  const Relation& relation = exposure.relations[field.relation];
  const Model& to = *exposure.find(relation.to);
  DraftField out{.name = field.field,
                 .type = relation.many ? "Model" + to.title + "Connection" : to.name,
                 .binding = {.kind = relation.many ? Output::to_many : Output::to_one,
                             .table = relation.to,
                             .column = {},
                             .relation = field.relation}};
  if (relation.many) out.arguments = list_arguments(to, catalog);
  return out;
}

}  // namespace

std::string column_type(const catalog::Catalog& catalog, const catalog::Column& column, SchemaDraft& draft) {
  std::string type = draft.use_leaf(shown_scalar(catalog, column));
  const std::size_t dimensions = column.type.array_dimensions;
  return std::string(dimensions, '[') + type + std::string(dimensions, ']');
}

void add_roots(SchemaDraft& draft, const Exposure& exposure, const catalog::Catalog& catalog,
               const Overlay& overlay, base::Diagnostics& diagnostics) {
  std::vector<DraftField> queries;
  std::vector<DraftField> mutations;
  for (const Model& model : exposure.models) {
    add_queries(queries, model, catalog, draft);
    add_mutations(mutations, model, catalog);
  }
  add_write_mutations(mutations, exposure, catalog);
  append_own_operations(queries, graphql::OperationKind::query, exposure, overlay, draft, diagnostics);
  append_own_operations(mutations, graphql::OperationKind::mutation, exposure, overlay, draft, diagnostics);
  if (!queries.empty()) draft.add_object("Query", std::move(queries));
  if (mutations.empty()) return;
  draft.add_object("Mutation", std::move(mutations));
  add_transaction_directive(draft);
}

void add_model_types(SchemaDraft& draft, const Model& model, const Exposure& exposure,
                     const catalog::Catalog& catalog, NestedInputs& nested) {
  std::vector<DraftField> fields;
  for (const catalog::ColumnId column : model.columns) {
    DraftField& field = fields.emplace_back(column_field(catalog, column, draft));
    const bool optional = std::ranges::find(model.optional, column) != model.optional.end();
    if (optional && !model.is_key(column) && field.type.ends_with('!')) field.type.pop_back();
  }
  for (const ModelRelation& relation : model.relations)
    fields.push_back(relation_field(relation, exposure, catalog));
  draft.add_object(model.name, std::move(fields), catalog[model.table].comment);

  if (model.access.list) {
    const auto field = [&](std::string name, std::string type, Output kind) {
      return DraftField{
          .name = std::move(name), .type = std::move(type), .binding = {.kind = kind, .table = model.table}};
    };
    std::vector<DraftField> connection{field("items", "[" + model.name + "]!", Output::items),
                                       field("nextToken", "String", Output::next_token)};
    for (DraftField& one : aggregate_fields(model, catalog)) connection.push_back(std::move(one));
    draft.add_object("Model" + model.title + "Connection", std::move(connection));
    add_aggregate_types(draft, model, catalog);
  }
  add_model_inputs(draft, model, exposure, catalog, nested);
  add_write_types(draft, model, catalog);
}

void add_leaf_types(SchemaDraft& draft, const Exposure& exposure, const catalog::Catalog& catalog) {
  for (const catalog::EnumId id : exposure.enums) {
    const catalog::Enum& type = catalog[id];
    if (!draft.leaves().contains(type.enum_name)) continue;
    std::vector<graphql::EnumValueSpec> values;
    for (const catalog::EnumValue& value : type.values) values.push_back({.name = value.value_name});
    draft.builder().add_enum(type.enum_name, std::move(values), type.comment);
  }
  for (const CustomScalar& scalar : custom_scalars()) {
    if (!draft.leaves().contains(std::string(scalar.name))) continue;
    std::optional<std::string> specified_by;
    if (!scalar.specified_by.empty()) specified_by = std::string(scalar.specified_by);
    draft.builder().add_scalar(std::string(scalar.name), std::string(scalar.description),
                               std::move(specified_by));
  }
}

}  // namespace tenon::api
