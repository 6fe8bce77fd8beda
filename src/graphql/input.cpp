#include "graphql/input.h"

#include <algorithm>

#include "base/json_writer.h"
#include "graphql/string_literal.h"

namespace tenon::graphql {

const InputOrigin& InputTree::origin(const InputNode& node) const {
  static const InputOrigin written;
  return node.origin == 0 ? written : origins[node.origin - 1];
}

const InputNode* InputTree::member(const InputNode& object, InputValueId field) const {
  if (object.kind != InputKind::object) return nullptr;
  const std::span<const InputNode> members = children(object);
  const auto found = std::ranges::find(members, field, &InputNode::definition);
  return found == members.end() ? nullptr : &*found;
}

InputNodeId InputTree::add(std::uint32_t count) {
  const auto first = static_cast<InputNodeId>(nodes.size());
  nodes.resize(nodes.size() + count);
  return first;
}

std::string_view InputTree::keep(std::string text) {
  texts.push_back(std::make_unique<std::string>(std::move(text)));
  return *texts.back();
}

const InputNode* VariableValues::find(std::int32_t variable) const {
  if (variable < 0 || static_cast<std::size_t>(variable) >= values.size()) return nullptr;
  const std::optional<InputNodeId>& id = values[static_cast<std::size_t>(variable)];
  return id ? &tree[*id] : nullptr;
}

const InputNode* VariableValues::find(const InputOrigin& origin) const {
  const InputNode* node = find(origin.variable);
  for (const std::uint32_t step : origin.steps) {
    if (node == nullptr) return nullptr;
    const bool list = node->kind == InputKind::list && step < node->child_count;
    node = list ? &tree.children(*node)[step] : tree.member(*node, {step});
  }
  return node;
}

void append_input(std::string& out, const Schema& schema, const InputTree& tree, const InputNode& node) {
  switch (node.kind) {
    case InputKind::null:
      out += "null";
      return;
    case InputKind::string:
      out += print_string(node.text);
      return;
    case InputKind::boolean:
    case InputKind::int_:
    case InputKind::float_:
    case InputKind::enum_:
      out += node.text;
      return;
    case InputKind::list:
    case InputKind::object:
      break;
  }
  if (!node.text.empty()) {  // of a custom scalar
    out += node.text;
    return;
  }
  const bool object = node.kind == InputKind::object;
  out += object ? '{' : '[';
  bool first = true;
  for (const InputNode& child : tree.children(node)) {
    if (!first) out += ", ";
    first = false;
    if (object) out.append(schema[child.definition].name).append(": ");
    append_input(out, schema, tree, child);
  }
  out += object ? '}' : ']';
}

void append_input_json(std::string& out, const Schema& schema, const InputTree& tree, const InputNode& node) {
  const bool quoted = node.kind == InputKind::string || node.kind == InputKind::enum_;
  const bool object = node.kind == InputKind::object;
  if (node.is_null()) {
    out += "null";
  } else if (quoted) {
    base::append_json_string(out, node.text);
  } else if ((!object && node.kind != InputKind::list) || !node.text.empty()) {
    out += node.text;
  } else {
    out += object ? '{' : '[';
    bool first = true;
    for (const InputNode& child : tree.children(node)) {
      if (!first) out += ',';
      first = false;
      if (object) {
        base::append_json_string(out, schema[child.definition].name);
        out += ':';
      }
      append_input_json(out, schema, tree, child);
    }
    out += object ? '}' : ']';
  }
}

}  // namespace tenon::graphql
