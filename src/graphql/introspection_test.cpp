#include "graphql/introspection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/parser.h"
#include "graphql/schema_builder.h"

namespace tenon::graphql {
namespace {

// The value of the only root field; with `earlier`, of an operation collected for other variables.
std::string answer(std::string_view sdl, const std::string& query, std::string_view given = "{}",
                   std::string_view earlier = {}) {
  ValidDocument document;
  document.schema = build_schema(sdl, true).value();
  document.document = std::make_shared<Document>(parse(query, {}).value());
  const Json json = parse_json(given).value();
  const Json before = parse_json(earlier.empty() ? given : earlier).value();
  const auto variables = coerce_variables(document, 0, JsonValue(json)).value();
  const auto operation =
      collect(document, 0, coerce_variables(document, 0, JsonValue(before)).value()).value();
  EXPECT_TRUE(is_introspection(operation, operation.fields[0]));
  std::string out;
  write_introspection(out, operation, operation.fields[0], variables);
  return out;
}

constexpr std::string_view described_sdl = R"(
  "The root." type Query { a(x: [Int!]! = [1], y: Int @deprecated(reason: "y not")): [[A]!] old: Int @deprecated }
  type A implements N { id: ID! }
  interface N { id: ID! }
  union U = A | Query
  enum E { X "second" Y @deprecated(reason: "") }
  input I { a: String = "\"\n" b: E @deprecated }
  input O @oneOf { a: Int }
  scalar S @specifiedBy(url: "https://s")
  directive @d(a: Int = 2, b: Int @deprecated) repeatable on FIELD | QUERY
)";

TEST(Introspection, AnswersATypeByName) {
  EXPECT_EQ(answer(described_sdl, R"({ __type(name: "A") { kind name description k: kind } })"),
            R"({"kind":"OBJECT","name":"A","description":null,"k":"OBJECT"})");
  EXPECT_EQ(answer(described_sdl, R"({ __type(name: "Nope") { kind } })"), "null");
  EXPECT_EQ(answer(described_sdl, R"({ __type(name: "Float") { kind } })"), "null");
  EXPECT_EQ(
      answer(described_sdl,
             R"({ __type(name: "Query") { description __typename fields { __typename name } } })"),
      R"({"description":"The root.","__typename":"__Type","fields":[{"__typename":"__Field","name":"a"}]})");
}

TEST(Introspection, HasNullForWhatAKindDoesNotHave) {
  const std::string all =
      "kind fields { name } interfaces { name } possibleTypes { name } enumValues { name } "
      "inputFields { name } ofType { name } specifiedByURL isOneOf";
  const auto type = [&](const std::string& name) {
    return answer(described_sdl, "{ __type(name: \"" + name + "\") { " + all + " } }");
  };
  EXPECT_EQ(type("S"),
            R"({"kind":"SCALAR","fields":null,"interfaces":null,"possibleTypes":null,"enumValues":null,)"
            R"("inputFields":null,"ofType":null,"specifiedByURL":"https://s","isOneOf":null})");
  EXPECT_EQ(type("A"),
            R"({"kind":"OBJECT","fields":[{"name":"id"}],"interfaces":[{"name":"N"}],"possibleTypes":null,)"
            R"("enumValues":null,"inputFields":null,"ofType":null,"specifiedByURL":null,"isOneOf":null})");
  EXPECT_EQ(type("N"),
            R"({"kind":"INTERFACE","fields":[{"name":"id"}],"interfaces":[],"possibleTypes":[{"name":"A"}],)"
            R"("enumValues":null,"inputFields":null,"ofType":null,"specifiedByURL":null,"isOneOf":null})");
  EXPECT_EQ(
      type("U"),
      R"({"kind":"UNION","fields":null,"interfaces":null,"possibleTypes":[{"name":"A"},{"name":"Query"}],)"
      R"("enumValues":null,"inputFields":null,"ofType":null,"specifiedByURL":null,"isOneOf":null})");
  EXPECT_EQ(
      type("E"),
      R"({"kind":"ENUM","fields":null,"interfaces":null,"possibleTypes":null,"enumValues":[{"name":"X"}],)"
      R"("inputFields":null,"ofType":null,"specifiedByURL":null,"isOneOf":null})");
  EXPECT_EQ(
      type("I"),
      R"({"kind":"INPUT_OBJECT","fields":null,"interfaces":null,"possibleTypes":null,"enumValues":null,)"
      R"("inputFields":[{"name":"a"}],"ofType":null,"specifiedByURL":null,"isOneOf":false})");
  EXPECT_EQ(
      type("O"),
      R"({"kind":"INPUT_OBJECT","fields":null,"interfaces":null,"possibleTypes":null,"enumValues":null,)"
      R"("inputFields":[{"name":"a"}],"ofType":null,"specifiedByURL":null,"isOneOf":true})");
}

TEST(Introspection, UnwrapsListsAndNonNulls) {
  EXPECT_EQ(
      answer(described_sdl,
             R"({ __type(name: "Query") { fields { type { kind name ofType { kind name ofType { kind name
                           ofType { name ofType { name } } } } } args { type { kind ofType { kind } } } } } })"),
      R"({"fields":[{"type":{"kind":"LIST","name":null,"ofType":{"kind":"NON_NULL","name":null,)"
      R"("ofType":{"kind":"LIST","name":null,"ofType":{"name":"A","ofType":null}}}},)"
      R"("args":[{"type":{"kind":"NON_NULL","ofType":{"kind":"LIST"}}}]}]})");
}

