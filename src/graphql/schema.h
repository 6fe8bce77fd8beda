// The type system a service offers (September 2025 edition, section 3), as an immutable value: what
// validation, coercion, introspection and the API's planner look things up in. Built once by SchemaBuilder
// (schema_builder.h) from code or from SDL text, then shared by every request.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.h"
#include "graphql/ast.h"
#include "graphql/name_index.h"
#include "graphql/text_pool.h"

namespace tenon::graphql {

using base::IdRange;
using TypeId = base::Id<struct TypeTag>;
using FieldId = base::Id<struct FieldTag>;            // an output field, into Schema::fields
using InputValueId = base::Id<struct InputValueTag>;  // an argument or input field, into Schema::input_values
using EnumValueId = base::Id<struct EnumValueTag>;
using DirectiveId = base::Id<struct DirectiveTag>;

enum class TypeKind : std::uint8_t { scalar, object, interface, union_, enum_, input_object };

// A named type inside lists and non-null marks.
class TypeReference {
 public:
  // '!' and '[' from the outside in, as in TypeNode; at most 15 of them.
  static constexpr std::size_t wrappers_max = 15;

  TypeReference() = default;
  explicit TypeReference(TypeId named) : named_(named) {}

  TypeId named() const { return named_; }
  bool is_non_null() const { return (wrappers_ & 3U) == non_null_mark; }
  bool is_list() const { return (wrappers_ & 3U) == list_mark; }  // after removing a non-null mark
  bool is_named() const { return wrappers_ == 0; }

  // The type inside the outermost mark. Requires !is_named().
  TypeReference inner() const { return TypeReference(named_, wrappers_ >> 2U); }
  // Without an outermost non-null mark, if there is one.
  TypeReference nullable() const { return is_non_null() ? inner() : *this; }
  TypeReference non_null() const {
    return is_non_null() ? *this : TypeReference(named_, (wrappers_ << 2U) | non_null_mark);
  }
  TypeReference list() const { return TypeReference(named_, (wrappers_ << 2U) | list_mark); }
  // The same marks around another type.
  TypeReference around(TypeId named) const { return TypeReference(named, wrappers_); }
  std::size_t wrapper_count() const {
    std::size_t count = 0;
    for (std::uint32_t rest = wrappers_; rest != 0; rest >>= 2U) ++count;
    return count;
  }

  // A number that no other reference of the same schema has.
  std::uint64_t key() const { return std::uint64_t{wrappers_} << 32U | named_.value; }

  friend bool operator==(const TypeReference&, const TypeReference&) = default;

 private:
  static constexpr std::uint32_t non_null_mark = 1;
  static constexpr std::uint32_t list_mark = 2;
  TypeReference(TypeId named, std::uint32_t wrappers) : named_(named), wrappers_(wrappers) {}

  TypeId named_;
  std::uint32_t wrappers_ = 0;
};

// Texts of the rows below are views into their schema and live as long as it.
struct InputValue {
  std::string_view name;
  std::string_view description;
  TypeReference type;
  // The default as GraphQL text, and as a parsed constant in Schema::defaults; empty and absent without one.
  std::string_view default_text;
  std::optional<ValueId> default_value;
  std::optional<std::string_view> deprecation_reason;

  bool is_required() const { return type.is_non_null() && !default_value; }
};

struct Field {
  std::string_view name;
  std::string_view description;
  TypeReference type;
  IdRange<InputValueId> arguments;
  std::optional<std::string_view> deprecation_reason;
  TypeId parent;
};

struct EnumValue {
  std::string_view name;
  std::string_view description;
  std::optional<std::string_view> deprecation_reason;
};

struct Type {
  TypeKind kind = TypeKind::scalar;
  std::string_view name;
  std::string_view description;
  IdRange<FieldId> fields;                       // object, interface
  IdRange<InputValueId> input_fields;            // input_object
  IdRange<EnumValueId> enum_values;              // enum_
  std::vector<TypeId> interfaces;                // object, interface: all of them, inherited ones included
  std::vector<TypeId> possible_types;            // interface, union_: objects only
  std::optional<std::string_view> specified_by;  // scalar
  bool one_of = false;                           // input_object
  // input_object: some field is required or has a default, so leaving fields out means something.
  bool has_expected_fields = false;
  // A built-in scalar nothing refers to is no part of the schema (section 3.5.1): find_type does not know it.
  bool unused = false;

  bool is_input() const {
    return kind == TypeKind::scalar || kind == TypeKind::enum_ || kind == TypeKind::input_object;
  }
  bool is_composite() const {
    return kind == TypeKind::object || kind == TypeKind::interface || kind == TypeKind::union_;
  }
  bool is_leaf() const { return kind == TypeKind::scalar || kind == TypeKind::enum_; }
};

enum class DirectiveLocation : std::uint8_t {
  query,
  mutation,
  subscription,
  field,
  fragment_definition,
  fragment_spread,
  inline_fragment,
  variable_definition,
  schema,
  scalar,
  object,
  field_definition,
  argument_definition,
  interface,
  union_,
  enum_,
  enum_value,
  input_object,
  input_field_definition,
};
std::string_view to_string(DirectiveLocation location);  // "FIELD_DEFINITION"
std::optional<DirectiveLocation> directive_location(std::string_view name);

struct DirectiveDefinition {
  std::string_view name;
  std::string_view description;
  std::vector<DirectiveLocation> locations;
  IdRange<InputValueId> arguments;
  bool repeatable = false;
};

// The five built-in scalars, whose literals and variables this library coerces itself. Every other scalar
// takes any value; its owner checks the text (api/values/scalars.h).
enum class BuiltinScalar : std::uint8_t { int_, float_, string, boolean, id };

// What of a schema somebody may not see, by row numbers. Empty lists: nothing of that kind.
struct HiddenElements {
  // Not shown: introspection leaves it out, and no message suggests it.
  std::vector<bool> types;
  std::vector<bool> fields;
  std::vector<bool> input_values;
  std::vector<bool> enum_values;
  // As if it were not defined: not found by its name.
  std::vector<bool> absent_fields;
  std::vector<bool> absent_input_values;
  std::vector<bool> absent_enum_values;
};

class Schema {
 public:
  Schema() = default;
  // The same schema, with the same ids, for somebody who may not see all of it.
  Schema(std::shared_ptr<const Schema> whole, HiddenElements hidden)
      : whole_(std::move(whole)), hidden_(std::move(hidden)) {}
  Schema(const Schema&) = delete;  // its rows hold views into its own texts
  Schema& operator=(const Schema&) = delete;

