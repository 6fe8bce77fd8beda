// Input values after coercion (September 2025 edition, section 3.x "Input Coercion" and 6.1.2, 6.4.1): one
// flat tree for arguments and variables, whether they were written in the document or sent as JSON.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/schema.h"

namespace tenon::graphql {

enum class InputKind : std::uint8_t { null, boolean, int_, float_, string, enum_, list, object };

// A way from a variable's value down to a part of it: input field positions (InputValueId) of objects and
// indexes of lists, in turn.
struct InputOrigin {
  std::int32_t variable = -1;  // index into the operation's variable definitions; -1: written in the document
  std::vector<std::uint32_t> steps;
};

using InputNodeId = std::uint32_t;

struct InputNode {
  InputKind kind = InputKind::null;
  // boolean: "true"/"false"; int_, float_: digits as written (a float with integral value given for Int is
  // normalised to an integer); string: the text, also of an ID given as an integer; enum_: the value's name.
  // A custom scalar keeps the kind it was written with; when it was written as an object or a list its JSON
  // text is in `text` and its kind is `object` or `list` without children.
  std::string_view text;
  InputValueId definition;  // of an object's member: which input field it is
  std::uint32_t first_child = 0;
  std::uint32_t child_count = 0;
  std::uint32_t origin = 0;  // see InputTree::origin; 0 is "written in the document"

  bool is_null() const { return kind == InputKind::null; }
};

// Owns the nodes. Children of a node lie together; members of an object are in the order of the type's
// fields.
class InputTree {
 public:
  std::vector<InputNode> nodes;
  // Of node.origin 1 and up.
  std::vector<InputOrigin> origins;
  // Texts that are no views into a document, a schema or a request: normalised numbers, JSON of custom
  // scalars.
  std::vector<std::unique_ptr<std::string>> texts;

  const InputNode& operator[](InputNodeId id) const { return nodes[id]; }
  const InputOrigin& origin(const InputNode& node) const;
  std::span<const InputNode> children(const InputNode& node) const {
    return {nodes.data() + node.first_child, node.child_count};
  }
  // The member of an object that was given for this input field; nullptr when absent.
  const InputNode* member(const InputNode& object, InputValueId field) const;

  // Appends `count` null nodes and gives the first one's id.
  InputNodeId add(std::uint32_t count);
  // A view that lives as long as the tree.
  std::string_view keep(std::string text);
};

// The variables of one request, coerced: defaults filled in, unknown ones ignored. Texts are views into the
// request's JSON, which must outlive this.
struct VariableValues {
  InputTree tree;
  // One for each variable definition of the operation, in order; nullopt: not given and without default.
  std::vector<std::optional<InputNodeId>> values;

  // The node an origin leads to; nullptr when some part of the way is absent.
  const InputNode* find(const InputOrigin& origin) const;
  const InputNode* find(std::int32_t variable) const;
};

// Appends an input value in the notation of the language: `{state: OPEN, ids: [1, 2]}`.
void append_input(std::string& out, const Schema& schema, const InputTree& tree, const InputNode& node);
// The same as JSON: `{"state":"OPEN","ids":[1,2]}`.
void append_input_json(std::string& out, const Schema& schema, const InputTree& tree, const InputNode& node);

}  // namespace tenon::graphql
