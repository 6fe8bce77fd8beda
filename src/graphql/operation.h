// An operation ready to be planned: selected from its document, fields collected and merged per object type
// (section 6.3.2, CollectFields), fragments and directives resolved away, arguments coerced. Everything the
// API's planner needs, and nothing of the syntax.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "graphql/ast.h"
#include "graphql/error.h"
#include "graphql/input.h"
#include "graphql/json.h"
#include "graphql/schema.h"

namespace tenon::graphql {

using OperationFieldId = std::uint32_t;

struct OperationField {
  std::string_view response_key;
  FieldId field;       // may be a meta field, see Schema
  TypeId parent_type;  // the object type it is selected on
  Offset offset = 0;   // of its first occurrence
  // Coerced arguments: Operation::arguments[first_argument, +argument_count); an argument that was not given
  // and has no default is absent.
  std::uint32_t first_argument = 0;
  std::uint32_t argument_count = 0;
  // Selected fields of a composite type, in response order: rows of Operation::fields.
  std::uint32_t first_child = 0;
  std::uint32_t child_count = 0;
};

struct OperationArgument {
  InputValueId definition;
  InputNodeId value = 0;  // into Operation::input
};

// For object types only (the API has no interfaces or unions); `collect` refuses others.
struct Operation {
  std::shared_ptr<const Schema> schema;
  std::shared_ptr<const Document> document;  // names and texts are views into it
  OperationKind kind = OperationKind::query;
  std::string_view name;  // empty when anonymous
  TypeId root_type;
  std::uint32_t root_field_count = 0;  // rows [0, root_field_count) of `fields`
  std::vector<OperationField> fields;
  std::vector<OperationArgument> arguments;
  InputTree input;

  const InputNode* argument(const OperationField& field, std::string_view wanted) const;
  base::LineColumn position(const OperationField& field) const { return document->position(field.offset); }
};

// A document that parsed and passed validation against a schema; what the first cache holds.
struct ValidDocument {
  std::shared_ptr<const Schema> schema;
  std::shared_ptr<const Document> document;
};

// text → Document → ValidDocument. Errors carry code and locations.
std::expected<ValidDocument, Errors> load_document(std::shared_ptr<const Schema> schema, std::string text,
                                                   const base::DocumentLimits& limits);

// Section 6.1, GetOperation: the one named, or the only one when `name` is empty or absent. The result is an
// index into Document::operations.
std::expected<std::uint32_t, Error> select_operation(const Document& document,
                                                     std::optional<std::string_view> name);

// Section 6.1.2, CoerceVariableValues. `given` is Request::variables(): an object that may hold more than the
// operation asks for, or nothing. Errors have code BAD_USER_INPUT and read as those of graphql-js.
std::expected<VariableValues, Errors> coerce_variables(const ValidDocument& document, std::uint32_t operation,
                                                       JsonValue given);

// Collects fields and coerces arguments. The result depends on the variables' values wherever they decide
// the shape: @skip, @include, and everything in Operation::input (each node of which says which variable it
// came from; its texts are copies, so that the operation may outlive the request). The document need not be
// valid: what cannot be executed is an error.
//
// What no origin shows: whether a variable was given or null (else the default is used), and variables inside
// an object or list that is written for a custom scalar, which become part of that scalar's text. Whoever
// keeps operations must take both for deciding the shape.
std::expected<Operation, Errors> collect(const ValidDocument& document, std::uint32_t operation,
                                         const VariableValues& variables);

// Text for people and golden files: one line per field, arguments with their origin.
std::string describe(const Operation& operation);

}  // namespace tenon::graphql
