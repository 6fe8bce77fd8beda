#include "graphql/schema_builder.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tenon::graphql {
namespace {

std::shared_ptr<const Schema> blog() {
  SchemaBuilder builder;
  builder.add_object("Query", {{.name = "posts",
                                .type = "[Post!]!",
                                .arguments = {{.name = "limit", .type = "Int", .default_value = "10"},
                                              {.name = "filter", .type = "PostFilter"}}}});
  builder.add_object("Post", {{.name = "id", .type = "ID!"}, {.name = "state", .type = "State"}},
                     "An entry.");
  builder.add_enum("State", {{.name = "OPEN"}, {.name = "CLOSED", .deprecation_reason = "never"}});
  builder.add_input("PostFilter",
                    {{.name = "and", .type = "[PostFilter!]"}, {.name = "state", .type = "State"}});
  auto schema = builder.build();
  EXPECT_TRUE(schema.has_value()) << schema.error().message;
  return schema.value_or(nullptr);
}

std::string problem_of(SchemaBuilder& builder, bool lenient = false) {
  const auto schema = builder.build(lenient);
  return schema ? "" : schema.error().message;
}

TEST(SchemaBuilder, LinksNamesToTypes) {
  const auto schema = blog();
  const auto query = schema->find_type("Query");
  ASSERT_TRUE(query);
  EXPECT_EQ(schema->root(OperationKind::query), query);
  EXPECT_EQ(schema->root(OperationKind::mutation), std::nullopt);
  const auto posts = schema->find_field(*query, "posts");
  ASSERT_TRUE(posts);
  EXPECT_EQ(schema->to_string((*schema)[*posts].type), "[Post!]!");
  EXPECT_EQ((*schema)[*posts].parent, *query);
  const auto filter = schema->find_argument(*posts, "filter");
  ASSERT_TRUE(filter);
  const TypeId type = (*schema)[*filter].type.named();
  EXPECT_EQ((*schema)[type].name, "PostFilter");
  EXPECT_EQ(schema->to_string((*schema)[*schema->find_input_field(type, "and")].type), "[PostFilter!]");
  EXPECT_EQ(schema->find_input_field(type, "or"), std::nullopt);
}

TEST(SchemaBuilder, KeepsDefaultsAsTextAndAsConstant) {
  const auto schema = blog();
  const auto limit =
      schema->find_argument(*schema->find_field(*schema->find_type("Query"), "posts"), "limit");
  const InputValue& argument = (*schema)[*limit];
  EXPECT_EQ(argument.default_text, "10");
  ASSERT_TRUE(argument.default_value);
  const Value& constant = schema->defaults().values[*argument.default_value];
  EXPECT_EQ(constant.kind, ValueKind::int_);
  EXPECT_EQ(constant.text, "10");
  EXPECT_FALSE(argument.is_required());
}

TEST(SchemaBuilder, AlwaysHoldsTheLanguagesOwnTypes) {
  const auto schema = blog();
  for (const char* name : {"String", "Boolean", "__Schema", "__Type", "__Field", "__InputValue",
                           "__EnumValue", "__Directive", "__TypeKind", "__DirectiveLocation"}) {
    const auto type = schema->find_type(name);
    ASSERT_TRUE(type) << name;
    EXPECT_TRUE(schema->is_builtin(*type));
  }
  EXPECT_FALSE(schema->is_builtin(*schema->find_type("Query")));
  EXPECT_EQ(schema->builtin(*schema->find_type("ID")), BuiltinScalar::id);
  EXPECT_EQ(schema->builtin(*schema->find_type("Int")), BuiltinScalar::int_);
  EXPECT_EQ(schema->builtin(*schema->find_type("State")), std::nullopt);
  for (const char* name : {"skip", "include", "deprecated", "specifiedBy", "oneOf"})
    EXPECT_TRUE(schema->find_directive(name)) << name;
  EXPECT_EQ((*schema)[schema->typename_field()].name, "__typename");
  EXPECT_EQ((*schema)[schema->schema_field()].name, "__schema");
  EXPECT_TRUE(schema->find_argument(schema->type_field(), "name"));
}

TEST(SchemaBuilder, LeavesOutBuiltInScalarsThatNothingUses) {
  EXPECT_EQ(blog()->find_type("Float"), std::nullopt);  // section 3.5.1
}

TEST(SchemaBuilder, FindsMembersAmongFewAndAmongMany) {
  SchemaBuilder builder;
  std::vector<FieldSpec> many;
  for (int i = 0; i < 300; ++i) many.push_back({.name = "f" + std::to_string(i), .type = "Int"});
  builder.add_object("Query", many);
  builder.add_object("Other", many);
  const auto schema = builder.build().value();
  for (const char* name : {"Query", "Other"}) {
    const TypeId type = *schema->find_type(name);
    for (int i = 0; i < 300; ++i) {
      const auto field = schema->find_field(type, "f" + std::to_string(i));
      ASSERT_TRUE(field);
      EXPECT_EQ((*schema)[*field].parent, type);
    }
    EXPECT_EQ(schema->find_field(type, "f300"), std::nullopt);
  }
}

TEST(SchemaBuilder, NamesTheProblem) {
  {
    SchemaBuilder builder;
    builder.add_object("Query", {{.name = "a", .type = "Missing"}});
    EXPECT_EQ(problem_of(builder), "Unknown type: \"Missing\".");
  }
  {
    SchemaBuilder builder;
    builder.add_object("Query", {{.name = "a", .type = "Int"}});
    builder.add_scalar("Query");
    EXPECT_EQ(problem_of(builder), "There can be only one type named \"Query\".");
  }
  {
    SchemaBuilder builder;
    builder.add_object("Query", {{.name = "a b", .type = "Int"}});
    EXPECT_EQ(problem_of(builder), "\"a b\" is not a GraphQL name.");
  }
  {
    SchemaBuilder builder;
    builder.add_object(
        "Query",
        {{.name = "a", .type = "Int", .arguments = {{.name = "x", .type = "Int", .default_value = "1 2"}}}});
    EXPECT_THAT(problem_of(builder), testing::StartsWith("The default value 1 2 cannot be read: "));
  }
}

TEST(SchemaBuilder, ReadsTypesAsWritten) {
  const std::vector<std::string> good = {"Int", "Int!", "[Int]", "[Int!]!", "[[Int]!]", "[[[Int!]!]!]!"};
  for (const std::string& text : good) {
    SchemaBuilder builder;
    builder.add_object("Query", {{.name = "a", .type = text}});
    const auto schema = builder.build().value();
    EXPECT_EQ(schema->to_string((*schema)[*schema->find_field(*schema->find_type("Query"), "a")].type), text);
  }
  const std::vector<std::string> bad = {"",
                                        "[Int",
                                        "Int]",
                                        "Int!!",
                                        "[]",
                                        "!",
                                        "[Int]]",
                                        "In t",
                                        "[Int]!!",
                                        "Int!x",
                                        "[[[[[[[[[[[[[[[[Int]]]]]]]]]]]]]]]]"};
  for (const std::string& text : bad) {
    SchemaBuilder builder;
    builder.add_object("Query", {{.name = "a", .type = text}});
    EXPECT_EQ(problem_of(builder, true), "\"" + text + "\" is not a GraphQL type.");
  }
}

TEST(Schema, KnowsSubtypes) {
  SchemaBuilder builder;
  builder.add_object("Query", {{.name = "a", .type = "A"}, {.name = "u", .type = "U"}});
  builder.add_interface("I", {{.name = "x", .type = "Int"}});
  builder.add_object("A", {{.name = "x", .type = "Int"}}, "", {"I"});
  builder.add_union("U", {"A"});
  const auto schema = builder.build().value();
  const TypeReference a(*schema->find_type("A"));
  const TypeReference i(*schema->find_type("I"));
  const TypeReference u(*schema->find_type("U"));
  const TypeReference q(*schema->find_type("Query"));
  EXPECT_TRUE(schema->is_subtype(a, a));
  EXPECT_TRUE(schema->is_subtype(a, i));
  EXPECT_TRUE(schema->is_subtype(a, u));
  EXPECT_FALSE(schema->is_subtype(q, u));
  EXPECT_FALSE(schema->is_subtype(i, a));
  EXPECT_TRUE(schema->is_subtype(a.non_null(), i));
  EXPECT_FALSE(schema->is_subtype(a, i.non_null()));
  EXPECT_TRUE(schema->is_subtype(a.non_null().list().non_null(), i.list()));
  EXPECT_FALSE(schema->is_subtype(a.list(), i));
  EXPECT_FALSE(schema->is_subtype(a, i.list()));
  EXPECT_TRUE(schema->is_possible_type(i.named(), a.named()));
  EXPECT_TRUE(schema->is_possible_type(u.named(), a.named()));
  EXPECT_FALSE(schema->is_possible_type(i.named(), q.named()));
  EXPECT_THAT((*schema)[i.named()].possible_types, testing::ElementsAre(a.named()));
}

}  // namespace
}  // namespace tenon::graphql
