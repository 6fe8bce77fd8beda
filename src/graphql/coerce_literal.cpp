#include "graphql/coerce_literal.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/limits.h"
#include "graphql/coerce_scalar.h"
#include "graphql/string_literal.h"

namespace tenon::graphql {

InputKind written_kind(ValueKind kind) {
  switch (kind) {
    case ValueKind::int_:
      return InputKind::int_;
    case ValueKind::float_:
      return InputKind::float_;
    case ValueKind::string:
      return InputKind::string;
    case ValueKind::boolean:
      return InputKind::boolean;
    case ValueKind::enum_:
      return InputKind::enum_;
    case ValueKind::list:
      return InputKind::list;
    case ValueKind::object:
      return InputKind::object;
    case ValueKind::variable:
    case ValueKind::null:
      break;
  }
  return InputKind::null;
}

std::optional<std::uint32_t> LiteralVariables::find(const Document& document, std::string_view name) const {
  for (std::uint32_t i = 0; i < definitions.count; ++i)
    if (document.variables[definitions.first + i].name.text == name) return i;
  return std::nullopt;
}

bool LiteralCoercer::fail(const Value& value, std::string message) {
  problem_ = std::move(message);
  problem_offset_ = value.offset;
  return false;
}

bool LiteralCoercer::is_absent(ValueId id) const {
  const Value& value = document_.values[id];
  if (value.kind != ValueKind::variable) return false;
  return find_variable(value) == nullptr;
}

bool LiteralCoercer::coerce(InputNodeId target, ValueId id, TypeReference type) {
  const Value& value = document_.values[id];
  if (value.kind == ValueKind::variable) return coerce_variable(target, value, type);
  if (value.kind == ValueKind::null) {
    if (type.is_non_null())
      return fail(value, fmt::format("Expected value of type \"{}\", found null.", schema_.to_string(type)));
    tree_.nodes[target].kind = InputKind::null;
    return true;
  }
  type = type.nullable();
  if (type.is_list()) return coerce_list(target, id, type.inner());
  const TypeId named = type.named();
  if (schema_[named].kind == TypeKind::input_object) return coerce_object(target, value, named);
  if (schema_[named].kind == TypeKind::enum_) return coerce_enum(target, value, named);
  const auto scalar = schema_.builtin(named);
  if (!scalar) return coerce_custom(target, value);
  const WrittenValue written{written_kind(value.kind), value.text};
  const auto coerced = coerce_scalar(*scalar, InputForm::literal, written, tree_.nodes[target], tree_);
  return coerced || fail(value, fmt::format("{}: {}", coerced.error(), show_literal(document_, value)));
}

bool LiteralCoercer::coerce_variable(InputNodeId target, const Value& value, TypeReference type) {
  const InputNode* node = find_variable(value);
  if (node == nullptr) return fail(value, fmt::format("Variable \"${}\" has no value.", value.text));
  if (node->is_null() && type.is_non_null())
    return fail(value, fmt::format("Variable \"${}\" must not be null where \"{}\" is expected.", value.text,
                                   schema_.to_string(type)));
  copy_variable(tree_, target, variables_.values->tree, *node,
                {.variable = static_cast<std::int32_t>(*variables_.find(document_, value.text))});
  return true;
}

// A value that is no list stands for a list of it alone.
bool LiteralCoercer::coerce_list(InputNodeId target, ValueId id, TypeReference item) {
  const Value& value = document_.values[id];
  const bool alone = value.kind != ValueKind::list;
  const std::uint32_t count = alone ? 1 : value.children.count;
  const InputNodeId first = tree_.add(count);
  InputNode& node = tree_.nodes[target];
  node.kind = InputKind::list;
  node.first_child = first;
  node.child_count = count;
  if (alone) return coerce(first, id, item);
  for (std::uint32_t i = 0; i < count; ++i)
    if (!coerce_item(first + i, document_.list_items[value.children.first + i], item)) return false;
  return true;
}

// A variable without a value is null as an item.
bool LiteralCoercer::coerce_item(InputNodeId target, ValueId id, TypeReference type) {
  if (!is_absent(id)) return coerce(target, id, type);
  const Value& value = document_.values[id];
  if (!type.is_non_null()) return true;
  return fail(value, fmt::format("Variable \"${}\" of type \"{}\" was not provided.", value.text,
                                 schema_.to_string(type)));
}

bool LiteralCoercer::coerce_enum(InputNodeId target, const Value& value, TypeId type) {
  const std::string_view name = schema_[type].name;
  if (value.kind != ValueKind::enum_)
    return fail(value, fmt::format("Enum \"{}\" cannot represent non-enum value: {}.", name,
                                   show_literal(document_, value)));
  const auto member = schema_.find_enum_value(type, value.text);
  if (!member)
    return fail(value, fmt::format("Value \"{}\" does not exist in \"{}\" enum.", value.text, name));
  tree_.nodes[target].kind = InputKind::enum_;
  tree_.nodes[target].text = schema_[*member].name;
  return true;
}

bool LiteralCoercer::coerce_object(InputNodeId target, const Value& value, TypeId type) {
  if (value.kind != ValueKind::object)
    return fail(value, fmt::format("Expected value of type \"{}\", found {}.", schema_[type].name,
                                   show_literal(document_, value)));
  for (std::uint32_t i = 0; i < value.children.count; ++i) {
    const ObjectField& member = document_.object_fields[value.children.first + i];
    if (!schema_.find_input_field(type, member.name.text))
      return fail(value, fmt::format("Field \"{}\" is not defined by type \"{}\".", member.name.text,
                                     schema_[type].name));
  }
  return coerce_members(target, value, type) && (!schema_[type].one_of || check_one_of(target, value, type));
}

bool LiteralCoercer::coerce_members(InputNodeId target, const Value& value, TypeId type) {
  struct Member {
    InputValueId field;
    std::optional<ValueId> value;  // nullopt: the default
  };
  std::vector<Member> members;
  for (const InputValueId field : schema_[type].input_fields) {
    const ObjectField* given = nullptr;
    for (std::uint32_t i = 0; i < value.children.count; ++i) {
      const ObjectField& candidate = document_.object_fields[value.children.first + i];
      if (candidate.name.text == schema_[field].name && !is_absent(candidate.value)) given = &candidate;
    }
    if (given != nullptr)
      members.push_back({field, given->value});
    else if (schema_[field].default_value)
      members.push_back({field, std::nullopt});
    else if (schema_[field].is_required())
      return fail(value,
                  fmt::format("Field \"{}.{}\" of required type \"{}\" was not provided.", schema_[type].name,
                              schema_[field].name, schema_.to_string(schema_[field].type)));
  }
  const InputNodeId first = tree_.add(static_cast<std::uint32_t>(members.size()));
  InputNode& node = tree_.nodes[target];
  node.kind = InputKind::object;
  node.first_child = first;
  node.child_count = static_cast<std::uint32_t>(members.size());
  for (std::uint32_t i = 0; i < members.size(); ++i) {
    const InputValue& definition = schema_[members[i].field];
    const bool done = members[i].value ? coerce(first + i, *members[i].value, definition.type)
                                       : coerce_default(first + i, definition);
    if (!done) return false;
    tree_.nodes[first + i].definition = members[i].field;
  }
  return true;
}

bool LiteralCoercer::check_one_of(InputNodeId target, const Value& value, TypeId type) {
  const InputNode& node = tree_.nodes[target];
  // A variable without a value counts as a second key (section 3.10.1).
  if (value.children.count != 1 || node.child_count != 1)
    return fail(value,
                fmt::format("Exactly one key must be specified for OneOf type \"{}\".", schema_[type].name));
  const InputNode& member = tree_.nodes[node.first_child];
  if (!member.is_null()) return true;
  return fail(value, fmt::format("Field \"{}.{}\" must be non-null.", schema_[type].name,
                                 schema_[member.definition].name));
}

bool LiteralCoercer::coerce_default(InputNodeId target, const InputValue& definition) {
  LiteralCoercer constants(schema_, schema_.defaults(), tree_);
  constants.defaults_ = {.depth = defaults_.depth + 1,
                         .first_node = defaults_.depth == 0 ? tree_.nodes.size() : defaults_.first_node};
  const std::size_t nodes = tree_.nodes.size() - constants.defaults_.first_node;
  if (constants.defaults_.depth > base::input_default_depth_max || nodes > base::input_default_nodes_max) {
    problem_ = fmt::format("The default value of \"{}\" refers to itself.", definition.name);
    return false;
  }
  if (constants.coerce(target, *definition.default_value, definition.type)) return true;
  problem_ = constants.problem();
  return false;
}

bool LiteralCoercer::coerce_custom(InputNodeId target, const Value& value) {
  InputNode& node = tree_.nodes[target];
  node.kind = written_kind(value.kind);
  node.text = value.text;
  if (value.kind != ValueKind::list && value.kind != ValueKind::object) return true;
  std::string json;
  append_json(json, value);
  node.text = tree_.keep(std::move(json));
  return true;
}

const InputNode* LiteralCoercer::find_variable(const Value& value) const {
  const auto index = variables_.find(document_, value.text);
  return index && variables_.values != nullptr ? variables_.values->find(static_cast<std::int32_t>(*index))
                                               : nullptr;
}

// A variable without a value is null here: there is no type that could say that it may be left out.
void LiteralCoercer::append_json(std::string& out, const Value& value) const {
  switch (value.kind) {
    case ValueKind::variable:
      if (const InputNode* node = find_variable(value))
        append_input_json(out, schema_, variables_.values->tree, *node);
      else
        out += "null";
      return;
    case ValueKind::list:
    case ValueKind::object:
      return append_json_children(out, value);
    case ValueKind::string:
    case ValueKind::enum_:
      base::append_json_string(out, value.text);
      return;
    case ValueKind::null:
      out += "null";
      return;
    case ValueKind::int_:
    case ValueKind::float_:
    case ValueKind::boolean:
      out += value.text;
      return;
  }
}

void LiteralCoercer::append_json_children(std::string& out, const Value& value) const {
  const bool object = value.kind == ValueKind::object;
  out += object ? '{' : '[';
  for (std::uint32_t i = 0; i < value.children.count; ++i) {
    if (i > 0) out += ',';
    ValueId child = 0;
    if (object) {
      const ObjectField& member = document_.object_fields[value.children.first + i];
      base::append_json_string(out, member.name.text);
      out += ':';
      child = member.value;
    } else {
      child = document_.list_items[value.children.first + i];
    }
    append_json(out, document_.values[child]);
  }
  out += object ? '}' : ']';
}

void copy_variable(InputTree& to, InputNodeId target, const InputTree& from, const InputNode& node,
                   InputOrigin origin) {
  const InputNodeId first = to.add(node.child_count);
  InputNode copy = node;
  copy.text = node.text.empty() ? std::string_view() : to.keep(std::string(node.text));
  copy.definition = to.nodes[target].definition;
  copy.first_child = first;
  to.origins.push_back(origin);
  copy.origin = static_cast<std::uint32_t>(to.origins.size());
  to.nodes[target] = copy;
  for (std::uint32_t i = 0; i < node.child_count; ++i) {
    const InputNode& child = from.children(node)[i];
    to.nodes[first + i].definition = child.definition;
    InputOrigin part = origin;
    part.steps.push_back(node.kind == InputKind::object ? child.definition.value : i);
    copy_variable(to, first + i, from, child, std::move(part));
  }
}

std::string show_literal(const Document& document, const Value& value) {
  switch (value.kind) {
    case ValueKind::variable:
      return fmt::format("${}", value.text);
    case ValueKind::string:
      return print_string(value.text);
    case ValueKind::null:
      return "null";
    case ValueKind::list:
    case ValueKind::object:
      break;
    default:
      return std::string(value.text);
  }
  std::string out;
  const bool object = value.kind == ValueKind::object;
  for (std::uint32_t i = 0; i < std::min(value.children.count, 10U); ++i) {
    const ObjectField* member = object ? &document.object_fields[value.children.first + i] : nullptr;
    const Value& child =
        document.values[object ? member->value : document.list_items[value.children.first + i]];
    const bool nested = child.children.count > 0;
    if (i > 0) out += ", ";
    if (object) out.append(member->name.text).append(": ");
    out += nested ? "..." : show_literal(document, child);
  }
  if (value.children.count > 10) out += ", ...";
  return object ? fmt::format("{{{}}}", out) : fmt::format("[{}]", out);
}

}  // namespace tenon::graphql
