#include "api/schema/nested_inputs.h"

#include <algorithm>
#include <utility>

#include "api/schema/inputs.h"
#include "api/schema/types.h"
#include "api/schema/unique_keys.h"

namespace tenon::api {

namespace {

using Input = InputBinding::Kind;

bool touches(const std::vector<catalog::ColumnId>& columns, const Model& model) {
  return std::ranges::any_of(columns, [&](catalog::ColumnId id) { return model.is_key(id); });
}

}  // namespace

// What may be done along a relation.
struct NestedInputs::Allowed {
  bool create = false;
  bool connect = false;
  bool disconnect = false;
  bool set = false;
  bool update = false;
  bool remove = false;

  bool any() const { return create || connect || disconnect || set || update || remove; }
};

bool NestedInputs::may_create(const Model& model) const {
  return model.access.create && !create_columns(model, catalog_).empty();
}

bool NestedInputs::may_change(const Model& model) const {
  return model.access.update && !changeable_columns(model, catalog_).empty();
}

bool NestedInputs::has_unique_input(const Model& model) const {
  return !unique_keys(catalog_, model.table).empty();
}

bool NestedInputs::any_nullable(const std::vector<catalog::ColumnId>& columns) const {
  return std::ranges::any_of(columns, [&](catalog::ColumnId id) { return catalog_[id].nullable; });
}

bool NestedInputs::all_writable(const std::vector<catalog::ColumnId>& columns) const {
  return std::ranges::all_of(columns, [&](catalog::ColumnId id) { return is_writable(catalog_[id]); });
}

// Links of a table that is a model of its own are its rows.
bool NestedInputs::may_link(const LinkTable& link, bool remove) const {
  const Model* model = exposure_.find(link.table);
  if (model != nullptr) return remove ? model->access.remove : model->access.create;
  return catalog_[link.table].implicit_link;
}

// Whether nothing but the two keys must be given.
bool NestedInputs::is_pure(const LinkTable& link) const {
  return std::ranges::all_of(catalog_[link.table].columns, [&](catalog::ColumnId id) {
    return std::ranges::find(link.from_columns, id) != link.from_columns.end() ||
           std::ranges::find(link.to_columns, id) != link.to_columns.end() || !needs_value(catalog_[id]);
  });
}

// A row without a value there cannot be referred to, and nobody would notice.
bool NestedInputs::may_miss_its_key(const Relation& relation) const {
  if (relation.link) return any_nullable(relation.from_columns) || any_nullable(relation.to_columns);
  return any_nullable(relation.forward ? relation.to_columns : relation.from_columns);
}

// Who may connect a row whose table holds the key changes that row.
NestedInputs::Allowed NestedInputs::on_create(const Relation& relation) const {
  const Model& to = model_of(relation.to);
  if (relation.crosses || may_miss_its_key(relation)) return {};
  if (relation.link) {
    const bool links = may_link(*relation.link, false) && is_pure(*relation.link);
    return {.create = links && may_create(to), .connect = links && has_unique_input(to)};
  }
  if (relation.forward) {
    if (!all_writable(relation.from_columns)) return {};
    return {.create = may_create(to), .connect = has_unique_input(to)};
  }
  if (!all_writable(relation.to_columns)) return {};
  const bool changes = to.access.update && !touches(relation.to_columns, to);
  return {.create = may_create(to), .connect = changes && has_unique_input(to)};
}

NestedInputs::Allowed NestedInputs::on_update(const Relation& relation) const {
  const Model& to = model_of(relation.to);
  Allowed allowed = on_create(relation);
  if (relation.crosses || may_miss_its_key(relation)) return allowed;
  allowed.update = may_change(to) && (!relation.many || has_unique_input(to));
  if (relation.link) {
    allowed.disconnect = may_link(*relation.link, true) && has_unique_input(to);
    allowed.set = allowed.connect && allowed.disconnect;
    allowed.remove = allowed.disconnect && to.access.remove;
    return allowed;
  }
  if (relation.forward) {
    if (touches(relation.from_columns, model_of(relation.from))) return {.update = allowed.update};
    allowed.disconnect = all_writable(relation.from_columns) && any_nullable(relation.from_columns);
    allowed.remove = allowed.disconnect && to.access.remove;
    return allowed;
  }
  allowed.disconnect = allowed.connect && any_nullable(relation.to_columns);
  allowed.set = relation.many && allowed.disconnect;
  allowed.remove = to.access.remove && (!relation.many || has_unique_input(to));
  return allowed;
}

NestedInputs::NestedInputs(SchemaDraft& draft, const Exposure& exposure, const catalog::Catalog& catalog)
    : draft_(draft), exposure_(exposure), catalog_(catalog), given_(catalog.columns.size(), false) {
  for (const Model& model : exposure.models)
    for (const char* verb : {"Create", "Update"}) names_.insert(verb + model.title + "Input");
  for (const Relation& relation : exposure.relations) {
    if (relation.link) continue;
    const Allowed allowed = on_create(relation);
    const bool gives =
        relation.forward ? allowed.any() : allowed.create && model_of(relation.from).access.create;
    if (!gives) continue;
    for (const catalog::ColumnId id : relation.forward ? relation.from_columns : relation.to_columns)
      given_[id.value] = true;
  }
}

std::vector<DraftInput> NestedInputs::operations(const Relation& relation, const Allowed& allowed) {
  const Model& to = model_of(relation.to);
  std::vector<DraftInput> fields;
  const auto add = [&](std::string name, const std::string& type, Input kind) {
    const bool flag = type == "Boolean";
    fields.push_back({.name = std::move(name),
                      .type = relation.many ? "[" + type + "!]" : type,
                      .binding = {.kind = kind, .shapes_statement = flag}});
  };
  const auto shared = [&](std::string name) { return *used_.insert(std::move(name)).first; };
  const std::string unique = "Model" + to.title + "UniqueInput";
  if (allowed.create) add("create", "Create" + to.title + "Input", Input::nested_create);
  if (allowed.connect) add("connect", shared(unique), Input::nested_connect);
  if (allowed.create && allowed.connect)
    add("connectOrCreate", shared("Model" + to.title + "ConnectOrCreateInput"),
        Input::nested_connect_or_create);
  if (allowed.disconnect)
    add("disconnect", relation.many ? shared(unique) : "Boolean", Input::nested_disconnect);
  if (allowed.set) add("set", shared(unique), Input::nested_set);
  if (allowed.update)
    add("update",
        shared(relation.many ? "Model" + to.title + "NestedUpdateInput"
                             : "Update" + to.title + "NestedInput"),
        Input::nested_update);
  if (allowed.remove) add("delete", relation.many ? shared(unique) : "Boolean", Input::nested_remove);
  return fields;
}

// The type of a relation's member, defined when it is first asked for: Update<Model>Input and its nested form
// share it. A model may be called like one; the relation's then steps aside.
const std::string& NestedInputs::relation_input(const Model& model, const ModelRelation& field,
                                                bool updating) {
  std::string& name = relation_inputs_[{field.relation, updating}];
  if (!name.empty()) return name;
  const Relation& relation = exposure_.relations[field.relation];
  name = (updating ? "Update" : "Create") + model.title + upper_first(field.field) + "RelationInput";
  while (!names_.insert(name).second) name += '_';
  draft_.add_input(name, operations(relation, updating ? on_update(relation) : on_create(relation)));
  return name;
}

std::vector<DraftInput> NestedInputs::members(const Model& model, bool updating) {
  std::vector<DraftInput> found;
  for (const ModelRelation& field : model.relations) {
    const Relation& relation = exposure_.relations[field.relation];
    if (!(updating ? on_update(relation) : on_create(relation)).any()) continue;
    found.push_back({.name = field.field,
                     .type = relation_input(model, field, updating),
                     .binding = {.kind = Input::relation, .relation = field.relation}});
  }
  return found;
}

std::vector<DraftInput> NestedInputs::create_members(const Model& model) { return members(model, false); }

std::vector<DraftInput> NestedInputs::update_members(const Model& model) { return members(model, true); }

// The columns of all unique keys: those of one of them name a row.
void NestedInputs::add_unique(const Model& model) {
  std::vector<DraftInput> fields;
  for (const UniqueKey& key : unique_keys(catalog_, model.table)) {
    for (const catalog::ColumnId id : key.columns) {
      if (std::ranges::find(fields, catalog_[id].field_name, &DraftInput::name) != fields.end()) continue;
      DraftInput field = value_field(draft_, catalog_, id, false);
      field.binding.kind = Input::unique_column;
      fields.push_back(std::move(field));
    }
  }
  draft_.add_input("Model" + model.title + "UniqueInput", std::move(fields));
}

void NestedInputs::finish() {
  // The nested form of an update refers to relations in turn, so it comes before what those refer to.
  for (const Model& model : exposure_.models) {
    if (!may_change(model)) continue;
    std::vector<DraftInput> fields;
    for (const catalog::ColumnId id : changeable_columns(model, catalog_))
      fields.push_back(value_field(draft_, catalog_, id, false));
    for (DraftInput& member : update_members(model)) fields.push_back(std::move(member));
    const std::string name = "Update" + model.title + "NestedInput";
    const std::string with_key = "Model" + model.title + "NestedUpdateInput";
    if (!used_.contains(name) && !used_.contains(with_key)) continue;
    draft_.add_input(name, std::move(fields));
    if (!used_.contains(with_key)) continue;
    draft_.add_input(with_key,
                     {{.name = "where",
                       .type = *used_.insert("Model" + model.title + "UniqueInput").first + "!",
                       .binding = {.kind = Input::nested_where}},
                      {.name = "data", .type = name + "!", .binding = {.kind = Input::nested_data}}});
  }
  for (const Model& model : exposure_.models) {
    const std::string unique = "Model" + model.title + "UniqueInput";
    const std::string or_create = "Model" + model.title + "ConnectOrCreateInput";
    if (used_.contains(or_create))
      draft_.add_input(or_create, {{.name = "where",
                                    .type = *used_.insert(unique).first + "!",
                                    .binding = {.kind = Input::nested_where}},
                                   {.name = "create",
                                    .type = "Create" + model.title + "Input!",
                                    .binding = {.kind = Input::nested_create}}});
    if (used_.contains(unique)) add_unique(model);
  }
}

}  // namespace tenon::api