TEST(Introspection, LeavesDeprecatedMembersOutUnlessAsked) {
  EXPECT_EQ(answer(described_sdl, R"({ __type(name: "Query") { fields(includeDeprecated: true) {
              name isDeprecated deprecationReason args(includeDeprecated: true) { name isDeprecated deprecationReason } } } })"),
            R"({"fields":[{"name":"a","isDeprecated":false,"deprecationReason":null,"args":[)"
            R"({"name":"x","isDeprecated":false,"deprecationReason":null},)"
            R"({"name":"y","isDeprecated":true,"deprecationReason":"y not"}]},)"
            R"({"name":"old","isDeprecated":true,"deprecationReason":"No longer supported","args":[]}]})");
  EXPECT_EQ(
      answer(
          described_sdl,
          R"({ __type(name: "E") { enumValues(includeDeprecated: true) { name description deprecationReason } } })"),
      R"({"enumValues":[{"name":"X","description":null,"deprecationReason":null},)"
      R"({"name":"Y","description":"second","deprecationReason":""}]})");
  EXPECT_EQ(
      answer(described_sdl, R"({ __type(name: "I") { inputFields(includeDeprecated: true) { name } } })"),
      R"({"inputFields":[{"name":"a"},{"name":"b"}]})");
  EXPECT_EQ(answer(described_sdl,
                   R"({ __type(name: "I") { inputFields(includeDeprecated: null) { name defaultValue } } })"),
            R"({"inputFields":[{"name":"a","defaultValue":"\"\\\"\\n\""}]})");
}

TEST(Introspection, ListsDirectives) {
  const std::string all =
      answer(described_sdl,
             "{ __schema { directives { name isRepeatable locations args { name defaultValue } } } }");
  EXPECT_THAT(all, testing::HasSubstr(R"({"name":"d","isRepeatable":true,"locations":["FIELD","QUERY"],)"
                                      R"("args":[{"name":"a","defaultValue":"2"}]})"));
  EXPECT_THAT(
      all, testing::HasSubstr(R"({"name":"deprecated","isRepeatable":false,"locations":["FIELD_DEFINITION",)"
                              R"("ARGUMENT_DEFINITION","INPUT_FIELD_DEFINITION","ENUM_VALUE"],)"
                              R"("args":[{"name":"reason","defaultValue":"\"No longer supported\""}]})"));
}

TEST(Introspection, NamesRootsAndListsTypesOnce) {
  EXPECT_EQ(
      answer(
          described_sdl,
          "{ __schema { description queryType { name } mutationType { name } subscriptionType { name } } }"),
      R"({"description":null,"queryType":{"name":"Query"},"mutationType":null,"subscriptionType":null})");
  EXPECT_EQ(
      answer("type Query { a: Int } type Mutation { b: ID }", "{ __schema { types { name } } }"),
      R"({"types":[{"name":"Query"},{"name":"Mutation"},{"name":"Int"},{"name":"String"},{"name":"Boolean"},)"
      R"({"name":"ID"},{"name":"__Schema"},{"name":"__Type"},{"name":"__TypeKind"},{"name":"__Field"},)"
      R"({"name":"__InputValue"},{"name":"__EnumValue"},{"name":"__Directive"},{"name":"__DirectiveLocation"}]})");
}

TEST(Introspection, ReadsTheRequestsOwnVariables) {
  const std::string query =
      "query($n: String!, $d: Boolean) { __type(name: $n) { name fields(includeDeprecated: $d) { name } } }";
  EXPECT_EQ(answer(described_sdl, query, R"({"n": "Query", "d": true})", R"({"n": "A", "d": false})"),
            R"({"name":"Query","fields":[{"name":"a"},{"name":"old"}]})");
}

}  // namespace
}  // namespace tenon::graphql
