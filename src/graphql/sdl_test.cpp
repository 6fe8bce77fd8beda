#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/schema_builder.h"
#include "tests/support/golden.h"

namespace tenon::graphql {
namespace {

std::string problem_of(std::string_view sdl, bool lenient = false) {
  const auto schema = build_schema(sdl, lenient);
  return schema ? "" : schema.error().message;
}

// tests/golden/graphql/schema/x.graphql is printed as x.printed.graphql, and that prints as itself.
TEST(PrintSchema, Golden) {
  const auto files = test::cases("tests/golden/graphql/schema", ".graphql");
  ASSERT_FALSE(files.empty());
  for (const auto& file : files) {
    if (file.stem().extension() == ".printed") continue;
    const auto schema = build_schema(test::read_file(test::source_dir() / file));
    ASSERT_TRUE(schema) << file << ": " << schema.error().message;
    const std::string printed = print_schema(**schema);
    auto expected = file;
    test::expect_golden(expected.replace_extension(".printed.graphql"), printed);
    const auto again = build_schema(printed);
    ASSERT_TRUE(again) << file << ": " << again.error().message;
    EXPECT_EQ(print_schema(**again), printed);
  }
}

TEST(BuildSchema, FoldsExtensionsIntoTheirTypes) {
  const auto schema = build_schema(R"(
    extend type Query { b: Color }
    type Query { a: Int }
    enum Color { RED }
    extend enum Color { BLUE }
    scalar Url
    extend scalar Url @specifiedBy(url: "https://url.spec.whatwg.org")
    input I { a: Int }
    extend input I @oneOf { b: Url }
    extend type Query { c(i: I): Int }
  )");
  ASSERT_TRUE(schema) << schema.error().message;
  const Schema& s = **schema;
  EXPECT_TRUE(s.find_field(*s.find_type("Query"), "b"));
  EXPECT_TRUE(s.find_field(*s.find_type("Query"), "c"));
  EXPECT_TRUE(s.find_enum_value(*s.find_type("Color"), "BLUE"));
  EXPECT_EQ(s[*s.find_type("Url")].specified_by, "https://url.spec.whatwg.org");
  EXPECT_TRUE(s[*s.find_type("I")].one_of);
}

TEST(BuildSchema, ASchemaDefinitionNamesAllRoots) {
  const auto schema = build_schema("schema { query: Q } type Q { a: Int } type Mutation { a: Int }");
  ASSERT_TRUE(schema) << schema.error().message;
  EXPECT_EQ((*schema)->root(OperationKind::query), (*schema)->find_type("Q"));
  EXPECT_EQ((*schema)->root(OperationKind::mutation), std::nullopt);
  EXPECT_EQ(print_schema(**schema),
            "schema {\n  query: Q\n}\n\ntype Q {\n  a: Int\n}\n\ntype Mutation {\n  a: Int\n}\n");
}

TEST(BuildSchema, KeepsBuiltInTypesThatAreDefinedAgain) {
  const auto schema = build_schema("scalar Int type Query { a: Int } directive @skip(if: Boolean!) on FIELD");
  ASSERT_TRUE(schema) << schema.error().message;
  EXPECT_EQ((*schema)->builtin(*(*schema)->find_type("Int")), BuiltinScalar::int_);
  EXPECT_THAT((**schema)[*(*schema)->find_directive("skip")].locations,
              testing::ElementsAre(DirectiveLocation::field));
}

TEST(BuildSchema, ReportsSyntaxErrorsWithTheirPlace) {
  const auto schema = build_schema("type Query {\n  a Int\n}");
  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.error().code, code::parse_failed);
  ASSERT_EQ(schema.error().locations.size(), 1U);
  EXPECT_EQ(schema.error().locations[0].line, 2U);
}

TEST(BuildSchema, RefusesWhatIsNoTypeSystem) {
  EXPECT_EQ(problem_of("type Query { a: Int } { a }"), "A schema holds type system definitions only.");
  EXPECT_EQ(problem_of("type Query { a: Int } extend type Other { a: Int }"),
            "Cannot extend type \"Other\" because it is not defined.");
  EXPECT_EQ(problem_of("type Query { a: Int } extend input Query { a: Int }"),
            "Cannot extend type \"Query\" as a type of another kind.");
  EXPECT_EQ(problem_of("type Query { a: Int } schema { query: Query } schema { query: Query }"),
            "Must provide only one schema definition.");
}

struct Broken {
  const char* sdl;
  const char* message;
};

class BrokenSchema : public testing::TestWithParam<Broken> {};

TEST_P(BrokenSchema, IsRefusedUnlessLenient) {
  EXPECT_EQ(problem_of(GetParam().sdl), GetParam().message);
  EXPECT_EQ(problem_of(GetParam().sdl, true), "");
}

constexpr Broken broken_schemas[] = {
    {"type A { a: Int }", "Query root type must be provided."},
    {"input Query { a: Int }", "Query root type must be Object type, it cannot be Query."},
    {"schema { query: Q mutation: Q } type Q { a: Int }",
     "All root types must be different, \"Q\" type is used as Query and Mutation root type."},
    {"type Query", "Type Query must define one or more fields."},
    {"type Query { a: Int a: Int }", "Field \"Query.a\" can only be defined once."},
    {"type Query { a: I } input I { a: Int }", "The type of Query.a must be Output Type but got: I."},
    {"type Query { a(b: Query): Int }", "The type of Query.a(b:) must be Input Type but got: Query."},
    {"type Query { a(b: Int b: Int): Int }", "Argument \"Query.a(b:)\" can only be defined once."},
    {"type Query { a(b: Int! @deprecated): Int }", "Required argument Query.a(b:) cannot be deprecated."},
    {"type Query { __a: Int }",
     "Name \"__a\" must not begin with \"__\", which is reserved by GraphQL introspection."},
    {"type Query { a: Int } enum E", "Enum type E must define one or more values."},
    {"type Query { a: Int } enum E { A A }", "Enum value \"E.A\" can only be defined once."},
    {"type Query { a: Int } union U", "Union type U must define one or more member types."},
    {"type Query { a: Int } union U = Query | Query", "Union type U can only include type Query once."},
    {"type Query { a: Int } union U = Int",
     "Union type U can only include Object types, it cannot include Int."},
    {"type Query { a: Int } input I", "Input Object type I must define one or more fields."},
    {"type Query { a: Int } input I { a: Query }", "The type of I.a must be Input Type but got: Query."},
    {"type Query { a: Int } input I @oneOf { a: Int! }", "OneOf input field I.a must be nullable."},
    {"type Query { a: Int } input I @oneOf { a: Int = 1 }",
     "OneOf input field I.a cannot have a default value."},
    {"type Query { a: Int } input I { i: J! } input J { i: I! }",
     "Input Object I cannot be given a finite value: it references itself through a series of non-null "
     "fields."},
    {"type Query { a: Int } input I @oneOf { i: I }",
     "Input Object I cannot be given a finite value: it references itself through a series of non-null "
     "fields."},
    {"type Query { a(b: Int = \"x\"): Int }",
     "The default value \"x\" of \"b\" is not valid: Int cannot represent non-integer value: \"x\""},
    {"type Query { a: Int } input I { i: I = {} j: I = {} }",
     "The default value {} of \"i\" is not valid: The default value of \"i\" refers to itself."},
    {"type Query implements N { a: Int } interface N { b: Int }",
     "Interface field N.b expected but Query does not provide it."},
    {"type Query implements N { b: String } interface N { b: Int }",
     "Interface field N.b expects type Int but Query.b is type String."},
    {"type Query implements N { b: Int } interface N { b(c: Int): Int }",
     "Interface field argument N.b(c:) expected but Query.b does not provide it."},
    {"type Query implements N { b(c: Int!): Int } interface N { b(c: Int): Int }",
     "Interface field argument N.b(c:) expects type Int but Query.b(c:) is type Int!."},
    {"type Query implements N { b(c: Int!): Int } interface N { b: Int }",
     "Argument \"Query.b(c:)\" must not be required type \"Int!\" if not provided by the Interface field "
     "\"N.b\"."},
    {"type Query implements N { b: Int } interface N implements M { b: Int } interface M { b: Int }",
     "Type Query must implement M because it is implemented by N."},
    {"type Query implements Query { b: Int }",
     "Type Query must only implement Interface types, it cannot implement Query."},
    {"type Query implements N & N { b: Int } interface N { b: Int }",
     "Type Query can only implement N once."},
    {"type Query { b: Int } interface N implements N { b: Int }",
     "Type N cannot implement itself because it would create a circular reference."},
};

INSTANTIATE_TEST_SUITE_P(Cases, BrokenSchema, testing::ValuesIn(broken_schemas));

TEST(BuildSchema, AcceptsInputsThatEndSomewhere) {
  EXPECT_EQ(
      problem_of("type Query { a(i: I): Int } input I { list: [I!]! maybe: I must: J! } input J { i: I }"),
      "");
  EXPECT_EQ(problem_of("type Query { a(i: I): Int } input I @oneOf { i: I s: String }"), "");
  EXPECT_EQ(problem_of("type Query implements N & M { b(c: Int, d: Int): Int! } "
                       "interface N implements M { b: Int } interface M { b: Int }"),
            "");
}

}  // namespace
}  // namespace tenon::graphql
