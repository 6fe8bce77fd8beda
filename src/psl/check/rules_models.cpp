#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

std::vector<std::string_view> names_of(const Resolved& resolved, const ModelIndex& index) {
  std::vector<std::string_view> names;
  names.reserve(index.fields.size());
  for (const IndexField& part : index.fields) names.push_back(resolved[part.field].name());
  return names;
}

// Ids and unique indexes, the id first.
std::vector<const ModelIndex*> unique_criteria(const Resolved& resolved, const Model& model) {
  std::vector<const ModelIndex*> criteria;
  if (model.id) criteria.push_back(&resolved[*model.id]);
  for (const ModelIndexId id : model.indexes)
    if (resolved[id].is_unique()) criteria.push_back(&resolved[id]);
  return criteria;
}

// A model must have an id or a unique index of fields that are required and known to the language.
void check_unique_criteria(const RuleContext& context, const Model& model) {
  if (model.is_ignored) return;
  const std::vector<const ModelIndex*> criteria = unique_criteria(context.resolved, model);
  const bool counts_partial = context.compat != PrismaCompat::none;
  const bool found = std::ranges::any_of(criteria, [&](const ModelIndex* index) {
    return (counts_partial || index->where == nullptr) &&
           std::ranges::all_of(index->fields, [&](const IndexField& part) {
             const ScalarField& field = context.resolved[part.field];
             return !field.is_optional() && !field.is_unsupported();
           });
  });
  if (found) return;
  const std::string_view word = container_word(model);
  std::string message = fmt::format(
      "Each {} must have at least one unique criteria that has only required fields. Either mark a single "
      "field with `@id`, `@unique` or add a multi field criterion with `@@id([])` or `@@unique([])` to the "
      "{}.",
      word, word);
  if (!criteria.empty()) {
    message +=
        " The following unique criterias were not considered as they contain fields that are not required:";
    for (const ModelIndex* index : criteria)
      message += fmt::format("\n- {}", fmt::join(names_of(context.resolved, *index), ", "));
  }
  context.model_error(model, message, model.block->span);
}

void check_id_name(const RuleContext& context, const ConstraintNamespace& names, const Model& model,
                   const ModelIndex& id) {
  if (context.has(Capability::named_primary_keys)) {
    const std::string name = constraint_name(context, id);
    // Not the name as given but the one that counts: a default one is never too long.
    check_name_length(context, model, *id.attribute, id.is_on_field() ? "@" : "@@", name);
    for (const std::string& scope : names.clashes(model, ConstraintKind::primary_key, name))
      context.attribute_error(
          attribute_name(id),
          fmt::format("The given constraint name `{}` has to be unique in the following namespace: {}. "
                      "Please provide a different name using the `map` argument.",
                      name, scope),
          argument_span(*id.attribute, "map", id.attribute->span));
  }
  if (id.client_name && names.has_client_name_twice(model, *id.client_name))
    context.attribute_error(attribute_name(id),
                            fmt::format("The given custom name `{}` has to be unique on the model. Please "
                                        "provide a different name for the `name` argument.",
                                        *id.client_name),
                            argument_span(*id.attribute, "name", id.attribute->span));
}

void check_id_fields(const RuleContext& context, const Model& model, const ModelIndex& id) {
  if (id.fields.empty())
    context.attribute_error(
        attribute_name(id),
        fmt::format(
            "The list of fields in an `{}()` attribute cannot be empty. Please specify at least one field.",
            attribute_name(id)),
        id.attribute->span);
  if (id.fields.size() < 2) return;
  const std::string joined = fmt::format("{}", fmt::join(names_of(context.resolved, id), "_"));
  for (const ScalarFieldId field : model.scalar_fields) {
    if (context.resolved[field].name() != joined) continue;
    context.model_error(model,
                        fmt::format("The field `{}` clashes with the `@@id` attribute's name. Please resolve "
                                    "the conflict by providing a custom id name: `@@id([...], name: "
                                    "\"custom_name\")`",
                                    joined),
                        id.attribute->span);
  }
}

void check_id_support(const RuleContext& context, const Model& model, const ModelIndex& id) {
  if (id.map && !context.has(Capability::named_primary_keys))
    context.model_error(model,
                        "You defined a database name for the primary key on the model. This is not supported "
                        "by the provider.",
                        model.block->span);
  if (id.fields.size() > 1 && !context.has(Capability::compound_ids))
    context.model_error(model, "The current connector does not support compound ids.", id.attribute->span);
  if (!context.has(Capability::index_length) && has_length(id))
    context.attribute_error(
        attribute_name(id),
        "The length argument is not supported in the primary key with the current connector",
        id.attribute->span);
  if (!context.has(Capability::primary_key_sort) && has_sort(id))
    context.attribute_error(
        attribute_name(id),
        "The sort argument is not supported in the primary key with the current connector",
        id.attribute->span);
}

