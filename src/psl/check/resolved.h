// What the blocks of a schema mean, before any rule of a database is applied: names are found, attributes are
// read, relation fields are paired. The rules (rules.h), the catalog, the description for other tools and the
// language server all work from this value.
//
// Rows of flat vectors, named by 32-bit ids, in the order of the files. `const Block*`, `const Field*`,
// `const Attribute*` and `const Expression*` point into the syntax trees and string views into the
// SourceSet; both must live as long as this value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/id.h"
#include "catalog/catalog.h"
#include "psl/native_types.h"
#include "psl/tree.h"

namespace tenon::psl {

using ModelId = base::Id<struct ModelTag>;  // models and views
using ScalarFieldId = base::Id<struct ScalarFieldTag>;
using RelationFieldId = base::Id<struct RelationFieldTag>;
using ModelIndexId = base::Id<struct ModelIndexTag>;
using RelationId = base::Id<struct RelationTag>;
using EnumerationId = base::Id<struct EnumerationTag>;
using CompositeTypeId = base::Id<struct CompositeTypeTag>;

// A name in the database given by @map or @@map, or the name of a constraint given by `map:`.
struct MappedName {
  std::string text;
  const Attribute* attribute = nullptr;
};

// `Unsupported("point")`: the text is FieldType::unsupported.
struct UnsupportedType {
  friend bool operator==(UnsupportedType, UnsupportedType) = default;
};

// The type of a field that is not a relation, without its arity (`Field::type.arity`).
using ScalarFieldType = std::variant<Scalar, EnumerationId, CompositeTypeId, UnsupportedType>;

// `@db.VarChar(10)`. Whether there is such a type is the database's rule.
struct NativeTypeUse {
  std::string_view prefix;             // "db"
  std::string_view name;               // "VarChar"
  std::vector<std::string> arguments;  // as they are written
  const Attribute* attribute = nullptr;
};

// `@default(value)`. Values of lists are Expression::Kind::array, functions Expression::Kind::function.
struct FieldDefault {
  const Expression* value = nullptr;
  std::optional<std::string> map;
  const Attribute* attribute = nullptr;
};

struct ScalarField {
  ModelId model;
  const Field* field = nullptr;
  ScalarFieldType type;
  std::optional<MappedName> map;
  std::optional<NativeTypeUse> native_type;
  std::optional<FieldDefault> default_value;
  bool is_ignored = false;     // @ignore
  bool is_updated_at = false;  // @updatedAt

  std::string_view name() const { return field->name.text; }
  std::string_view database_name() const { return map ? std::string_view(map->text) : name(); }
  Arity arity() const { return field->type.arity; }
  bool is_list() const { return arity() == Arity::list; }
  bool is_optional() const { return arity() == Arity::optional; }
  bool is_required() const { return arity() == Arity::required; }
  std::optional<Scalar> scalar() const {
    const Scalar* found = std::get_if<Scalar>(&type);
    return found != nullptr ? std::optional(*found) : std::nullopt;
  }
  bool is_unsupported() const { return std::holds_alternative<UnsupportedType>(type); }
};

// An action as it is written.
struct GivenAction {
  catalog::ReferentialAction action;
  base::Span span;
};

struct RelationField {
  ModelId model;
  ModelId target;
  const Field* field = nullptr;
  const Attribute* attribute = nullptr;  // @relation; nullptr when there is none
  std::optional<std::string> name;       // of the relation, as it is given
  // Present when the argument is given and all its fields exist.
  std::optional<std::vector<ScalarFieldId>> fields;
  std::optional<std::vector<ScalarFieldId>> references;  // of `target`
  std::optional<GivenAction> on_delete;
  std::optional<GivenAction> on_update;
  std::optional<std::string> map;  // of the foreign key
  bool is_ignored = false;
  std::optional<RelationId> relation;  // absent when the field is part of no relation that could be inferred

  std::string_view name_of_field() const { return field->name.text; }
  Arity arity() const { return field->type.arity; }
  bool is_list() const { return arity() == Arity::list; }
  bool is_optional() const { return arity() == Arity::optional; }
  bool is_required() const { return arity() == Arity::required; }
};

enum class SortOrder : std::uint8_t { ascending, descending };

// `ops: JsonbPathOps` or `ops: raw("gin_trgm_ops")`.
struct OperatorClass {
  std::string text;
  bool is_raw = false;
};

// One field of an index: `a(sort: Desc, length: 10)`.
struct IndexField {
  ScalarFieldId field;  // of the model; the first of `path`
  // Names of fields from the model's on; more than one only within composite types.
  std::vector<std::string_view> path;
  std::optional<SortOrder> sort;
  std::optional<std::uint32_t> length;
  std::optional<OperatorClass> operator_class;
};

// `type: Gin`, in the words of the language.
enum class IndexAlgorithm : std::uint8_t { btree, hash, gist, gin, spgist, brin };

// @id, @@id, @unique, @@unique, @@index, @@fulltext. `kind` is primary, unique, normal or fulltext.
struct ModelIndex {
  ModelId model;
  catalog::IndexKind kind = catalog::IndexKind::normal;
  std::vector<IndexField> fields;
  const Attribute* attribute = nullptr;
  std::optional<ScalarFieldId> source_field;  // when it is an attribute of a field
  std::optional<std::string> client_name;     // `name:` of @@id and @@unique
  std::optional<std::string> map;             // name in the database
  std::optional<IndexAlgorithm> algorithm;
  std::optional<bool> clustered;
  const Expression* where = nullptr;  // raw("…") or an object

