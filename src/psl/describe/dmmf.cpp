#include "psl/describe/dmmf.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "psl/check/connector.h"
#include "psl/describe/default_value.h"

namespace tenon::psl {

namespace {

using base::JsonWriter;

std::string_view kind_of(const ModelIndex& index) {
  switch (index.kind) {
    case catalog::IndexKind::primary:
      return "id";
    case catalog::IndexKind::unique:
      return "unique";
    case catalog::IndexKind::fulltext:
      return "fulltext";
    case catalog::IndexKind::normal:
    case catalog::IndexKind::spatial:
      return "normal";
  }
  return "normal";
}

// Ids, then those of fields, then those of blocks by kind.
int place_of(const ModelIndex& index) {
  if (index.is_primary()) return 0;
  if (index.is_on_field()) return 1;
  if (index.kind == catalog::IndexKind::normal) return 2;
  return index.is_unique() ? 3 : 4;
}

std::string_view algorithm_name(IndexAlgorithm algorithm) {
  switch (algorithm) {
    case IndexAlgorithm::btree:
      return "BTree";
    case IndexAlgorithm::hash:
      return "Hash";
    case IndexAlgorithm::gist:
      return "Gist";
    case IndexAlgorithm::gin:
      return "Gin";
    case IndexAlgorithm::spgist:
      return "SpGist";
    case IndexAlgorithm::brin:
      return "Brin";
  }
  return {};
}

class Description {
 public:
  Description(const Resolved& resolved, std::string& out) : resolved_(resolved), json_(out) {
    // Models before views.
    for (const bool views : {false, true})
      for (const ModelId id : resolved_.all_models())
        if (resolved_[id].is_view() == views && !resolved_[id].is_ignored) models_.push_back(id);
  }

  void write() {
    json_.begin_object().key("enums").begin_array();
    for (const Enumeration& enumeration : resolved_.enums) write_enum(enumeration);
    json_.end_array().key("models").begin_array();
    for (const ModelId id : models_) write_model(id);
    // Composite types are refused for SQL databases.
    json_.end_array().key("types").begin_array().end_array().key("indexes").begin_array();
    for (const ModelId id : models_) write_indexes(id);
    json_.end_array().end_object();
  }

 private:
  // What indexes and relations say of a scalar field.
  struct FieldFacts {
    bool is_id = false;
    bool is_unique = false;
    bool is_foreign_key = false;
  };

  void nullable(std::string_view key, const std::optional<MappedName>& name) {
    json_.key(key);
    if (name)
      json_.string(name->text);
    else
      json_.null();
  }

  void documentation(const std::string& text) {
    if (!text.empty()) json_.member("documentation", text);
  }

  void write_enum(const Enumeration& enumeration) {
    json_.begin_object().member("name", enumeration.name()).key("values").begin_array();
    for (const EnumerationValue& value : enumeration.values) {
      json_.begin_object().member("name", value.name());
      nullable("dbName", value.map);
      documentation(value.member->documentation);
      json_.end_object();
    }
    json_.end_array();
    nullable("dbName", enumeration.map);
    documentation(enumeration.block->documentation);
    json_.end_object();
  }

  void write_model(ModelId id) {
    const Model& model = resolved_[id];
    json_.begin_object().member("name", model.name());
    nullable("dbName", model.map);
    nullable("schema", model.schema);
    json_.key("fields").begin_array();
    write_fields(model);
    json_.end_array().key("primaryKey");
    if (model.id && !resolved_[*model.id].is_on_field())
      write_key(resolved_[*model.id]);
    else
      json_.null();
    json_.key("uniqueFields").begin_array();
    for (const ModelIndexId index : model.indexes)
      if (is_block_unique(resolved_[index])) write_field_names(resolved_[index]);
    json_.end_array().key("uniqueIndexes").begin_array();
    for (const ModelIndexId index : model.indexes)
      if (is_block_unique(resolved_[index])) write_key(resolved_[index]);
    json_.end_array().member("isGenerated", false);
    documentation(model.block->documentation);
    json_.end_object();
  }

  // A partial index makes nothing unique.
  static bool is_whole_unique(const ModelIndex& index) { return index.is_unique() && index.where == nullptr; }
  static bool is_block_unique(const ModelIndex& index) {
    return is_whole_unique(index) && !index.is_on_field();
  }

  void write_key(const ModelIndex& index) {
    json_.begin_object().key("name");
    if (index.client_name)
      json_.string(*index.client_name);
    else
      json_.null();
    json_.key("fields");
    write_field_names(index);
    json_.end_object();
  }

  std::string name_of(const IndexField& field) const {
    if (field.path.size() < 2) return std::string(resolved_[field.field].name());
    std::string name;
    for (const std::string_view part : field.path) (name += name.empty() ? "" : ".") += part;
    return name;
  }

  void write_field_names(const ModelIndex& index) {
    json_.begin_array();
    for (const IndexField& field : index.fields) json_.string(name_of(field));
    json_.end_array();
  }

  // Scalar and relation fields lie apart; here they come as they are written.
  void write_fields(const Model& model) {
    collect_facts(model);
    auto scalar = model.scalar_fields.begin();
    auto relation = model.relation_fields.begin();
    for (const Field& field : model.block->fields) {
      if (scalar != model.scalar_fields.end() && resolved_[*scalar].field == &field) {
        if (!resolved_[*scalar].is_ignored && !resolved_[*scalar].is_unsupported())
          write_scalar_field(model, *scalar);
        ++scalar;
      } else if (relation != model.relation_fields.end() && resolved_[*relation].field == &field) {
        if (!resolved_[*relation].is_ignored) write_relation_field(resolved_[*relation]);
        ++relation;
      }
    }
  }

