// Values written in a document to input values of a type (section 3, "Input Coercion" of each kind,
// and 6.4.1): arguments with variables in them, and constants such as defaults.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/ast.h"
#include "graphql/input.h"
#include "graphql/schema.h"

namespace tenon::graphql {

// The variables a literal may name: their definitions in `document` and the request's values. Null for
// constants.
struct LiteralVariables {
  Range definitions;  // Document::variables
  const VariableValues* values = nullptr;

  // Index among the definitions.
  std::optional<std::uint32_t> find(const Document& document, std::string_view name) const;
};

class LiteralCoercer {
 public:
  LiteralCoercer(const Schema& schema, const Document& document, InputTree& tree,
                 LiteralVariables variables = {})
      : schema_(schema), document_(document), tree_(tree), variables_(variables) {}

  // Fills the node `target` of the tree. A variable must have a value; see is_absent. False when the value is
  // none of the type; then problem() says why, and where.
  bool coerce(InputNodeId target, ValueId value, TypeReference type);

  // The value is a variable without a value, so it is as if nothing was written (section 6.4.1).
  bool is_absent(ValueId value) const;
  // Fills the node from an argument's or input field's default.
  bool coerce_default(InputNodeId target, const InputValue& definition);

  const std::string& problem() const { return problem_; }
  Offset problem_offset() const { return problem_offset_; }

 private:
  // How defaults inside of defaults are bounded: those of input types can name each other in a circle.
  struct DefaultBudget {
    std::uint32_t depth = 0;
    std::size_t first_node = 0;  // of the outermost default
  };

  bool coerce_variable(InputNodeId target, const Value& value, TypeReference type);
  bool coerce_list(InputNodeId target, ValueId value, TypeReference item);
  bool coerce_item(InputNodeId target, ValueId value, TypeReference type);
  bool coerce_enum(InputNodeId target, const Value& value, TypeId type);
  bool coerce_object(InputNodeId target, const Value& value, TypeId type);
  bool coerce_members(InputNodeId target, const Value& value, TypeId type);
  bool check_one_of(InputNodeId target, const Value& value, TypeId type);
  bool coerce_custom(InputNodeId target, const Value& value);
  void append_json(std::string& out, const Value& value) const;
  void append_json_children(std::string& out, const Value& value) const;
  const InputNode* find_variable(const Value& value) const;
  bool fail(const Value& value, std::string message);

  const Schema& schema_;
  const Document& document_;
  InputTree& tree_;
  LiteralVariables variables_;
  DefaultBudget defaults_;
  std::string problem_;
  Offset problem_offset_ = 0;
};

// Copies a coerced value and what is below into `to`, each node with its origin, texts included.
void copy_variable(InputTree& to, InputNodeId target, const InputTree& from, const InputNode& node,
                   InputOrigin origin);

// How a literal was written; a variable, which has no value of its own here, counts as null.
InputKind written_kind(ValueKind kind);

// A literal as the document has it, shortened to what a message can hold.
std::string show_literal(const Document& document, const Value& value);

}  // namespace tenon::graphql
