#include "api/overlay/models.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/overlay/fields.h"
#include "api/test_schema.h"
#include "graphql/schema_builder.h"

namespace tenon::api {
namespace {

struct ReadModels {
  NamedOverlay named;
  std::string messages;  // a line each
};

ReadModels read_models(std::string text, std::string statement = {}) {
  base::SourceSet sources;
  const base::SourceId file = sources.add("api/a.graphql", std::move(text));
  OverlayFiles files{.definitions = {file}};
  if (!statement.empty()) files.statements.push_back(sources.add("api/sql/a.sql", std::move(statement)));
  base::Diagnostics diagnostics;
  ReadModels result{.named = read_overlay(*blog().finish(), sources, files, diagnostics), .messages = {}};
  for (const base::Diagnostic& finding : diagnostics.all())
    result.messages +=
        fmt::format("{} {}: {}{}\n", finding.span ? sources.place(*finding.span) : "", finding.code.text,
                    finding.message, finding.help.empty() ? "" : " (" + finding.help + ")");
  return result;
}

// The definition of a type in the API that the overlay makes.
std::string type(ReadModels read, std::string_view name) {
  base::Diagnostics diagnostics;
  const auto schema = build_schema(read.named.catalog, std::move(read.named.overlay), diagnostics);
  if (!schema) return "nothing: " + messages(diagnostics);
  const std::string sdl = graphql::print_schema(*schema->graphql);
  const std::size_t at = sdl.find(fmt::format("type {} {{", name));
  return at == std::string::npos ? "none" : sdl.substr(at, sdl.find("\n}", at) + 2 - at);
}

constexpr std::string_view open = "@auth(rules: [{ allow: public }])";

TEST(OverlayModels, AWholeDefinitionShowsWhatItLists) {
  const ReadModels result = read_models(fmt::format(
      "enum State {{ draft in_review }}\n"
      "type Writer @model @refersTo(name: \"author\") {0} {{ id: ID! name: String! notes: [Note] "
      "@hasMany(references: [\"author_id\"]) }}\n"
      "type Note @model(timestamps: null) @refersTo(name: \"post\") {0} {{\n"
      "  id: ID! @primaryKey\n  heading: String! @refersTo(name: \"title\")\n  author_id: String\n  status: "
      "State\n"
      "  created_at: AWSDateTime @default\n  meta: AWSJSON\n  tags: [String]\n"
      "  writer: Writer @belongsTo(references: [\"author_id\"])\n}}",
      open));
  EXPECT_EQ(result.messages, "");
  EXPECT_TRUE(result.named.overlay.relations.empty()) << "they are the foreign key's";
  EXPECT_EQ(
      type(result, "Note"),
      "type Note {\n  id: ID!\n  heading: String!\n  author_id: String\n  status: State!\n  tags: [String]\n"
      "  created_at: AWSDateTime!\n  meta: AWSJSON\n  writer: Writer\n}");
  const std::string writer = type(result, "Writer");
  EXPECT_NE(writer.find("  notes("), std::string::npos) << writer;
  EXPECT_EQ(writer.find("bio"), std::string::npos) << writer;
  EXPECT_EQ(writer.find("posts"), std::string::npos) << writer;
}

TEST(OverlayModels, AnExtensionChangesWhatItNames) {
  const ReadModels result =
      read_models(fmt::format("extend type Post @model(mutations: {{ delete: null }}) {} {{\n"
                              "  written: DateTime @refersTo(name: \"created_at\")\n  body: Bytes @hidden\n"
                              "  price: Float\n  author: Author @hidden\n}}\nextend type Author {}",
                              open, open));
  EXPECT_EQ(
      result.messages,
      "api/a.graphql:4:10 TN4009: Post.price is shown as Float: clients keep some 16 digits of it; Decimal "
      "and BigInt keep all.\n");
  const std::string post = type(result, "Post");
  EXPECT_NE(post.find("written: DateTime!"), std::string::npos) << post;
  EXPECT_NE(post.find("price: Float"), std::string::npos) << post;
  EXPECT_EQ(post.find("body"), std::string::npos) << post;
  EXPECT_EQ(post.find("author:"), std::string::npos) << post;
  const std::string mutation = type(result, "Mutation");
  EXPECT_NE(mutation.find("updatePost("), std::string::npos);
  EXPECT_EQ(mutation.find("deletePost"), std::string::npos) << mutation;
}

TEST(OverlayModels, NamesOfAmplifysGeneratorFindTheirColumns) {
  EXPECT_EQ(amplify_field_name("col with space"), "col_with_space");
  EXPECT_EQ(amplify_field_name("1digit"), "digit");
  EXPECT_EQ(amplify_field_name("_under"), "under");
  EXPECT_EQ(amplify_field_name("prénom"), "pr_nom");
  EXPECT_EQ(amplify_field_name("名前2"), "field2");
}

struct RefusedModel {
  std::string_view text;
  std::string_view expected;
};

TEST(OverlayModels, WhatIsWrongClosesTheModel) {
  const RefusedModel cases[] = {
      {"type Author @model @refersTo(name: \"post\") @auth(rules: [{ allow: public }]) { id: ID! }",
       "api/a.graphql:1:6 TN4002: There is a model Author already."},
      {"type A @model @refersTo(name: \"post\") { id: ID! } type B @model @refersTo(name: \"Post\") { id: "
       "ID! }",
       "TN4002: "},
      {"type Post @model @auth(rules: [{ allow: public }]) { id: ID! titel: String }",
       "TN4009: Post has no field titel. (did you mean \"title\"?)"},
      {"enum S { draft gone } extend type Post @auth(rules: [{ allow: public }]) { status: S }",
       "TN4011: The enum S has no value gone in the database."},
  };
  for (const RefusedModel& refused : cases) {
    const ReadModels result = read_models(std::string(refused.text));
    EXPECT_NE(result.messages.find(refused.expected), std::string::npos) << result.messages;
    for (const ModelAccess& access : result.named.overlay.access) EXPECT_FALSE(access.any()) << refused.text;
  }
}

TEST(OverlayOperations, HaveArgumentsAndAResult) {
  const ReadModels result = read_models(
      "type Hit { id: ID! score: Float names: [String] }\ninput Box { west: Float! = 1.5 }\n"
      "scalar Sku @constraint(pattern: \"[A-Z]+\", maxLength: 3)\nenum Side { left right }\n"
      "extend type Post @auth(rules: [{ allow: public }])\n"
      "type Query { hits(q: String!, box: Box, sku: Sku, side: Side = left, ids: [Int]): [Hit!]!\n"
      "  @sql(statement: \"select :q, :q, ':no', :box, :sku, :side, :ids::int[] ;\") @auth(rules: [{ allow: "
      "public }])\n"
      "  newest: Post @sql(reference: \"./sql/a.sql\") @auth(rules: [{ allow: private }]) }\n"
      "extend type Mutation { go: [AWSJSON] @sql(statement: \"delete from x returning 1\") @auth(rules: [{ "
      "allow: "
      "groups, groups: [\"A\"] }]) }",
      "select * from post\n-- done\n");
  EXPECT_EQ(result.messages, "");
  const Overlay& overlay = result.named.overlay;
  ASSERT_EQ(overlay.operations.size(), 3);
  const OverlayOperation& hits = overlay.operations[0];
  EXPECT_EQ(hits.result, OverlayOperation::Result::objects);
  EXPECT_EQ(hits.places.size(), 6);
  EXPECT_TRUE(hits.statement.ends_with(":ids::int[] ")) << hits.statement;
  EXPECT_EQ(overlay.operations[1].result, OverlayOperation::Result::object);
  EXPECT_TRUE(overlay.operations[1].model.has_value());
  EXPECT_EQ(overlay.operations[2].result, OverlayOperation::Result::jsons);
  const std::string query = type(result, "Query");
  EXPECT_NE(query.find("hits(q: String!, box: Box, sku: Sku, side: Side = left, ids: [Int]): [Hit!]!"),
            std::string::npos)
      << query;
  EXPECT_EQ(type(result, "Hit"), "type Hit {\n  id: ID!\n  score: Float\n  names: [String]\n}");
}

TEST(OverlayOperations, SayWhatIsWrongWithThem) {
  const auto operation = [](std::string_view text) {
    return fmt::format("type Query {{ a(x: Int): {} }}", text);
  };
  const std::string rules = " @auth(rules: [{ allow: public }])";
  const std::pair<std::string, std::string_view> cases[] = {
      {operation("Int" + rules), "api/a.graphql:1:14 TN4012: Nothing answers a."},
      {operation("Int @sql(statement: \"select :y\")" + rules),
       "api/a.graphql:1:53 TN4012: a has no argument y."},
      {operation("Int @sql(statement: \"select 1; select 2\")" + rules),
       "api/a.graphql:1:56 TN4012: The text holds a second statement."},
      {operation("Int @sql(statement: \"select 1\", reference: \"./a.sql\")" + rules),
       "TN4012: @sql has either a statement or a reference"},
      {operation("Int @sql(reference: \"./b.sql\")" + rules), "TN4012: There is no file api/b.sql."},
      {operation("Int @sql(statement: \"select 1\", database: \"x\")" + rules),
       "TN4012: There is no database x."},
      {operation("Nix @sql(statement: \"select 1\")" + rules),
       "TN4012: There is no type Nix that rows could have."},
      {operation("[[Int]] @sql(statement: \"select 1\")" + rules),
       "TN4012: An operation gives a list of rows"},
      {operation("Int @sql(statement: \"select 1\")"), "TN4006: a has no rules: the API does not show it."},
      {operation("Int @http(url: \"x\")" + rules), "TN4012: @http is not supported yet"},
      {operation("Int @sql(statement: \"select 1\") @auth(rules: [{ allow: owner }])"),
       "TN4004: An operation of your own has no rows that somebody could own."},
      {operation("Int @sql(statement: \"select 1\") @auth(rules: [{ allow: private, operations: [read] }])"),
       "TN4004: An operation of your own is allowed or not"},
      {operation("Int @sql(statement: \" \")" + rules), "TN4012: The statement is empty."},
      {"type Subscription { on: Int @aws_subscribe(mutations: [\"a\"]) }",
       "TN4012: The subscription on is left out"},
      {"type Query @auth(rules: [{ allow: public }]) { a: Int }", "TN4003: @auth is not known on Query."},
  };
  for (const auto& [text, expected] : cases) {
    const ReadModels result = read_models(text);
    EXPECT_NE(result.messages.find(expected), std::string::npos) << text << "\n" << result.messages;
    EXPECT_TRUE(result.named.overlay.operations.empty()) << text;
  }
}

}  // namespace
}  // namespace tenon::api