  // The field that the index is about, when it is only one.
  static std::optional<ScalarFieldId> only_field(const ModelIndex& index) {
    if (index.fields.size() != 1 || index.fields[0].path.size() > 1) return {};
    return index.fields[0].field;
  }

  void collect_facts(const Model& model) {
    facts_.assign(model.scalar_fields.size(), {});
    const auto facts = [&](ScalarFieldId id) -> FieldFacts& {
      return facts_[id.value - model.scalar_fields.first];
    };
    for (const ModelIndexId index : model.indexes) {
      const std::optional<ScalarFieldId> field = only_field(resolved_[index]);
      if (field && is_whole_unique(resolved_[index])) facts(*field).is_unique = true;
      if (field && resolved_[index].is_primary()) facts(*field).is_id = true;
    }
    for (const RelationFieldId relation : model.relation_fields)
      if (resolved_[relation].fields)
        for (const ScalarFieldId field : *resolved_[relation].fields) facts(field).is_foreign_key = true;
  }

  void write_scalar_field(const Model& model, ScalarFieldId id) {
    const ScalarField& field = resolved_[id];
    json_.begin_object().member("name", field.name());
    if (field.map) json_.member("dbName", field.map->text);
    json_.member("kind", std::holds_alternative<EnumerationId>(field.type) ? "enum" : "scalar");
    json_.member("isList", field.is_list()).member("isRequired", !field.is_optional());
    const FieldFacts& facts = facts_[id.value - model.scalar_fields.first];
    json_.member("isUnique", facts.is_unique && !facts.is_id);
    json_.member("isId", facts.is_id);
    json_.member("isReadOnly", facts.is_foreign_key);
    json_.member("hasDefaultValue", field.default_value.has_value());
    json_.member("type", field.field->type.name.text).key("nativeType");
    write_native_type(field);
    if (field.default_value) {
      json_.key("default");
      describe::write_default(json_, field);
    }
    json_.member("isGenerated", false).member("isUpdatedAt", field.is_updated_at);
    documentation(field.field->documentation);
    json_.end_object();
  }

  void write_native_type(const ScalarField& field) {
    if (!field.native_type) {
      json_.null();
      return;
    }
    json_.begin_array().string(field.native_type->name).begin_array();
    for (const std::string& argument : field.native_type->arguments) json_.string(argument);
    json_.end_array().end_array();
  }

  void write_relation_field(const RelationField& field) {
    json_.begin_object().member("name", field.name_of_field()).member("kind", "object");
    json_.member("isList", field.is_list()).member("isRequired", !field.is_optional());
    json_.member("isUnique", false).member("isId", false).member("isReadOnly", false);
    json_.member("hasDefaultValue", false).member("type", resolved_[field.target].name());
    json_.key("nativeType").null();
    if (field.relation) json_.member("relationName", resolved_.relation_name(resolved_[*field.relation]));
    write_names("relationFromFields", field.fields);
    write_names("relationToFields", field.references);
    if (field.on_delete) json_.member("relationOnDelete", to_string(field.on_delete->action));
    if (field.on_update) json_.member("relationOnUpdate", to_string(field.on_update->action));
    json_.member("isGenerated", false).member("isUpdatedAt", false);
    documentation(field.field->documentation);
    json_.end_object();
  }

  void write_names(std::string_view key, const std::optional<std::vector<ScalarFieldId>>& fields) {
    json_.key(key).begin_array();
    if (fields)
      for (const ScalarFieldId field : *fields) json_.string(resolved_[field].name());
    json_.end_array();
  }

  void write_indexes(ModelId id) {
    std::vector<std::pair<int, ModelIndexId>> order;
    for (const ModelIndexId index : resolved_[id].indexes)
      order.emplace_back(place_of(resolved_[index]), index);
    std::ranges::sort(order);
    for (const auto& [place, index] : order) write_index(resolved_[id], resolved_[index]);
  }

  void write_index(const Model& model, const ModelIndex& index) {
    json_.begin_object().member("model", model.name()).member("type", kind_of(index));
    json_.member("isDefinedOnField", index.is_on_field());
    if (index.client_name) json_.member("name", *index.client_name);
    if (index.map) json_.member("dbName", *index.map);
    if (index.algorithm) json_.member("algorithm", algorithm_name(*index.algorithm));
    if (index.clustered) json_.member("clustered", *index.clustered);
    json_.key("fields").begin_array();
    for (const IndexField& field : index.fields) {
      json_.begin_object().member("name", name_of(field));
      if (field.sort) json_.member("sortOrder", *field.sort == SortOrder::descending ? "desc" : "asc");
      if (field.length) json_.member("length", *field.length);
      if (field.operator_class) json_.member("operatorClass", field.operator_class->text);
      json_.end_object();
    }
    json_.end_array().end_object();
  }

  const Resolved& resolved_;
  JsonWriter json_;
  std::vector<ModelId> models_;
  std::vector<FieldFacts> facts_;  // of the scalar fields of the model being written
};

}  // namespace

std::string describe_datamodel(const CheckedSchema& schema) {
  std::string out;
  Description(schema.resolved, out).write();
  return out;
}

}  // namespace tenon::psl
