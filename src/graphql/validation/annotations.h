// What the schema says about the places of a document, found in one walk. The rows are parallel to the
// document's, so that a rule is a loop over rows rather than a traversal of its own.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/ast.h"
#include "graphql/schema.h"

namespace tenon::graphql::validation {

// Parallel to Document::selections.
struct SelectionTypes {
  std::optional<TypeId> parent;  // the composite type it is selected on
  std::optional<FieldId> field;  // field: its definition, meta fields included
  // field: its type; inline fragment: its condition, or the enclosing type without one.
  std::optional<TypeReference> type;
  std::uint32_t depth = 0;  // fields around it in its operation or fragment, itself included if it is one
};

// Parallel to Document::directives. Directives of type system definitions have no location here.
struct DirectiveUse {
  std::optional<DirectiveId> definition;
  std::optional<DirectiveLocation> location;
  Offset parent = 0;  // of the node that carries it
};

// One occurrence of a variable.
struct VariableUse {
  ValueId value = 0;
  std::optional<TypeReference> type;  // expected there
  bool has_default = false;           // of the argument or input field
  std::optional<TypeId> one_of;       // the @oneOf input object whose field it is given for
};

// An operation or a fragment: the rows that belong to it. Those of Document::selections hold everything
// nested, since a document's rows are written definition by definition.
struct Scope {
  Range selections;     // all rows of Document::selections inside it
  Range variable_uses;  // Annotations::variable_uses
  Range spreads;        // Annotations::spreads
};

struct Annotations {
  std::vector<SelectionTypes> selections;
  std::vector<DirectiveUse> directives;
  std::vector<std::optional<InputValueId>> arguments;      // parallel to Document::arguments
  std::vector<std::optional<TypeReference>> variables;     // parallel to Document::variables
  std::vector<std::optional<TypeId>> fragment_conditions;  // parallel to Document::fragments
  std::vector<Scope> operations;                           // parallel to Document::operations
  std::vector<Scope> fragments;                            // parallel to Document::fragments
  std::vector<VariableUse> variable_uses;
  std::vector<std::uint32_t> spreads;                        // rows of Document::selections
  std::vector<std::optional<std::uint32_t>> spread_targets;  // parallel to `spreads`: the fragment
  std::unordered_map<std::string_view, std::uint32_t> fragment_by_name;  // the last one of a name
};

Annotations annotate(const Schema& schema, const Document& document);

}  // namespace tenon::graphql::validation
