#include "api/plan/shape.h"

#include <algorithm>
#include <optional>

#include "api/plan/page_token.h"

namespace tenon::api {

using graphql::Document;
using graphql::InputKind;
using graphql::InputNode;
using graphql::InputValueId;
using graphql::TypeId;

namespace {

bool value_shapes(const InputBinding& binding) {
  if (binding.shapes_statement) return true;
  switch (binding.kind) {
    case InputBinding::Kind::none:
    case InputBinding::Kind::limit:
    case InputBinding::Kind::offset:
    case InputBinding::Kind::sort_direction:
    case InputBinding::Kind::order_by:
    case InputBinding::Kind::order_column:
    case InputBinding::Kind::conflict_key:
    case InputBinding::Kind::skip_duplicates:
    case InputBinding::Kind::all:
    case InputBinding::Kind::order_to_one:
      return true;
    // Lists of rows stay part of the statement as they are; a boolean says whether anything is done.
    case InputBinding::Kind::filter_operator:
      return binding.filter == FilterOperator::attribute_exists ||
             binding.filter == FilterOperator::attribute_type;
    default:
      return false;
  }
}

}  // namespace

// Walks the operation and every fragment of its document. Depth is bounded by the parser's nesting limit.
class ShapeAnalysis {
 public:
  ShapeAnalysis(const Schema& schema, const Document& document, const graphql::OperationDefinition& operation,
                Shape& shape)
      : schema_(schema),
        graphql_(*schema.graphql),
        document_(document),
        operation_(operation),
        shape_(shape) {}

  void run() {
    shape_.variables_.resize(operation_.variables.count);
    directives(operation_.directives);
    if (const auto root = graphql_.root(operation_.kind)) selections(operation_.selections, *root);
    for (const graphql::FragmentDefinition& fragment : document_.fragments)
      if (const auto type = graphql_.find_type(fragment.condition.text))
        selections(fragment.selections, *type);
  }

 private:
  void selections(graphql::Range range, TypeId type) {
    for (std::uint32_t i = 0; i < range.count; ++i) selection(document_.selections[range.first + i], type);
  }

  void selection(const graphql::Selection& selection, TypeId type) {
    directives(selection.directives);
    if (selection.kind == graphql::SelectionKind::fragment_spread) return;
    if (selection.kind == graphql::SelectionKind::inline_fragment) {
      const auto condition = graphql_.find_type(selection.condition.text);
      return selections(selection.selections, condition ? *condition : type);
    }
    const auto field = graphql_.find_field(type, selection.name.text);
    for (std::uint32_t i = 0; i < selection.arguments.count; ++i) {
      const graphql::Argument& argument = document_.arguments[selection.arguments.first + i];
      std::optional<InputValueId> definition;
      if (field) definition = graphql_.find_argument(*field, argument.name.text);
      value(argument.value, definition);
    }
    if (field) selections(selection.selections, graphql_[*field].type.named());
  }

  void directives(graphql::Range range) {
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const graphql::Directive& directive = document_.directives[range.first + i];
      for (std::uint32_t a = 0; a < directive.arguments.count; ++a)
        value(document_.arguments[directive.arguments.first + a].value, std::nullopt);
    }
  }

  // Without a definition (directives, introspection, parts of a custom scalar) the whole value counts.
  void value(graphql::ValueId id, std::optional<InputValueId> definition) {
    const graphql::Value& value = document_.values[id];
    switch (value.kind) {
      case graphql::ValueKind::variable:
        return use(value.text, definition);
      case graphql::ValueKind::list:
        for (std::uint32_t i = 0; i < value.children.count; ++i)
          this->value(document_.list_items[value.children.first + i], definition);
        return;
      case graphql::ValueKind::object:
        for (std::uint32_t i = 0; i < value.children.count; ++i) {
          const graphql::ObjectField& member = document_.object_fields[value.children.first + i];
          std::optional<InputValueId> inner;
          if (definition)
            inner = graphql_.find_input_field(graphql_[*definition].type.named(), member.name.text);
          this->value(member.value, inner);
        }
        return;
      default:
        return;
    }
  }

  void use(std::string_view name, std::optional<InputValueId> definition) {
    for (std::uint32_t i = 0; i < operation_.variables.count; ++i) {
      if (document_.variables[operation_.variables.first + i].name.text != name) continue;
      Shape::Use& use = shape_.variables_[i];
      if (definition && schema_[*definition].kind == InputBinding::Kind::next_token)
        use.token = true;
      else if (!definition || value_shapes(schema_[*definition]))
        use.value = true;
    }
  }

  const Schema& schema_;
  const graphql::Schema& graphql_;
  const Document& document_;
  const graphql::OperationDefinition& operation_;
  Shape& shape_;
};

namespace {

// Appends what of a value belongs to the key. Depth is bounded by the nesting of the request's JSON.
class KeyWriter {
 public:
  KeyWriter(const Schema& schema, const graphql::InputTree& tree, std::string& key)
      : schema_(schema), tree_(tree), key_(key) {}

  void node(const InputNode& node, bool whole) {
    if (node.is_null()) {
      key_ += 'n';
      return;
    }
    if (node.kind == InputKind::object && node.child_count > 0) return object(node, whole);
    if (node.kind == InputKind::list && node.child_count > 0) return list(node, whole);
    if (!whole) {
      // Empty objects and lists have no text; a leaf does, or is an empty string.
      key_ += node.kind == InputKind::list && node.text.empty() ? 'e' : '_';
      return;
    }
    key_ += static_cast<char>('A' + static_cast<char>(node.kind));
    key_ += std::to_string(node.text.size());
    key_ += ':';
    key_ += node.text;
  }

  void token(std::string_view text) {
    key_ += 't';
    const auto token = decode_page_token(text);
    if (!token) {
      key_ += 'x';
      return;
    }
    for (const auto& value : token->values) key_ += value ? '1' : '0';
    key_ += ';';
  }

 private:
  void object(const InputNode& node, bool whole) {
    key_ += '{';
    for (const InputNode& child : tree_.children(node)) {
      key_ += std::to_string(child.definition.value);
      const InputBinding& binding = schema_[child.definition];
      if (binding.kind == InputBinding::Kind::next_token && !child.is_null())
        token(child.text);
      else
        this->node(child, whole || value_shapes(binding));
    }
    key_ += '}';
  }

  // A list of plain values is one parameter whatever its length; a list of objects is part of the statement.
  void list(const InputNode& node, bool whole) {
    const auto children = tree_.children(node);
    const bool plain = std::ranges::none_of(children, [](const InputNode& child) {
      return child.is_null() || child.kind == InputKind::object || child.kind == InputKind::list;
    });
    if (plain && !whole) {
      key_ += 'l';
      return;
    }
    key_ += '[';
    for (const InputNode& child : children) this->node(child, whole);
    key_ += ']';
  }

  const Schema& schema_;
  const graphql::InputTree& tree_;
  std::string& key_;
};

}  // namespace

Shape::Shape(const Schema& schema, const Document& document, std::uint32_t operation) {
  ShapeAnalysis(schema, document, document.operations[operation], *this).run();
}

std::string Shape::key(const Schema& schema, const graphql::VariableValues& variables) const {
  std::string key;
  KeyWriter writer(schema, variables.tree, key);
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const auto& value = variables.values[i];
    if (!value) {
      key += 'a';
      continue;
    }
    const InputNode& node = variables.tree[*value];
    if (variables_[i].token && !node.is_null()) writer.token(node.text);
    writer.node(node, variables_[i].value);
  }
  return key;
}

}  // namespace tenon::api
