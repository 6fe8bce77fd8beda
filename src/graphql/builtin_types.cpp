#include "graphql/builtin_types.h"

#include <utility>

namespace tenon::graphql {

namespace {

FieldSpec field(std::string name, std::string type, std::string description = {}) {
  return {.name = std::move(name), .type = std::move(type), .description = std::move(description)};
}

// A list of which deprecated members are left out unless asked for.
FieldSpec deprecable(std::string name, std::string type) {
  return {.name = std::move(name),
          .type = std::move(type),
          .arguments = {{.name = "includeDeprecated", .type = "Boolean", .default_value = "false"}}};
}

void add_schema_type(SchemaBuilder& builder) {
  builder.add_object(
      "__Schema",
      {
          field("description", "String"),
          field("types", "[__Type!]!", "A list of all types supported by this server."),
          field("queryType", "__Type!", "The type that query operations will be rooted at."),
          field("mutationType", "__Type",
                "If this server supports mutation, the type that mutation operations will be rooted at."),
          field("subscriptionType", "__Type",
                "If this server supports subscription, the type that subscription operations will be rooted "
                "at."),
          field("directives", "[__Directive!]!", "A list of all directives supported by this server."),
      },
      "A GraphQL Schema defines the capabilities of a GraphQL server. It exposes all available types and "
      "directives on the server, as well as the entry points for query, mutation, and subscription "
      "operations.");
}

void add_type_types(SchemaBuilder& builder) {
  builder.add_object(
      "__Type",
      {
          field("kind", "__TypeKind!"),
          field("name", "String"),
          field("description", "String"),
          field("specifiedByURL", "String"),
          deprecable("fields", "[__Field!]"),
          field("interfaces", "[__Type!]"),
          field("possibleTypes", "[__Type!]"),
          deprecable("enumValues", "[__EnumValue!]"),
          deprecable("inputFields", "[__InputValue!]"),
          field("ofType", "__Type"),
          field("isOneOf", "Boolean"),
      },
      "The fundamental unit of any GraphQL Schema is the type. There are many kinds of types in GraphQL as "
      "represented by the `__TypeKind` enum.\n\nDepending on the kind of a type, certain fields describe "
      "information about that type. Scalar types provide no information beyond a name, description and "
      "optional "
      "`specifiedByURL`, while Enum types provide their values. Object and Interface types provide the "
      "fields "
      "they describe. Abstract types, Union and Interface, provide the Object types possible at runtime. "
      "List "
      "and NonNull types compose other types.");
  builder.add_enum(
      "__TypeKind",
      {
          {"SCALAR", "Indicates this type is a scalar."},
          {"OBJECT", "Indicates this type is an object. `fields` and `interfaces` are valid fields."},
          {"INTERFACE",
           "Indicates this type is an interface. `fields`, `interfaces`, and `possibleTypes` are valid "
           "fields."},
          {"UNION", "Indicates this type is a union. `possibleTypes` is a valid field."},
          {"ENUM", "Indicates this type is an enum. `enumValues` is a valid field."},
          {"INPUT_OBJECT", "Indicates this type is an input object. `inputFields` is a valid field."},
          {"LIST", "Indicates this type is a list. `ofType` is a valid field."},
          {"NON_NULL", "Indicates this type is a non-null. `ofType` is a valid field."},
      },
      "An enum describing what kind of type a given `__Type` is.");
}

void add_member_types(SchemaBuilder& builder) {
  builder.add_object(
      "__Field",
      {
          field("name", "String!"),
          field("description", "String"),
          deprecable("args", "[__InputValue!]!"),
          field("type", "__Type!"),
          field("isDeprecated", "Boolean!"),
          field("deprecationReason", "String"),
      },
      "Object and Interface types are described by a list of Fields, each of which has a name, potentially a "
      "list of arguments, and a return type.");
  builder.add_object(
      "__InputValue",
      {
          field("name", "String!"),
          field("description", "String"),
          field("type", "__Type!"),
          field("defaultValue", "String",
                "A GraphQL-formatted string representing the default value for this input value."),
          field("isDeprecated", "Boolean!"),
          field("deprecationReason", "String"),
      },
      "Arguments provided to Fields or Directives and the input fields of an InputObject are represented as "
      "Input Values which describe their type and optionally a default value.");
  builder.add_object(
      "__EnumValue",
      {
          field("name", "String!"),
          field("description", "String"),
          field("isDeprecated", "Boolean!"),
          field("deprecationReason", "String"),
      },
      "One possible value for a given Enum. Enum values are unique values, not a placeholder for a string or "
      "numeric value. However an Enum value is returned in a JSON response as a string.");
}

void add_directive_types(SchemaBuilder& builder) {
  builder.add_object(
      "__Directive",
      {
          field("name", "String!"),
          field("description", "String"),
          field("isRepeatable", "Boolean!"),
          field("locations", "[__DirectiveLocation!]!"),
          deprecable("args", "[__InputValue!]!"),
      },
      "A Directive provides a way to describe alternate runtime execution and type validation behavior in a "
      "GraphQL document.\n\nIn some cases, you need to provide options to alter GraphQL's execution behavior "
      "in "
      "ways field arguments will not suffice, such as conditionally including or skipping a field. "
      "Directives "
      "provide this by describing additional information to the executor.");
  builder.add_enum("__DirectiveLocation",
                   {
                       {"QUERY", "Location adjacent to a query operation."},
                       {"MUTATION", "Location adjacent to a mutation operation."},
                       {"SUBSCRIPTION", "Location adjacent to a subscription operation."},
                       {"FIELD", "Location adjacent to a field."},
                       {"FRAGMENT_DEFINITION", "Location adjacent to a fragment definition."},
                       {"FRAGMENT_SPREAD", "Location adjacent to a fragment spread."},
                       {"INLINE_FRAGMENT", "Location adjacent to an inline fragment."},
                       {"VARIABLE_DEFINITION", "Location adjacent to a variable definition."},
                       {"SCHEMA", "Location adjacent to a schema definition."},
                       {"SCALAR", "Location adjacent to a scalar definition."},
                       {"OBJECT", "Location adjacent to an object type definition."},
                       {"FIELD_DEFINITION", "Location adjacent to a field definition."},
                       {"ARGUMENT_DEFINITION", "Location adjacent to an argument definition."},
                       {"INTERFACE", "Location adjacent to an interface definition."},
                       {"UNION", "Location adjacent to a union definition."},
                       {"ENUM", "Location adjacent to an enum definition."},
                       {"ENUM_VALUE", "Location adjacent to an enum value definition."},
                       {"INPUT_OBJECT", "Location adjacent to an input object type definition."},
                       {"INPUT_FIELD_DEFINITION", "Location adjacent to an input object field definition."},
                   },
                   "A Directive can be adjacent to many parts of the GraphQL language, a __DirectiveLocation "
                   "describes one "
                   "such possible adjacencies.");
}

}  // namespace

void add_builtin_scalars(SchemaBuilder& builder) {
  builder.add_scalar("Int",
                     "The `Int` scalar type represents non-fractional signed whole numeric values. Int can "
                     "represent values between -(2^31) and 2^31 - 1.");
  builder.add_scalar(
      "Float",
      "The `Float` scalar type represents signed double-precision fractional values as specified "
      "by [IEEE 754](https://en.wikipedia.org/wiki/IEEE_floating_point).");
  builder.add_scalar(
      "String",
      "The `String` scalar type represents textual data, represented as UTF-8 character sequences. "
      "The String type is most often used by GraphQL to represent free-form human-readable text.");
  builder.add_scalar("Boolean", "The `Boolean` scalar type represents `true` or `false`.");
  builder.add_scalar(
      "ID",
      "The `ID` scalar type represents a unique identifier, often used to refetch an object or as "
      "key for a cache. The ID type appears in a JSON response as a String; however, it is not "
      "intended to be human-readable. When expected as an input type, any string (such as `\"4\"`) "
      "or integer (such as `4`) input value will be accepted as an ID.");
}

void add_introspection_types(SchemaBuilder& builder) {
  add_schema_type(builder);
  add_type_types(builder);
  add_member_types(builder);
  add_directive_types(builder);
}

void add_builtin_directives(SchemaBuilder& builder) {
  using enum DirectiveLocation;
  const std::vector<DirectiveLocation> selections = {field, fragment_spread, inline_fragment};
  builder.add_directive(
      "include", selections, {{.name = "if", .type = "Boolean!", .description = "Included when true."}},
      false, "Directs the executor to include this field or fragment only when the `if` argument is true.");
  builder.add_directive(
      "skip", selections, {{.name = "if", .type = "Boolean!", .description = "Skipped when true."}}, false,
      "Directs the executor to skip this field or fragment when the `if` argument is true.");
  builder.add_directive(
      "deprecated", {field_definition, argument_definition, input_field_definition, enum_value},
      {{.name = "reason",
        .type = "String",
        .description =
            "Explains why this element was deprecated, usually also including a suggestion for how to "
            "access supported similar data. Formatted using the Markdown syntax, as specified by "
            "[CommonMark](https://commonmark.org/).",
        .default_value = "\"No longer supported\""}},
      false, "Marks an element of a GraphQL schema as no longer supported.");
  builder.add_directive("specifiedBy", {scalar},
                        {{.name = "url",
                          .type = "String!",
                          .description = "The URL that specifies the behavior of this scalar."}},
                        false, "Exposes a URL that specifies the behavior of this scalar.");
  builder.add_directive("oneOf", {input_object}, {}, false,
                        "Indicates exactly one field must be supplied and this field must not be `null`.");
}

std::vector<FieldSpec> meta_fields() {
  return {field("__typename", "String!", "The name of the current Object type at runtime."),
          field("__schema", "__Schema!", "Access the current type schema of this server."),
          {.name = "__type",
           .type = "__Type",
           .arguments = {{.name = "name", .type = "String!"}},
           .description = "Request the type information of a single type."}};
}

}  // namespace tenon::graphql