  bool is_on_field() const { return source_field.has_value(); }
  bool is_primary() const { return kind == catalog::IndexKind::primary; }
  bool is_unique() const { return kind == catalog::IndexKind::unique; }
};

struct ShardKey {
  std::vector<ScalarFieldId> fields;
  const Attribute* attribute = nullptr;
  bool is_on_field = false;
};

// A model or a view.
struct Model {
  const Block* block = nullptr;
  base::IdRange<ScalarFieldId> scalar_fields;      // in the order of the block
  base::IdRange<RelationFieldId> relation_fields;  // likewise
  base::IdRange<ModelIndexId> indexes;  // @unique of fields, then @@unique, @@index, @@fulltext; ids last
  std::optional<ModelIndexId> id;       // one of `indexes`
  std::optional<ShardKey> shard_key;
  std::optional<MappedName> map;
  std::optional<MappedName> schema;  // @@schema
  base::Span schema_span;            // of the argument of @@schema
  bool is_ignored = false;           // @@ignore
  // Of several fields with one name, which is an error, the last. Nothing stands for a field whose type is
  // not known.
  std::unordered_map<std::string_view, std::variant<std::monostate, ScalarFieldId, RelationFieldId>>
      field_names;

  std::string_view name() const { return block->name.text; }
  std::string_view database_name() const { return map ? std::string_view(map->text) : name(); }
  bool is_view() const { return block->kind == BlockKind::view; }
};

struct EnumerationValue {
  const EnumMember* member = nullptr;
  std::optional<MappedName> map;

  std::string_view name() const { return member->name.text; }
  std::string_view database_name() const { return map ? std::string_view(map->text) : name(); }
};

struct Enumeration {
  const Block* block = nullptr;
  std::vector<EnumerationValue> values;
  std::unordered_map<std::string_view, std::uint32_t> value_ids;  // by name, into `values`
  std::optional<MappedName> map;
  std::optional<MappedName> schema;
  base::Span schema_span;

  std::string_view name() const { return block->name.text; }
  // nullptr when there is no such value.
  const EnumerationValue* find(std::string_view value) const {
    const auto found = value_ids.find(value);
    return found == value_ids.end() ? nullptr : &values[found->second];
  }
  std::string_view database_name() const { return map ? std::string_view(map->text) : name(); }
};

struct CompositeField {
  const Field* field = nullptr;
  ScalarFieldType type;
  std::optional<MappedName> map;
  std::optional<NativeTypeUse> native_type;
  std::optional<FieldDefault> default_value;
};

// `type X { … }`, which no SQL database has.
struct CompositeType {
  const Block* block = nullptr;
  std::vector<CompositeField> fields;

  std::string_view name() const { return block->name.text; }
};

enum class RelationKind : std::uint8_t {
  one_to_one,
  one_to_many,
  implicit_many_to_many,  // a link table that no model describes
  embedded_many_to_many,  // both sides keep lists of ids: MongoDB
};

// Two fields that stand for each other, or one without an opposite (which is an error of the rules).
struct Relation {
  RelationKind kind = RelationKind::one_to_many;
  // `from` has the foreign key and `to` is what it refers to; in a many-to-many relation `from` is the first
  // in the alphabet, by model and then by field.
  ModelId from;
  ModelId to;
  std::optional<RelationFieldId> forward;  // on `from`
  std::optional<RelationFieldId> back;     // on `to`
};

struct Resolved {
  std::vector<Model> models;
  std::vector<ScalarField> scalar_fields;      // those of one model lie together
  std::vector<RelationField> relation_fields;  // likewise
  std::vector<ModelIndex> indexes;             // likewise
  std::vector<Relation> relations;
  std::vector<Enumeration> enums;
  std::vector<CompositeType> composite_types;
  // Models, views, enums and composite types share one space of names.
  std::unordered_map<std::string_view, std::variant<ModelId, EnumerationId, CompositeTypeId>> names;

  const Model& operator[](ModelId id) const { return models[id.value]; }
  const ScalarField& operator[](ScalarFieldId id) const { return scalar_fields[id.value]; }
  const RelationField& operator[](RelationFieldId id) const { return relation_fields[id.value]; }
  const ModelIndex& operator[](ModelIndexId id) const { return indexes[id.value]; }
  const Relation& operator[](RelationId id) const { return relations[id.value]; }
  const Enumeration& operator[](EnumerationId id) const { return enums[id.value]; }
  const CompositeType& operator[](CompositeTypeId id) const { return composite_types[id.value]; }

  base::IdRange<ModelId> all_models() const {
    return {.first = 0, .count = static_cast<std::uint32_t>(models.size())};
  }
  base::IdRange<EnumerationId> all_enums() const {
    return {.first = 0, .count = static_cast<std::uint32_t>(enums.size())};
  }
  base::IdRange<RelationId> all_relations() const {
    return {.first = 0, .count = static_cast<std::uint32_t>(relations.size())};
  }

  std::optional<ModelId> find_model(std::string_view name) const;
  std::optional<ScalarFieldId> find_scalar_field(ModelId model, std::string_view name) const;
  std::optional<RelationFieldId> find_relation_field(ModelId model, std::string_view name) const;
  // The other field of the relation that `field` is part of.
  std::optional<RelationFieldId> opposite(RelationFieldId field) const;
  // The name of a relation: as it is given, else `AToB` with the models in alphabetical order.
  std::string relation_name(const Relation& relation) const;
  // The actions of a relation with a foreign key: those given, else the defaults. Relations with a required
  // column restrict deletes; others set NULL; updates cascade.
  catalog::ReferentialAction on_delete(const Relation& relation) const;
  catalog::ReferentialAction on_update(const Relation& relation) const;
  // Whether the fields, in any order, are exactly those of one id or unique index of the model.
  bool is_unique(ModelId model, const std::vector<ScalarFieldId>& fields) const;
};

}  // namespace tenon::psl