void check_clustered_id(const RuleContext& context, const Model& model, const ModelIndex& id) {
  if (!context.has(Capability::clustering)) {
    if (id.clustered)
      context.attribute_error(attribute_name(id),
                              "Defining clustering is not supported in the current connector.",
                              id.attribute->span);
    return;
  }
  const bool other = std::ranges::any_of(model.indexes, [&](ModelIndexId index) {
    return index != *model.id && context.resolved[index].clustered == true;
  });
  if (id.clustered != false && other)
    context.attribute_error(attribute_name(id), "A model can only hold one clustered index or id.",
                            id.attribute->span);
}

void check_fulltext_count(const RuleContext& context, const Model& model) {
  if (!context.has(Capability::fulltext_index) || context.has(Capability::several_fulltext_indexes)) return;
  std::vector<const ModelIndex*> found;
  for (const ModelIndexId id : model.indexes)
    if (context.resolved[id].kind == catalog::IndexKind::fulltext) found.push_back(&context.resolved[id]);
  if (found.size() < 2) return;
  for (const ModelIndex* index : found)
    context.attribute_error("@@fulltext",
                            "The current connector only allows one fulltext attribute per model",
                            index->attribute->span);
}

void check_schema(const RuleContext& context, const Model& model) {
  if (!context.has(Capability::multiple_schemas)) {
    // Said of the list of schemas already, when there is one.
    if (model.schema && !(context.datasource != nullptr && context.datasource->schemas_span))
      context.error("@@schema is not supported on the current datasource provider", model.schema_span);
    return;
  }
  if (context.datasource == nullptr) return;
  if (model.schema) {
    if (!context.lists_schema(model.schema->text))
      context.error(
          "This schema is not defined in the datasource. Read more on `@@schema` at "
          "https://pris.ly/d/multi-schema",
          model.schema_span);
    return;
  }
  if (context.datasource->schemas_span)
    context.model_error(model,
                        fmt::format("This {} is missing an `@@schema` attribute.", container_word(model)),
                        model.block->span);
}

void check_shard_key(const RuleContext& context, const Model& model) {
  if (!model.shard_key) return;
  const ShardKey& key = *model.shard_key;
  const std::string_view name = key.is_on_field ? "@shardKey" : "@@shardKey";
  if (key.fields.empty())
    context.attribute_error(
        name,
        fmt::format(
            "The list of fields in a `{}()` attribute cannot be empty. Please specify at least one field.",
            name),
        key.attribute->span);
  if (!context.has(PreviewFeature::shard_keys))
    context.attribute_error(name, "Defining shard keys requires enabling the `shardKeys` preview feature",
                            key.attribute->span);
  if (!context.has(Capability::shard_keys))
    context.attribute_error(
        name, fmt::format("Shard keys are not currently supported for provider {}", context.connector.word),
        key.attribute->span);
}

}  // namespace

void check_model_database_names(const RuleContext& context) {
  std::map<std::pair<std::string_view, std::string_view>, const Model*> tables;
  for (const Model& model : context.resolved.models) {
    const std::string_view schema = model.schema ? std::string_view(model.schema->text) : "";
    const Model*& holder = tables[{schema, model.database_name()}];
    const Model* const other = std::exchange(holder, &model);
    if (other == nullptr) continue;
    // At the @@map that makes the names equal, whichever of the two models has it.
    const bool is_mapped = model.map.has_value();
    const Model& named = is_mapped ? *other : model;
    const Model& mapped = is_mapped ? model : *other;
    context.error(fmt::format("The model with database name \"{}\" could not be defined because another "
                              "model or view with this name exists: \"{}\"",
                              model.database_name(), named.name()),
                  mapped.map ? mapped.map->attribute->span : mapped.block->span);
  }
}

void check_model(const RuleContext& context, const ConstraintNamespace& names, ModelId id) {
  const Model& model = context.resolved[id];
  if (!model.is_view()) check_unique_criteria(context, model);
  const ModelIndex* const key = model.id ? &context.resolved[*model.id] : nullptr;
  if (key != nullptr) {
    check_id_name(context, names, model, *key);
    check_id_fields(context, model, *key);
    check_id_support(context, model, *key);
  }
  check_shard_key(context, model);
  check_fulltext_count(context, model);
  check_schema(context, model);
  if (!model.is_view()) check_indexed_types(context, model);
  check_autoincrement(context, model);
  if (key != nullptr) {
    check_length_types(context, *key);
    check_clustered_id(context, model, *key);
  }
  for (const ScalarFieldId field : model.scalar_fields)
    check_scalar_field(context, names, context.resolved[field]);
}

}  // namespace tenon::psl
