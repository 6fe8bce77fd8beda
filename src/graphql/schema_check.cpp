#include "graphql/schema_check.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "graphql/coerce_literal.h"
#include "graphql/name.h"

namespace tenon::graphql {

namespace {

using Problem = std::optional<std::string>;

class SchemaChecker {
 public:
  explicit SchemaChecker(const Schema& schema) : schema_(schema) {}

  Problem find();

 private:
  const Type& type(TypeReference reference) const { return schema_[reference.named()]; }
  std::string show(TypeReference reference) const { return schema_.to_string(reference); }

  Problem check_roots();
  Problem check_directives();
  Problem check_type(TypeId id);
  Problem check_fields(TypeId id);
  Problem check_input_values(IdRange<InputValueId> range, std::string_view owner);
  Problem check_interfaces(TypeId id);
  Problem check_implements(TypeId id, TypeId interface);
  Problem check_implemented_field(TypeId id, FieldId expected, FieldId actual);
  Problem check_members(TypeId id);
  Problem check_enum_values(TypeId id);
  Problem check_input_object(TypeId id);
  Problem check_one_of(TypeId id);
  Problem find_unbreakable_cycle();
  Problem check_defaults();

  const Schema& schema_;
};

Problem reserved_name(std::string_view name) {
  if (!is_reserved_name(name)) return {};
  return fmt::format("Name \"{}\" must not begin with \"__\", which is reserved by GraphQL introspection.",
                     name);
}

// The first name that occurs twice among rows.
template <class Range, class Row>
std::optional<std::string_view> find_repeated(const Range& range, const Row& row) {
  if (range.size() <= rows_compared_max) {
    for (std::uint32_t i = 1; i < range.size(); ++i)
      for (std::uint32_t j = 0; j < i; ++j)
        if (row(range[i]).name == row(range[j]).name) return row(range[i]).name;
    return {};
  }
  std::unordered_set<std::string_view> seen;
  for (const auto id : range)
    if (!seen.insert(row(id).name).second) return row(id).name;
  return {};
}

Problem SchemaChecker::find() {
  if (Problem p = check_roots()) return p;
  if (Problem p = check_directives()) return p;
  for (std::uint32_t i = 0; i < schema_.type_count(); ++i) {
    if (schema_.is_builtin(TypeId{i})) continue;
    if (Problem p = check_type({i})) return p;
  }
  if (Problem p = find_unbreakable_cycle()) return p;
  return check_defaults();
}

Problem SchemaChecker::check_roots() {
  if (!schema_.root(OperationKind::query)) return "Query root type must be provided.";
  constexpr std::array<std::string_view, 3> names = {"Query", "Mutation", "Subscription"};
  for (std::size_t kind = 0; kind < names.size(); ++kind) {
    const auto root = schema_.root(static_cast<OperationKind>(kind));
    if (!root) continue;
    if (schema_[*root].kind != TypeKind::object)
      return fmt::format("{} root type must be Object type, it cannot be {}.", names[kind],
                         schema_[*root].name);
    for (std::size_t other = 0; other < kind; ++other)
      if (schema_.root(static_cast<OperationKind>(other)) == root)
        return fmt::format("All root types must be different, \"{}\" type is used as {} and {} root type.",
                           schema_[*root].name, names[other], names[kind]);
  }
  return {};
}

Problem SchemaChecker::check_directives() {
  for (std::uint32_t i = 0; i < schema_.directive_count(); ++i) {
    const DirectiveDefinition& directive = schema_[DirectiveId{i}];
    if (Problem p = reserved_name(directive.name)) return p;
    if (directive.locations.empty())
      return fmt::format("Directive @{} must include 1 or more locations.", directive.name);
    if (Problem p = check_input_values(directive.arguments, fmt::format("@{}", directive.name))) return p;
  }
  return {};
}

Problem SchemaChecker::check_type(TypeId id) {
  if (Problem p = reserved_name(schema_[id].name)) return p;
  switch (schema_[id].kind) {
    case TypeKind::scalar:
      return {};
    case TypeKind::object:
    case TypeKind::interface:
      if (Problem p = check_fields(id)) return p;
      return check_interfaces(id);
    case TypeKind::union_:
      return check_members(id);
    case TypeKind::enum_:
      return check_enum_values(id);
    case TypeKind::input_object:
      return check_input_object(id);
  }
  return {};
}

Problem SchemaChecker::check_fields(TypeId id) {
  const Type& owner = schema_[id];
  if (owner.fields.empty()) return fmt::format("Type {} must define one or more fields.", owner.name);
  if (const auto name = find_repeated(owner.fields, [this](FieldId f) -> const Field& { return schema_[f]; }))
    return fmt::format("Field \"{}.{}\" can only be defined once.", owner.name, *name);
  for (const FieldId id_of_field : owner.fields) {
    const Field& field = schema_[id_of_field];
    if (Problem p = reserved_name(field.name)) return p;
    if (type(field.type).kind == TypeKind::input_object)
      return fmt::format("The type of {}.{} must be Output Type but got: {}.", owner.name, field.name,
                         show(field.type));
    if (field.arguments.empty()) continue;
    if (Problem p = check_input_values(field.arguments, fmt::format("{}.{}", owner.name, field.name)))
      return p;
  }
  return {};
}

Problem SchemaChecker::check_input_values(IdRange<InputValueId> range, std::string_view owner) {
  const auto row = [this](InputValueId id) -> const InputValue& { return schema_[id]; };
  if (const auto name = find_repeated(range, row))
    return fmt::format("Argument \"{}({}:)\" can only be defined once.", owner, *name);
  for (const InputValueId id : range) {
    const InputValue& value = schema_[id];
    if (Problem p = reserved_name(value.name)) return p;
    if (!type(value.type).is_input())
      return fmt::format("The type of {}({}:) must be Input Type but got: {}.", owner, value.name,
                         show(value.type));
    if (value.is_required() && value.deprecation_reason)
      return fmt::format("Required argument {}({}:) cannot be deprecated.", owner, value.name);
  }
  return {};
}

Problem SchemaChecker::check_interfaces(TypeId id) {
  const Type& owner = schema_[id];
  for (std::size_t i = 0; i < owner.interfaces.size(); ++i) {
    const TypeId interface = owner.interfaces[i];
    const std::string_view name = schema_[interface].name;
    if (schema_[interface].kind != TypeKind::interface)
      return fmt::format("Type {} must only implement Interface types, it cannot implement {}.", owner.name,
                         name);
    if (interface == id)
      return fmt::format("Type {} cannot implement itself because it would create a circular reference.",
                         name);
    if (std::find(owner.interfaces.begin(), owner.interfaces.begin() + static_cast<std::ptrdiff_t>(i),
                  interface) != owner.interfaces.begin() + static_cast<std::ptrdiff_t>(i))
      return fmt::format("Type {} can only implement {} once.", owner.name, name);
    if (Problem p = check_implements(id, interface)) return p;
  }
  return {};
}

Problem SchemaChecker::check_implements(TypeId id, TypeId interface) {
  const Type& owner = schema_[id];
  const Type& expected = schema_[interface];
  for (const TypeId inherited : expected.interfaces)
    if (std::ranges::find(owner.interfaces, inherited) == owner.interfaces.end())
      return inherited == id
                 ? fmt::format("Type {} cannot implement {} because it would create a circular reference.",
                               owner.name, expected.name)
                 : fmt::format("Type {} must implement {} because it is implemented by {}.", owner.name,
                               schema_[inherited].name, expected.name);
  for (const FieldId field : expected.fields) {
    const auto actual = schema_.find_field(id, schema_[field].name);
    if (!actual)
      return fmt::format("Interface field {}.{} expected but {} does not provide it.", expected.name,
                         schema_[field].name, owner.name);
    if (Problem p = check_implemented_field(id, field, *actual)) return p;
  }
  return {};
}

Problem SchemaChecker::check_implemented_field(TypeId id, FieldId expected, FieldId actual) {
  const std::string_view owner = schema_[id].name;
  const std::string_view interface = schema_[schema_[expected].parent].name;
  const std::string_view field = schema_[expected].name;
  if (!schema_.is_subtype(schema_[actual].type, schema_[expected].type))
    return fmt::format("Interface field {0}.{1} expects type {2} but {3}.{1} is type {4}.", interface, field,
                       show(schema_[expected].type), owner, show(schema_[actual].type));
  for (const InputValueId argument : schema_[expected].arguments) {
    const auto given = schema_.find_argument(actual, schema_[argument].name);
    if (!given)
      return fmt::format("Interface field argument {0}.{1}({2}:) expected but {3}.{1} does not provide it.",
                         interface, field, schema_[argument].name, owner);
    if (schema_[*given].type != schema_[argument].type)
      return fmt::format(
          "Interface field argument {0}.{1}({2}:) expects type {3} but {4}.{1}({2}:) is type {5}.", interface,
          field, schema_[argument].name, show(schema_[argument].type), owner, show(schema_[*given].type));
  }
  for (const InputValueId argument : schema_[actual].arguments)
    if (schema_[argument].is_required() && !schema_.find_argument(expected, schema_[argument].name))
      return fmt::format(
          "Argument \"{0}.{1}({2}:)\" must not be required type \"{3}\" if not provided by the "
          "Interface field \"{4}.{1}\".",
          owner, field, schema_[argument].name, show(schema_[argument].type), interface);
  return {};
}

Problem SchemaChecker::check_members(TypeId id) {
  const Type& owner = schema_[id];
  if (owner.possible_types.empty())
    return fmt::format("Union type {} must define one or more member types.", owner.name);
  std::unordered_set<std::uint32_t> seen;
  for (const TypeId member : owner.possible_types) {
    if (schema_[member].kind != TypeKind::object)
      return fmt::format("Union type {} can only include Object types, it cannot include {}.", owner.name,
                         schema_[member].name);
    if (!seen.insert(member.value).second)
      return fmt::format("Union type {} can only include type {} once.", owner.name, schema_[member].name);
  }
  return {};
}

Problem SchemaChecker::check_enum_values(TypeId id) {
  const Type& owner = schema_[id];
  if (owner.enum_values.empty())
    return fmt::format("Enum type {} must define one or more values.", owner.name);
  const auto row = [this](EnumValueId value) -> const EnumValue& { return schema_[value]; };
  if (const auto name = find_repeated(owner.enum_values, row))
    return fmt::format("Enum value \"{}.{}\" can only be defined once.", owner.name, *name);
  for (const EnumValueId value : owner.enum_values) {
    const std::string_view name = schema_[value].name;
    if (Problem p = reserved_name(name)) return p;
    if (name == "true" || name == "false" || name == "null")
      return fmt::format("Enum type {} cannot include value: {}.", owner.name, name);
  }
  return {};
}

Problem SchemaChecker::check_input_object(TypeId id) {
  const Type& owner = schema_[id];
  if (owner.input_fields.empty())
    return fmt::format("Input Object type {} must define one or more fields.", owner.name);
  const auto row = [this](InputValueId field) -> const InputValue& { return schema_[field]; };
  if (const auto name = find_repeated(owner.input_fields, row))
    return fmt::format("Field \"{}.{}\" can only be defined once.", owner.name, *name);
  for (const InputValueId id_of_field : owner.input_fields) {
    const InputValue& field = schema_[id_of_field];
    if (Problem p = reserved_name(field.name)) return p;
    if (!type(field.type).is_input())
      return fmt::format("The type of {}.{} must be Input Type but got: {}.", owner.name, field.name,
                         show(field.type));
    if (field.is_required() && field.deprecation_reason)
      return fmt::format("Required input field {}.{} cannot be deprecated.", owner.name, field.name);
  }
  return owner.one_of ? check_one_of(id) : Problem();
}

Problem SchemaChecker::check_one_of(TypeId id) {
  const Type& owner = schema_[id];
  for (const InputValueId field : owner.input_fields) {
    if (schema_[field].type.is_non_null())
      return fmt::format("OneOf input field {}.{} must be nullable.", owner.name, schema_[field].name);
    if (schema_[field].default_value)
      return fmt::format("OneOf input field {}.{} cannot have a default value.", owner.name,
                         schema_[field].name);
  }
  return {};
}

// An input object that requires another one, and so on back to itself, has no finite value. Types are taken
// away while all that they require is known to have values; what is left is caught in a cycle. A OneOf type
// requires only one of its fields, so it goes as soon as any of them can be given.
Problem SchemaChecker::find_unbreakable_cycle() {
  std::vector<bool> has_value(schema_.type_count(), true);
  std::vector<TypeId> open;
  for (std::uint32_t i = 0; i < schema_.type_count(); ++i) {
    if (schema_[TypeId{i}].kind != TypeKind::input_object) continue;
    has_value[i] = false;
    open.push_back({i});
  }
  const auto can_be_given = [&](InputValueId field, bool one_of) {
    const TypeReference type = schema_[field].type;
    const TypeReference inner = type.nullable();
    return (!one_of && !type.is_non_null()) || inner.is_list() || has_value[inner.named().value];
  };
  const auto settled = [&](TypeId id) {
    const Type& type = schema_[id];
    const auto given = [&](InputValueId field) { return can_be_given(field, type.one_of); };
    has_value[id.value] = type.one_of ? std::ranges::any_of(type.input_fields, given)
                                      : std::ranges::all_of(type.input_fields, given);
    return has_value[id.value];
  };
  while (std::erase_if(open, settled) > 0) {
  }
  if (open.empty()) return {};
  return fmt::format(
      "Input Object {} cannot be given a finite value: it references itself through a series of "
      "non-null fields.",
      schema_[open.front()].name);
}

Problem SchemaChecker::check_defaults() {
  for (std::uint32_t i = 0; i < schema_.input_value_count(); ++i) {
    const InputValue& value = schema_[InputValueId{i}];
    if (!value.default_value) continue;
    InputTree tree;
    LiteralCoercer literal(schema_, schema_.defaults(), tree);
    if (!literal.coerce_default(tree.add(1), value))
      return fmt::format("The default value {} of \"{}\" is not valid: {}", value.default_text, value.name,
                         literal.problem());
  }
  return {};
}

}  // namespace

std::optional<std::string> find_schema_problem(const Schema& schema) { return SchemaChecker(schema).find(); }

}  // namespace tenon::graphql
