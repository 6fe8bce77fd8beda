#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/operation.h"
#include "graphql/parser.h"
#include "graphql/schema_builder.h"
#include "tests/support/golden.h"

namespace tenon::graphql {
namespace {

constexpr std::string_view collected_sdl = R"(
  type Query {
    post(id: ID!): Post
    posts(filter: Filter, limit: Int = 10, order: [Order!], tags: [String]): [Post!]!
    node: Node
    raw(json: Any): Int
  }
  type Mutation { touch: Post }
  interface Node { id: ID! }
  type Post implements Node { id: ID! title(size: Int): String author: Person }
  type Person implements Node { id: ID! name: String posts(limit: Int): [Post] }
  input Filter { title: Text and: [Filter!] limit: Int = 5 }
  input Text { eq: String in: [String!] }
  input Order @oneOf { id: Direction title: Direction }
  enum Direction { ASC DESC }
  scalar Any
)";

class Collected {
 public:
  explicit Collected(std::string text, std::string_view given = "{}",
                     std::optional<std::string_view> name = std::nullopt) {
    base::DocumentLimits limits;
    limits.tokens_max = 1'000'000;
    document_.schema = build_schema(collected_sdl).value();
    document_.document = std::make_shared<Document>(parse(std::move(text), limits).value());
    json_ = parse_json(given).value();
    const auto selected = select_operation(*document_.document, name);
    if (!selected) {
      error_ = selected.error();
      return;
    }
    auto variables = coerce_variables(document_, *selected, JsonValue(json_));
    if (!variables) {
      error_ = variables.error().front();
      return;
    }
    auto operation = collect(document_, *selected, *variables);
    if (operation)
      operation_ = std::move(*operation);
    else
      error_ = operation.error().front();
  }

  std::string text() const { return error_ ? error_->message + "\n" : describe(operation_); }
  std::string_view code() const { return error_ ? error_->code : ""; }
  const Operation& operation() const { return operation_; }
  Operation take() { return std::move(operation_); }

