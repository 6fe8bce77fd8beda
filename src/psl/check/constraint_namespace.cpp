#include "psl/check/constraint_namespace.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/constraint_names.h"

namespace tenon::psl {

namespace {

using enum ConstraintScope;

bool is_global(ConstraintScope scope) { return scope < model_key_index; }

bool has_primary_keys(ConstraintScope scope) {
  return scope != global_key_index && scope != global_foreign_key && scope != model_key_index;
}

bool has_indexes(ConstraintScope scope) {
  return scope != global_foreign_key && scope != global_primary_key_foreign_key_default;
}

bool has_relations(ConstraintScope scope) {
  return scope == global_foreign_key || scope == global_primary_key_foreign_key_default ||
         scope == model_primary_key_key_index_foreign_key;
}

// Where a name of that kind is looked for. Indexes are not compared with foreign keys, though these are
// counted with them.
std::span<const ConstraintScope> scopes_of(ConstraintKind kind) {
  static constexpr ConstraintScope of_index[] = {global_key_index, global_primary_key_key_index,
                                                 model_key_index, model_primary_key_key_index};
  static constexpr ConstraintScope of_relation[] = {
      global_foreign_key, global_primary_key_foreign_key_default, model_primary_key_key_index_foreign_key};
  static constexpr ConstraintScope of_default[] = {global_primary_key_foreign_key_default};
  static constexpr ConstraintScope of_primary_key[] = {
      global_primary_key_foreign_key_default, global_primary_key_key_index, model_primary_key_key_index,
      model_primary_key_key_index_foreign_key};
  switch (kind) {
    case ConstraintKind::index:
      return of_index;
    case ConstraintKind::relation:
      return of_relation;
    case ConstraintKind::field_default:
      return of_default;
    case ConstraintKind::primary_key:
      return of_primary_key;
  }
  return {};
}

std::string describe(ConstraintScope scope, std::string_view model) {
  switch (scope) {
    case global_key_index:
      return "global for indexes and unique constraints";
    case global_foreign_key:
      return "global for foreign keys";
    case global_primary_key_key_index:
      return "global for primary key, indexes and unique constraints";
    case global_primary_key_foreign_key_default:
      return "global for primary keys, foreign keys and default constraints";
    case model_key_index:
      return fmt::format("on model `{}` for indexes and unique constraints", model);
    case model_primary_key_key_index:
      return fmt::format("on model `{}` for primary key, indexes and unique constraints", model);
    case model_primary_key_key_index_foreign_key:
      return fmt::format("on model `{}` for primary key, indexes, unique constraints and foreign keys",
                         model);
  }
  return {};
}

// The database names along the path of an indexed field.
std::string column_of(const Resolved& resolved, const IndexField& part) {
  std::string name(resolved[part.field].database_name());
  ScalarFieldType type = resolved[part.field].type;
  for (std::size_t i = 1; i < part.path.size(); ++i) {
    const CompositeTypeId* const composite = std::get_if<CompositeTypeId>(&type);
    if (composite == nullptr) break;
    const auto& fields = resolved[*composite].fields;
    const auto found = std::ranges::find(fields, part.path[i],
                                         [](const CompositeField& field) { return field.field->name.text; });
    if (found == fields.end()) break;
    name += '_';
    name += found->map ? std::string_view(found->map->text) : found->field->name.text;
    type = found->type;
  }
  return name;
}

}  // namespace

std::string constraint_name(const RuleContext& context, const ModelIndex& index) {
  if (index.map) return *index.map;
  const std::string_view table = context.resolved[index.model].database_name();
  const std::size_t limit = context.connector.longest_name;
  if (index.is_primary()) return name_with_suffix(table, "_pkey", limit);
  std::vector<std::string> columns;
  columns.reserve(index.fields.size());
  for (const IndexField& part : index.fields) columns.push_back(column_of(context.resolved, part));
  return name_with_suffix(fmt::format("{}_{}", table, fmt::join(columns, "_")),
                          index.is_unique() ? "_key" : "_idx", limit);
}

std::string constraint_name(const RuleContext& context, const Relation& relation) {
  const Resolved& resolved = context.resolved;
  std::vector<std::string_view> columns;
  if (relation.forward) {
    const RelationField& forward = resolved[*relation.forward];
    if (forward.map) return *forward.map;
    if (forward.fields)
      for (const ScalarFieldId field : *forward.fields) columns.emplace_back(resolved[field].database_name());
  }
  return name_with_suffix(
      fmt::format("{}_{}", resolved[relation.from].database_name(), fmt::join(columns, "_")), "_fkey",
      context.connector.longest_name);
}

std::string default_constraint_name(const RuleContext& context, const ScalarField& field) {
  if (field.default_value->map) return *field.default_value->map;
  return name_with_suffix(
      fmt::format("{}_{}", context.resolved[field.model].database_name(), field.database_name()), "_df",
      context.connector.longest_name);
}

ConstraintNamespace::ConstraintNamespace(const RuleContext& context) {
  for (const ConstraintScope scope : context.connector.scopes) {
    for (const Model& model : context.resolved.models) count_model(context, model, scope);
    if (has_relations(scope)) count_relations(context, scope);
  }
  for (const Model& model : context.resolved.models)
    for (const ModelIndexId id : model.indexes) count_client_name(model, context.resolved[id]);
}

void ConstraintNamespace::count_model(const RuleContext& context, const Model& model, ConstraintScope scope) {
  for (const ModelIndexId id : model.indexes) {
    const ModelIndex& index = context.resolved[id];
    const bool counts = index.is_primary()
                            ? has_primary_keys(scope) && context.has(Capability::named_primary_keys)
                            : has_indexes(scope);
    if (counts) count(model, scope, constraint_name(context, index));
  }
  if (scope == global_primary_key_foreign_key_default) count_defaults(context, model, scope);
}

void ConstraintNamespace::count_relations(const RuleContext& context, ConstraintScope scope) {
  for (const Relation& relation : context.resolved.relations) {
    if (relation.kind != RelationKind::one_to_one && relation.kind != RelationKind::one_to_many) continue;
    count(context.resolved[relation.from], scope, constraint_name(context, relation));
  }
}

void ConstraintNamespace::count_defaults(const RuleContext& context, const Model& model,
                                         ConstraintScope scope) {
  for (const ScalarFieldId id : model.scalar_fields)
    if (const ScalarField& field = context.resolved[id]; field.default_value)
      count(model, scope, default_constraint_name(context, field));
}

void ConstraintNamespace::count(const Model& model, ConstraintScope scope, std::string_view name) {
  ++counts_[key(model, scope, name)];
}

std::string ConstraintNamespace::key(const Model& model, ConstraintScope scope, std::string_view name) {
  const std::string_view schema = model.schema ? std::string_view(model.schema->text) : std::string_view();
  return fmt::format("{}\n{}\n{}", static_cast<int>(scope), is_global(scope) ? schema : model.name(), name);
}

std::vector<std::string> ConstraintNamespace::clashes(const Model& model, ConstraintKind kind,
                                                      std::string_view name) const {
  std::vector<std::string> found;
  for (const ConstraintScope scope : scopes_of(kind)) {
    const auto count = counts_.find(key(model, scope, name));
    if (count != counts_.end() && count->second > 1) found.push_back(describe(scope, model.name()));
  }
  return found;
}

void ConstraintNamespace::count_client_name(const Model& model, const ModelIndex& index) {
  if (!index.client_name) return;
  ClientName& name = client_names_[key(model, model_key_index, *index.client_name)];
  ++name.count;
  (index.is_primary() ? name.of_id : index.is_unique() ? name.of_unique : name.of_index) = true;
}

const ConstraintNamespace::ClientName* ConstraintNamespace::find_client_name(const Model& model,
                                                                             std::string_view name) const {
  if (client_names_.empty()) return nullptr;
  const auto found = client_names_.find(key(model, model_key_index, name));
  return found == client_names_.end() ? nullptr : &found->second;
}

std::vector<std::string_view> ConstraintNamespace::keys_with_client_name(const Model& model,
                                                                         std::string_view name) const {
  std::vector<std::string_view> attributes;
  const ClientName* const found = find_client_name(model, name);
  if (found == nullptr) return attributes;
  if (found->of_index) attributes.emplace_back("@@index");
  if (found->of_unique) attributes.emplace_back("@@unique");
  if (found->of_id) attributes.emplace_back("@@id");
  return attributes;
}

bool ConstraintNamespace::has_client_name_twice(const Model& model, std::string_view name) const {
  const ClientName* const found = find_client_name(model, name);
  return found != nullptr && found->count > 1;
}

}  // namespace tenon::psl
