// The syntax tree of one GraphQL document, executable or type system (September 2025 edition, section 2 and
// 3). Nodes are rows of flat vectors; a parent names its children by a range of ids, so a document is a
// handful of allocations, copies cheaply and cannot dangle. Names are views into the document's own text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"

namespace tenon::graphql {

// Byte offset of a node's first token (its description's, if it has one) in Document::text; positions for
// messages come from Document::position.
using Offset = std::uint32_t;

// Children lie together: rows [first, first + count) of the vector that the member's comment names.
struct Range {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  bool empty() const { return count == 0; }
};

// How many rows there are, which is the id of the next one.
template <class Row>
std::uint32_t row_count(const std::vector<Row>& rows) {
  return static_cast<std::uint32_t>(rows.size());
}

struct Name {
  std::string_view text;
  Offset offset = 0;
};

enum class ValueKind : std::uint8_t { variable, int_, float_, string, boolean, null, enum_, list, object };

struct Value {
  ValueKind kind = ValueKind::null;
  Offset offset = 0;
  // variable: its name without `$`; int_, float_, enum_: as written; string: with escapes resolved and block
  // indentation removed; boolean: "true" or "false".
  std::string_view text;
  Range children;  // list: Document::list_items; object: Document::object_fields
  bool block_string = false;
};
using ValueId = std::uint32_t;  // into Document::values

struct ObjectField {
  Name name;
  ValueId value = 0;
};

struct Argument {
  Name name;
  ValueId value = 0;
};

struct Directive {
  Name name;
  Offset offset = 0;  // of the `@`
  Range arguments;    // Document::arguments
};

// A type as written: a name inside lists and non-null marks.
struct TypeNode {
  Name name;
  std::string wrappers;  // '!' or '[', outermost first: [Int!]! is "![!"
  Offset offset = 0;     // of the outermost `[`, or of the name
};
using TypeNodeId = std::uint32_t;  // into Document::types

struct VariableDefinition {
  Name name;          // without `$`
  Offset offset = 0;  // of the description if there is one, else of the `$`
  TypeNodeId type = 0;
  bool has_default = false;
  ValueId default_value = 0;
  Range directives;  // Document::directives
  std::string_view description;
};

enum class SelectionKind : std::uint8_t { field, fragment_spread, inline_fragment };

struct Selection {
  SelectionKind kind = SelectionKind::field;
  Offset offset = 0;
  Name alias;        // field: empty text when none
  Name name;         // field, fragment_spread
  Name condition;    // inline_fragment: type condition, empty text when none
  Range arguments;   // Document::arguments
  Range directives;  // Document::directives
  Range selections;  // Document::selections: those of the field or inline fragment
  bool has_selection_set = false;
  Offset selection_set = 0;  // of its `{`

  std::string_view response_key() const { return alias.text.empty() ? name.text : alias.text; }
};

enum class OperationKind : std::uint8_t { query, mutation, subscription };

// Its keyword.
constexpr std::string_view to_string(OperationKind kind) {
  constexpr std::string_view words[] = {"query", "mutation", "subscription"};
  return words[static_cast<std::size_t>(kind)];
}

struct OperationDefinition {
  OperationKind kind = OperationKind::query;
  Name name;  // empty text when anonymous
  Offset offset = 0;
  Range variables;  // Document::variables
  Range directives;
  Range selections;
  std::string_view description;
};

struct FragmentDefinition {
  Name name;
  Name condition;
  Offset offset = 0;
  Range directives;
  Range selections;
  std::string_view description;
};

// Type system definitions and extensions, section 3. One row type for all kinds keeps the tree small; which
// members are used depends on `kind`.
enum class DefinitionKind : std::uint8_t {
  schema,
  scalar,
  object,
  interface,
  union_,
  enum_,
  input_object,
  directive,
};

struct InputValueDefinition {  // an argument or an input field
  Name name;
  TypeNodeId type = 0;
  bool has_default = false;
  ValueId default_value = 0;
  Range directives;
  std::string_view description;
};

struct FieldDefinition {
  Name name;
  TypeNodeId type = 0;
  Range arguments;  // Document::input_values
  Range directives;
  std::string_view description;
};

struct EnumValueDefinition {
  Name name;
  Range directives;
  std::string_view description;
};

struct RootOperation {  // `query: Query` of a schema definition
  OperationKind kind = OperationKind::query;
  Name type;
};

struct TypeSystemDefinition {
  DefinitionKind kind = DefinitionKind::object;
  bool extension = false;
  Name name;
  Offset offset = 0;
  std::string_view description;
  Range directives;
  Range interfaces;       // Document::names
  Range fields;           // Document::fields
  Range members;          // union_: Document::names
  Range enum_values;      // Document::enum_values
  Range input_values;     // input_object: its fields; directive: its arguments
  Range locations;        // directive: Document::names
  Range root_operations;  // schema: Document::root_operations
  bool repeatable = false;
};

// What a document's n-th definition is; keeps the written order across kinds.
struct DefinitionReference {
  enum class Kind : std::uint8_t { operation, fragment, type_system };
  Kind kind = Kind::operation;
  std::uint32_t index = 0;
};

class Document {
 public:
  // The source, shared because every name is a view into it, and texts of strings whose escapes differ.
  std::shared_ptr<const std::string> text;
  std::shared_ptr<std::vector<std::unique_ptr<std::string>>> strings;

  std::vector<DefinitionReference> definitions;
  std::vector<OperationDefinition> operations;
  std::vector<FragmentDefinition> fragments;
  std::vector<TypeSystemDefinition> type_system;

  std::vector<Selection> selections;
  std::vector<Argument> arguments;
  std::vector<Directive> directives;
  std::vector<VariableDefinition> variables;
  std::vector<Value> values;
  std::vector<ValueId> list_items;
  std::vector<ObjectField> object_fields;
  std::vector<TypeNode> types;
  std::vector<FieldDefinition> fields;
  std::vector<InputValueDefinition> input_values;
  std::vector<EnumValueDefinition> enum_values;
  std::vector<RootOperation> root_operations;
  std::vector<Name> names;

  base::LineColumn position(Offset offset) const { return base::line_column(*text, offset); }
};

}  // namespace tenon::graphql