 private:
  ValidDocument document_;
  Json json_;
  Operation operation_;
  std::optional<Error> error_;
};

// tests/golden/graphql/operation/x.graphql, with the variables of its first line (`# {…}`), as x.operation.
TEST(Collect, Golden) {
  const auto files = test::cases("tests/golden/graphql/operation", ".graphql");
  ASSERT_FALSE(files.empty());
  for (auto file : files) {
    const std::string text = test::read_file(test::source_dir() / file);
    ASSERT_TRUE(text.starts_with("# {")) << file;
    const Collected collected(text, std::string_view(text).substr(2, text.find('\n') - 2));
    test::expect_golden(file.replace_extension(".operation"), collected.text());
  }
}

TEST(Collect, TextsOutliveTheRequest) {
  std::string text;
  {
    auto given =
        std::make_unique<Collected>("query($f: Filter) { posts(filter: $f) { id } }",
                                    R"({"f": {"title": {"eq": "a long text that is on the heap"}}})");
    const Operation operation = given->take();
    given.reset();
    text = describe(operation);
  }
  EXPECT_THAT(text, testing::HasSubstr("a long text that is on the heap"));
}

TEST(Collect, OriginsLeadToTheirVariables) {
  const Collected collected(
      "query($t: String, $f: Filter) { posts(filter: {title: {eq: $t}, and: [$f]}) { id } }",
      R"({"t": "x", "f": {"title": {"in": ["a", "b"]}}})");
  const Operation& operation = collected.operation();
  const Schema& schema = *operation.schema;
  const TypeId filter = *schema.find_type("Filter");
  const TypeId text = *schema.find_type("Text");
  const InputNode* node = operation.argument(operation.fields[0], "filter");
  ASSERT_NE(node, nullptr);
  EXPECT_EQ(operation.input.origin(*node).variable, -1);
  const InputNode* title = operation.input.member(*node, *schema.find_input_field(filter, "title"));
  const InputNode* eq = operation.input.member(*title, *schema.find_input_field(text, "eq"));
  EXPECT_EQ(operation.input.origin(*eq).variable, 0);
  EXPECT_THAT(operation.input.origin(*eq).steps, testing::IsEmpty());
  const InputNode* both = operation.input.member(*node, *schema.find_input_field(filter, "and"));
  const InputNode& given = operation.input.children(*both)[0];
  EXPECT_EQ(operation.input.origin(given).variable, 1);
  const InputNode* inner = operation.input.member(given, *schema.find_input_field(filter, "title"));
  const InputNode* in = operation.input.member(*inner, *schema.find_input_field(text, "in"));
  const InputOrigin& origin = operation.input.origin(operation.input.children(*in)[1]);
  EXPECT_EQ(origin.variable, 1);
  EXPECT_THAT(origin.steps, testing::ElementsAre(schema.find_input_field(filter, "title")->value,
                                                 schema.find_input_field(text, "in")->value, 1U));
}

TEST(Collect, RefusesWhatCannotBeExecuted) {
  const auto message = [](std::string text, std::string_view given = "{}") {
    return Collected(std::move(text), given).text();
  };
  EXPECT_EQ(message("{ nope }"), "Cannot query field \"nope\" on type \"Query\".\n");
  EXPECT_EQ(message("{ ...F }"), "Unknown fragment \"F\".\n");
  EXPECT_EQ(message("{ node { id } }"),
            "Field \"node\" has the abstract type \"Node\", which cannot be executed.\n");
  EXPECT_EQ(message("subscription { a }"), "Schema is not configured to execute subscription operation.\n");
  EXPECT_EQ(message("{ post { id } }"), "Argument \"id\" of required type \"ID!\" was not provided.\n");
  EXPECT_EQ(message("query($i: ID) { post(id: $i) { id } }"),
            "Argument \"id\" of required type \"ID!\" was not provided.\n");
  EXPECT_EQ(
      message("query($i: ID) { post(id: $i) { id } }", R"({"i": null})"),
      "Argument \"id\" has invalid value; Variable \"$i\" must not be null where \"ID!\" is expected.\n");
  EXPECT_EQ(message("{ posts(limit: 1.5) { id } }"),
            "Argument \"limit\" has invalid value; Int cannot represent non-integer value: 1.5\n");
  EXPECT_EQ(message("{ posts(limit: 2147483648) { id } }"),
            "Argument \"limit\" has invalid value; Int cannot represent non 32-bit signed integer value: "
            "2147483648\n");
  EXPECT_EQ(message("{ posts(order: {id: DOWN}) { id } }"),
            "Argument \"order\" has invalid value; Value \"DOWN\" does not exist in \"Direction\" enum.\n");
  EXPECT_EQ(
      message("{ posts(order: {id: ASC, title: ASC}) { id } }"),
      "Argument \"order\" has invalid value; Exactly one key must be specified for OneOf type \"Order\".\n");
  EXPECT_EQ(message("{ posts(filter: {x: 1}) { id } }"),
            "Argument \"filter\" has invalid value; Field \"x\" is not defined by type \"Filter\".\n");
  EXPECT_EQ(message("{ post(id: 1) @skip(if: 1) { id } }"),
            "Argument \"if\" of directive \"@skip\" must be a Boolean.\n");
  EXPECT_EQ(
      message("{ post(id: 1) @skip { id } }"),
      "Directive \"@skip\" argument \"if\" of type \"Boolean!\" is required, but it was not provided.\n");
}

TEST(Collect, EndsOnFragmentsInCircles) {
  const Collected deep("{ post(id: 1) { ...P } } fragment P on Post { author { posts { ...P } } }");
  EXPECT_EQ(deep.code(), code::query_too_deep);
  const Collected flat(
      "{ post(id: 1) { ...P } } fragment P on Post { id ...Q } fragment Q on Post { ...P id }");
  EXPECT_EQ(flat.text(), "query\n  post(id: \"1\") Post\n    id ID!\n");
}

TEST(Collect, BoundsWhatFragmentsMultiply) {
  std::string text = "{ post(id: 1) { ...F0 } }";
  for (int i = 0; i < 40; ++i)
    text += "fragment F" + std::to_string(i) + " on Post { a: author { posts { ...F" + std::to_string(i + 1) +
            " } } b: author { posts { ...F" + std::to_string(i + 1) + " } } }";
  const Collected collected(text + "fragment F40 on Post { id }");
  EXPECT_EQ(collected.code(), code::query_too_complex);
}

TEST(Collect, MergesManyFieldsInLinearTime) {
  std::string text = "{";
  for (int i = 0; i < 20'000; ++i) text += " a" + std::to_string(i % 10'000) + ": post(id: 1) { id }";
  const Collected collected(text + "}");
  EXPECT_EQ(collected.code(), "");
  EXPECT_EQ(collected.operation().root_field_count, 10'000U);
}

TEST(SelectOperation, ByNameOrTheOnlyOne) {
  const Document two = parse("query A { a } query B { b }", {}).value();
  EXPECT_EQ(select_operation(two, "B"), 1U);
  EXPECT_EQ(select_operation(two, "C").error().message, "Unknown operation named \"C\".");
  EXPECT_EQ(select_operation(two, "C").error().code, code::operation_resolution_failure);
  EXPECT_EQ(select_operation(two, std::nullopt).error().message,
            "Must provide operation name if query contains multiple operations.");
  EXPECT_EQ(select_operation(two, "").error().message,
            "Must provide operation name if query contains multiple operations.");
  const Document none = parse("fragment F on A { b }", {}).value();
  EXPECT_EQ(select_operation(none, std::nullopt).error().message, "Must provide an operation.");
  EXPECT_EQ(select_operation(parse("query A { a }", {}).value(), std::nullopt), 0U);
}

}  // namespace
}  // namespace tenon::graphql
