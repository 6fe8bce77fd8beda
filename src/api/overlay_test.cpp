#include "api/overlay.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/test_schema.h"

namespace tenon::api {
namespace {

struct Read {
  Overlay overlay;
  std::string messages;  // "place code: message (help)", a line each
};

Read read(const catalog::Catalog& catalog, const std::vector<std::string>& files) {
  base::SourceSet sources;
  std::vector<base::SourceId> ids;
  for (std::size_t i = 0; i < files.size(); ++i)
    ids.push_back(sources.add(fmt::format("{}.graphql", static_cast<char>('a' + i)), files[i]));
  base::Diagnostics diagnostics;
  Read result{.overlay = read_overlay(catalog, sources, ids, diagnostics), .messages = {}};
  for (const base::Diagnostic& finding : diagnostics.all()) {
    result.messages += fmt::format("{} {}: {}", finding.span ? sources.place(*finding.span) : "",
                                   finding.code.text, finding.message);
    if (!finding.help.empty()) result.messages += " (" + finding.help + ")";
    result.messages += '\n';
  }
  return result;
}

Read read(std::string text) { return read(*blog().finish(), {std::move(text)}); }

ModelAccess access_of(const Read& read, std::string_view model) {
  return read.overlay.access[blog().finish()->find_model(model)->value];
}

TEST(Overlay, OpensWhatItNamesAndNothingElse) {
  const Read all = read("extend type Post @auth(rules: [{ allow: public }])");
  EXPECT_EQ(all.messages, "");
  EXPECT_EQ(access_of(all, "Post"), ModelAccess::all());
  EXPECT_EQ(access_of(all, "Author"), ModelAccess{});

  const Read some = read(
      "extend type Post @auth(rules: [{ allow: public, provider: apiKey, operations: [read, create] }])");
  EXPECT_EQ(some.messages, "");
  EXPECT_EQ(access_of(some, "Post"), (ModelAccess{.get = true, .list = true, .create = true}));

  const Read single = read("extend type Post @auth(rules: { allow: public, operations: delete })");
  EXPECT_EQ(single.messages, "");
  EXPECT_EQ(access_of(single, "Post"), ModelAccess{.remove = true});

  const Read parts =
      read("extend type Post @auth(rules: [{ allow: public, operations: [get, listen, update] }])");
  EXPECT_EQ(parts.messages, "");
  EXPECT_EQ(access_of(parts, "Post"), (ModelAccess{.get = true, .update = true}));
}

TEST(Overlay, ReadsSeveralFilesAndEmptyOnes) {
  const auto catalog = blog().finish();
  const Read result =
      read(*catalog, {"extend type Post @auth(rules: [{ allow: public }])", " \n",
                      "extend type Author @auth(rules: [{ allow: public, operations: [list] }])"});
  EXPECT_EQ(result.messages, "");
  EXPECT_EQ(access_of(result, "Post"), ModelAccess::all());
  EXPECT_EQ(access_of(result, "Author"), ModelAccess{.list = true});
}

struct Refused {
  std::string text;
  std::string messages;
};

TEST(Overlay, SaysWhatIsWrongAndLeavesTheModelClosed) {
  const Refused cases[] = {
      {"extend type Pst @auth(rules: [{ allow: public }])",
       "a.graphql:1:13 TN4002: There is no model Pst. (did you mean \"Post\"?)\n"},
      {"type Post @auth(rules: [{ allow: public }])",
       "a.graphql:1:6 TN4001: The model Post comes from its table. (write: extend type Post …)\n"},
      {"extend type Post @aut(rules: [])",
       "a.graphql:1:18 TN4003: There is no directive @aut. (did you mean \"auth\"?)\n"},
      {"extend type Post @auth",
       "a.graphql:1:18 TN4004: @auth needs rules. (write: @auth(rules: [{ allow: public }]))\n"},
      {"extend type Post @auth(rules: [])",
       "a.graphql:1:31 TN4004: The list of rules is empty. (leave @auth out to keep the model closed)\n"},
      {"extend type Post @auth(rule: [{ allow: public }])",
       "a.graphql:1:24 TN4004: @auth has no argument rule. (its one argument is rules)\n"
       "a.graphql:1:18 TN4004: @auth needs rules. (write: @auth(rules: [{ allow: public }]))\n"},
      {"extend type Post @auth(rules: [{ operations: [read] }])",
       "a.graphql:1:32 TN4004: The rule does not say whom it allows. (add allow: public)\n"},
      {"extend type Post @auth(rules: [public])",
       "a.graphql:1:32 TN4004: A rule is an object such as { allow: public, operations: [read] }.\n"},
      {"extend type Post @auth(rules: [{ allow: everybody }])",
       "a.graphql:1:41 TN4004: everybody is not known as allow.\n"},
      {"extend type Post @auth(rules: [{ allow: \"public\" }])",
       "a.graphql:1:41 TN4004: Expected allow as a word without quotes: one of public, private, owner, "
       "groups, "
       "custom.\n"},
      {"extend type Post @auth(rules: [{ allow: public, operations: [raed] }])",
       "a.graphql:1:62 TN4004: raed is not known as an operation. (did you mean \"read\"?)\n"},
      {"extend type Post @auth(rules: [{ allow: public, operations: [] }])",
       "a.graphql:1:61 TN4004: The list of operations is empty. (leave operations out to allow all of "
       "them)\n"},
      {"extend type Post @auth(rules: [{ allow: public, operations: [read, list] }])",
       "a.graphql:1:61 TN4004: read already means get, list and listen. (write read alone, or the others "
       "without "
       "it)\n"},
      {"extend type Post @auth(rules: [{ allow: public, operations: [sync] }])",
       "a.graphql:1:62 TN4004: The operation sync is not supported for SQL databases.\n"},
      {"extend type Post @auth(rules: [{ allow: public, operation: read }])",
       "a.graphql:1:49 TN4004: A rule has no operation. (did you mean \"operations\"?)\n"},
      {"extend type Post @auth(rules: [{ allow: public, allow: public }])",
       "a.graphql:1:49 TN4004: allow is given twice.\n"},
      {"extend type Post @auth(rules: [{ allow: public, operations: [get] }, { allow: public }])",
       "a.graphql:1:70 TN4004: The model has a rule for the API key already. (put all operations into one "
       "rule)\n"},
      {"query { a }",
       "a.graphql:1:1 TN4001: An overlay holds type definitions, not operations or fragments. (write, for "
       "example: "
       "extend type Post @auth(rules: [{ allow: public }]))\n"},
      {"extend type Post @auth(rules: [{ allow: public ]",
       "a.graphql:1:48 TN4001: Syntax Error: Expected Name, found \"]\".\n"},
  };
  for (const Refused& refused : cases) {
    const Read result = read(refused.text);
    EXPECT_EQ(result.messages, refused.messages) << refused.text;
    EXPECT_EQ(access_of(result, "Post"), ModelAccess{}) << refused.text;
  }
}

// What Amplify knows and Tenon does not act on yet must not pass for "allowed".
TEST(Overlay, RefusesByNameWhatItDoesNotActOnYet) {
  for (const std::string_view rule :
       {"allow: owner", "allow: private", "allow: groups, groups: [\"Admins\"]", "allow: custom",
        "allow: public, provider: iam", "allow: public, provider: userPools",
        "allow: public, ownerField: \"x\"", "allow: public, identityClaim: \"x\"",
        "allow: public, groupsField: \"x\"", "allow: public, groupClaim: \"x\""}) {
    const Read result = read(fmt::format("extend type Post @auth(rules: [{{ {} }}])", rule));
    EXPECT_NE(result.messages.find("TN4004"), std::string::npos) << rule;
    EXPECT_NE(result.messages.find("not supported yet"), std::string::npos) << rule;
    EXPECT_EQ(access_of(result, "Post"), ModelAccess{}) << rule;
  }
  for (const std::string_view text :
       {"extend type Post @model", "extend type Post @refersTo(name: \"p\")", "extend type Post @aws_iam",
        "extend type Post { title: String @auth(rules: [{ allow: public }]) }",
        "extend type Post implements Node", "extend type Query { hot: [Post] @sql(statement: \"select 1\") }",
        "type Extra { a: Int }", "extend enum PostStatus { gone }", "input A { b: Int }",
        "extend schema @auth", "scalar Date", "directive @auth on OBJECT"}) {
    const Read result = read(std::string(text));
    EXPECT_NE(result.messages.find("TN4004"), std::string::npos) << text;
    EXPECT_NE(result.messages.find("supported"), std::string::npos) << text << "\n" << result.messages;
  }
}

TEST(Overlay, ASecondAuthClosesTheModel) {
  const auto catalog = blog().finish();
  const Read result = read(*catalog, {"extend type Post @auth(rules: [{ allow: public, operations: [get] }])",
                                      "extend type Post @auth(rules: [{ allow: public }])"});
  EXPECT_EQ(result.messages,
            "b.graphql:1:18 TN4004: Post has rules already. (put all rules of a model into one @auth)\n");
  EXPECT_EQ(access_of(result, "Post"), ModelAccess{});
}

TEST(Overlay, ListsModelsThatNobodyCanReach) {
  const auto catalog = blog().finish();
  const Read result = read("extend type Post @auth(rules: [{ allow: public }])");
  const auto closed = models_without_rules(*catalog, result.overlay);
  ASSERT_EQ(closed.size(), 3);
  EXPECT_EQ((*catalog)[closed[0]].model_name, "Author");
  base::Diagnostics diagnostics;
  warn_of_models_without_rules(*catalog, result.overlay, diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 3);
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.all()[0].code.text, "TN4006");
  EXPECT_EQ(diagnostics.all()[0].message, "Author has no rules: the API does not show it.");
  EXPECT_EQ(diagnostics.all()[0].help,
            "to open it, write in api/*.graphql: extend type Author @auth(rules: [{ allow: public }])");
  EXPECT_TRUE(models_without_rules(*catalog, open_overlay(*catalog)).empty());
}

}  // namespace
}  // namespace tenon::api