  const Type& operator[](TypeId id) const { return whole().types_[id.value]; }
  const Field& operator[](FieldId id) const { return whole().fields_[id.value]; }
  const InputValue& operator[](InputValueId id) const { return whole().input_values_[id.value]; }
  const EnumValue& operator[](EnumValueId id) const { return whole().enum_values_[id.value]; }
  const DirectiveDefinition& operator[](DirectiveId id) const { return whole().directives_[id.value]; }

  // Whether it may be shown and suggested.
  bool shows(TypeId id) const { return !is_in(hidden_.types, id.value); }
  bool shows(FieldId id) const { return !is_in(hidden_.fields, id.value); }
  bool shows(InputValueId id) const { return !is_in(hidden_.input_values, id.value); }
  bool shows(EnumValueId id) const { return !is_in(hidden_.enum_values, id.value); }

  std::size_t type_count() const { return whole().types_.size(); }
  std::size_t field_count() const { return whole().fields_.size(); }
  std::size_t input_value_count() const { return whole().input_values_.size(); }
  std::size_t enum_value_count() const { return whole().enum_values_.size(); }
  std::size_t directive_count() const { return whole().directives_.size(); }
  // The built-in scalars and introspection types are the first rows, the built-in directives likewise.
  bool is_builtin(TypeId type) const { return type.value < whole().builtin_type_count_; }
  bool is_builtin(DirectiveId directive) const { return directive.value < builtin_directive_count; }

  std::optional<TypeId> find_type(std::string_view name) const;
  // nullopt when the name is unknown or the marks are too many for a TypeReference.
  std::optional<TypeReference> resolve(const TypeNode& type) const;
  std::optional<FieldId> find_field(TypeId type, std::string_view name) const;
  std::optional<InputValueId> find_argument(FieldId field, std::string_view name) const;
  std::optional<InputValueId> find_argument(DirectiveId directive, std::string_view name) const;
  std::optional<InputValueId> find_input_field(TypeId type, std::string_view name) const;
  std::optional<EnumValueId> find_enum_value(TypeId type, std::string_view name) const;
  std::optional<DirectiveId> find_directive(std::string_view name) const;

  std::optional<TypeId> root(OperationKind kind) const;
  // Which built-in scalar a type is, if it is one.
  std::optional<BuiltinScalar> builtin(TypeId type) const;
  // `type` is an object that is `abstract`, implements it, or is a member of it.
  bool is_possible_type(TypeId abstract, TypeId type) const;
  // A value of type `type` can stand where one of `super` is expected (section 3.7.1, IsSubType).
  bool is_subtype(TypeReference type, TypeReference super) const;

  // Meta fields, which belong to no type's field list: __typename anywhere, __schema and __type on the
  // query root (section 4.1).
  FieldId typename_field() const { return whole().typename_field_; }
  FieldId schema_field() const { return whole().schema_field_; }
  FieldId type_field() const { return whole().type_field_; }

  std::string_view description() const { return whole().description_; }
  // Holds the parsed constants that InputValue::default_value names.
  const Document& defaults() const { return whole().defaults_; }

  // "[Int!]!"
  std::string to_string(TypeReference type) const;

 private:
  friend class SchemaBuilder;
  static constexpr std::uint32_t builtin_directive_count = 5;

  std::optional<InputValueId> find_input(IdRange<InputValueId> range, std::string_view name) const;
  const Schema& whole() const { return whole_ ? *whole_ : *this; }
  static bool is_in(const std::vector<bool>& rows, std::uint32_t row) {
    return row < rows.size() && rows[row];
  }

  std::shared_ptr<const Schema> whole_;  // of which this is a part; then the rows are its
  HiddenElements hidden_;

  TextPool texts_;
  std::string_view description_;
  std::vector<Type> types_;
  std::vector<Field> fields_;
  std::vector<InputValue> input_values_;
  std::vector<EnumValue> enum_values_;
  std::vector<DirectiveDefinition> directives_;
  Document defaults_;
  std::array<std::optional<TypeId>, 3> roots_;
  std::uint32_t builtin_type_count_ = 0;
  FieldId typename_field_;
  FieldId schema_field_;
  FieldId type_field_;
  NameIndex type_index_;
  // Members of parents with many of them; the few of the others are compared one by one.
  NameIndex field_index_;
  NameIndex input_value_index_;
  NameIndex enum_value_index_;
};

}  // namespace tenon::graphql
