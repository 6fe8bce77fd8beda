#include "graphql/schema.h"

#include <algorithm>

namespace tenon::graphql {

namespace {

constexpr std::array<std::string_view, 19> location_names = {
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
};

// The row of `range` with this name: by comparing all when they are few, else through the index.
template <class IdType, class Row>
std::optional<IdType> find_member(const NameIndex& index, const std::vector<Row>& rows, IdRange<IdType> range,
                                  std::string_view name) {
  if (range.size() <= rows_compared_max) {
    for (const IdType id : range)
      if (rows[id.value].name == name) return id;
    return std::nullopt;
  }
  const auto found = index.find(NameIndex::hash(name, range.first), [&](std::uint32_t row) {
    return range.contains(IdType{row}) && rows[row].name == name;
  });
  if (!found) return std::nullopt;
  return IdType{*found};
}

}  // namespace

std::string_view to_string(DirectiveLocation location) {
  return location_names[static_cast<std::size_t>(location)];
}

std::optional<DirectiveLocation> directive_location(std::string_view name) {
  const auto found = std::ranges::find(location_names, name);
  if (found == location_names.end()) return std::nullopt;
  return static_cast<DirectiveLocation>(found - location_names.begin());
}

std::optional<TypeId> Schema::find_type(std::string_view name) const {
  const Schema& all = whole();
  const auto found = all.type_index_.find(NameIndex::hash(name),
                                          [&](std::uint32_t row) { return all.types_[row].name == name; });
  if (!found) return std::nullopt;
  return TypeId{*found};
}

std::optional<TypeReference> Schema::resolve(const TypeNode& node) const {
  const auto named = find_type(node.name.text);
  if (!named || node.wrappers.size() > TypeReference::wrappers_max) return std::nullopt;
  TypeReference type(*named);
  for (auto mark = node.wrappers.rbegin(); mark != node.wrappers.rend(); ++mark)
    type = *mark == '[' ? type.list() : type.non_null();
  return type;
}

std::optional<FieldId> Schema::find_field(TypeId type, std::string_view name) const {
  const auto found = find_member(whole().field_index_, whole().fields_, (*this)[type].fields, name);
  return found && is_in(hidden_.absent_fields, found->value) ? std::nullopt : found;
}

std::optional<InputValueId> Schema::find_input(IdRange<InputValueId> range, std::string_view name) const {
  const auto found = find_member(whole().input_value_index_, whole().input_values_, range, name);
  return found && is_in(hidden_.absent_input_values, found->value) ? std::nullopt : found;
}

std::optional<InputValueId> Schema::find_argument(FieldId field, std::string_view name) const {
  return find_input((*this)[field].arguments, name);
}

std::optional<InputValueId> Schema::find_argument(DirectiveId directive, std::string_view name) const {
  return find_input((*this)[directive].arguments, name);
}

std::optional<InputValueId> Schema::find_input_field(TypeId type, std::string_view name) const {
  return find_input((*this)[type].input_fields, name);
}

std::optional<EnumValueId> Schema::find_enum_value(TypeId type, std::string_view name) const {
  const auto found =
      find_member(whole().enum_value_index_, whole().enum_values_, (*this)[type].enum_values, name);
  return found && is_in(hidden_.absent_enum_values, found->value) ? std::nullopt : found;
}

std::optional<DirectiveId> Schema::find_directive(std::string_view name) const {
  const auto& directives = whole().directives_;
  const auto found = std::ranges::find(directives, name, &DirectiveDefinition::name);
  if (found == directives.end()) return std::nullopt;
  return DirectiveId{static_cast<std::uint32_t>(found - directives.begin())};
}

std::optional<TypeId> Schema::root(OperationKind kind) const {
  return whole().roots_[static_cast<std::size_t>(kind)];
}

std::optional<BuiltinScalar> Schema::builtin(TypeId type) const {
  if (type.value > static_cast<std::uint32_t>(BuiltinScalar::id)) return std::nullopt;
  return static_cast<BuiltinScalar>(type.value);
}

bool Schema::is_possible_type(TypeId abstract, TypeId type) const {
  const Type& candidate = (*this)[type];
  if (candidate.kind != TypeKind::object) return false;
  if (abstract == type) return true;
  if ((*this)[abstract].kind == TypeKind::interface)
    return std::ranges::find(candidate.interfaces, abstract) != candidate.interfaces.end();
  const std::vector<TypeId>& members = (*this)[abstract].possible_types;
  return std::ranges::find(members, type) != members.end();
}

bool Schema::is_subtype(TypeReference type, TypeReference super) const {
  while (true) {
    if (super.is_non_null()) {
      if (!type.is_non_null()) return false;
      type = type.inner();
      super = super.inner();
    }
    type = type.nullable();
    if (type.is_list() != super.is_list()) return false;
    if (!type.is_list()) break;
    type = type.inner();
    super = super.inner();
  }
  if (type.named() == super.named()) return true;
  const std::vector<TypeId>& interfaces = (*this)[type.named()].interfaces;
  return is_possible_type(super.named(), type.named()) ||
         std::ranges::find(interfaces, super.named()) != interfaces.end();
}

std::string Schema::to_string(TypeReference type) const {
  std::string open;
  std::string close;
  for (; !type.is_named(); type = type.inner()) {
    if (type.is_list()) open += '[';
    close.insert(close.begin(), type.is_list() ? ']' : '!');
  }
  return open.append((*this)[type.named()].name).append(close);
}

}  // namespace tenon::graphql
