// Makes a Schema, from calls or from SDL text. Types may be referred to before they are defined.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/error.h"
#include "graphql/schema.h"

namespace tenon::graphql {

// What a caller says about an argument or input field. `type` and `default_value` are GraphQL text:
// "[Int!]!", "10".
struct InputValueSpec {
  std::string name;
  std::string type;
  std::string description = {};
  std::string default_value = {};
  std::optional<std::string> deprecation_reason = {};
};

struct FieldSpec {
  std::string name;
  std::string type;
  std::vector<InputValueSpec> arguments = {};
  std::string description = {};
  std::optional<std::string> deprecation_reason = {};
};

struct EnumValueSpec {
  std::string name;
  std::string description = {};
  std::optional<std::string> deprecation_reason = {};
};

// The built-in scalars and directives (@skip, @include, @deprecated, @specifiedBy, @oneOf) and the
// introspection types are always there; the caller adds the rest. Definition order is kept in introspection
// and in printed SDL.
class SchemaBuilder {
 public:
  SchemaBuilder();
  ~SchemaBuilder();

  void set_description(std::string description);
  void add_scalar(std::string name, std::string description = {},
                  std::optional<std::string> specified_by = {});
  void add_enum(std::string name, std::vector<EnumValueSpec> values, std::string description = {});
  void add_object(std::string name, std::vector<FieldSpec> fields, std::string description = {},
                  std::vector<std::string> interfaces = {});
  void add_interface(std::string name, std::vector<FieldSpec> fields, std::string description = {},
                     std::vector<std::string> interfaces = {});
  void add_union(std::string name, std::vector<std::string> members, std::string description = {});
  void add_input(std::string name, std::vector<InputValueSpec> fields, std::string description = {},
                 bool one_of = false);
  void add_directive(std::string name, std::vector<DirectiveLocation> locations,
                     std::vector<InputValueSpec> arguments = {}, bool repeatable = false,
                     std::string description = {});
  // Names of the root types; "Query" is required unless given otherwise. Mutation and subscription roots
  // exist when an object of that name was added.
  void set_root(OperationKind kind, std::string type_name);
  // No root by its default name: only those of set_root exist.
  void set_only_given_roots();

  // Links names to types; the builder is empty afterwards. Fails, naming the first problem, when a name is
  // unknown, malformed or defined twice. Unless `lenient` (what graphql-js calls assumeValid; the conformance
  // kit builds such schemas on purpose) the rules of section 3 are checked too, see schema_check.h.
  std::expected<std::shared_ptr<const Schema>, Error> build(bool lenient = false);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A schema from SDL: definitions and extensions in any order. `lenient` as above.
std::expected<std::shared_ptr<const Schema>, Error> build_schema(std::string_view sdl, bool lenient = false);

// The schema as SDL in the layout of graphql-js's printSchema: definition order, without built-ins,
// descriptions as block strings.
std::string print_schema(const Schema& schema);

}  // namespace tenon::graphql
