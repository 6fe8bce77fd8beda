#include "api/overlay/overlay.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/test_schema.h"

namespace tenon::api {
namespace {

struct Read {
  Overlay overlay;
  std::shared_ptr<const catalog::Catalog> catalog;
  std::string messages;  // "place code: message (help)", a line each
};

Read read(const catalog::Catalog& catalog, const std::vector<std::string>& files) {
  base::SourceSet sources;
  std::vector<base::SourceId> ids;
  for (std::size_t i = 0; i < files.size(); ++i)
    ids.push_back(sources.add(fmt::format("{}.graphql", static_cast<char>('a' + i)), files[i]));
  base::Diagnostics diagnostics;
  NamedOverlay read = read_overlay(catalog, sources, {.definitions = ids}, diagnostics);
  Read result{.overlay = std::move(read.overlay), .catalog = std::move(read.catalog), .messages = {}};
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

// What Amplify knows and Tenon does not act on must not pass for done.
TEST(Overlay, RefusesByNameWhatItDoesNotActOn) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"extend type Post @searchable", "TN4004: @searchable is not supported."},
      {"extend type Post @hasMany", "TN4003: @hasMany is not supported here."},
      {"extend type Post { title: String @function(name: \"f\") }", "TN4004: @function is not supported."},
      {"extend type Post { title: String @model }", "TN4003: @model is not supported here."},
      {"extend type Post @refersTo(name: \"pots\")",
       "TN4002: There is no table pots. (did you mean \"Post\"?)"},
      {"extend type Post implements Node", "TN4004: Interfaces of models are not supported yet."},
      {"extend enum PostStatus { gone }", "TN4011: PostStatus cannot be extended."},
      {"extend schema @auth", "TN4011: An overlay defines types"},
      {"directive @auth on OBJECT", "TN4011: An overlay defines types"},
      {"interface Node { id: ID }", "TN4011: Interfaces and unions are not supported yet."},
      {"scalar Date", "TN4011: Date is a scalar that every API has."},
      {"scalar Sku", "TN4011: The scalar Sku says nothing about its values."},
      {"scalar Sku @constraint(pattern: \"(\")", "TN4011: The pattern cannot be used."},
      {"scalar Sku @constraint(min: 1, maxLength: 2)", "TN4011: min and max are about numbers"},
      {"type Extra { post: Post }", "TN4011: Extra.post: Post is no scalar or enum."},
      {"type Extra { a: Int } type Extra { b: Int }", "TN4011: There is a type Extra already."},
      {"extend type Post @model(queries: { get: \"post\" })", "TN4004: get cannot have another name"},
      {"extend type Post @model(mutation: null)",
       "TN4004: @model has no argument mutation. (did you mean \"mutations\"?)"},
      {"extend type Post @model(timestamps: {})", "TN4004: Columns with times cannot be added"},
      {"extend type Post { id: ID! @primaryKey(sortKeyFields: [\"title\"]) }",
       "TN4009: The primary key of Post is id, not id, title."},
      {"extend type Post { title: String! @default }",
       "TN4009: The column title has no default in the database."},
      {"extend type Post { title: Int }", "TN4009: Post.title (text) cannot be shown as Int"},
      {"extend type Post { tags: String @auth(rules: [{ allow: public }]) }",
       "TN4009: Post.tags is a list. (write: tags: [String])"},
      {"extend type Post { titel: String @hidden }", "TN4009: Post has no field titel."},
      {"extend type Post { title: String @refersTo(name: \"status\") }",
       "TN4009: Post has a field title already: the column title."},
  };
  for (const auto& [text, expected] : cases) {
    const Read result = read(std::string(text));
    EXPECT_NE(result.messages.find(expected), std::string::npos) << text << "\n" << result.messages;
  }
}

// A line for each rule: whom, by which provider, operations, and what it looks at.
std::string describe(const catalog::Catalog& catalog, const std::vector<policy::Rule>& rules) {
  constexpr std::string_view whom[] = {"everyone", "signed_in", "owner", "groups", "custom"};
  constexpr std::string_view operations[] = {"get", "list", "listen", "create", "update", "delete"};
  std::string out;
  for (const policy::Rule& rule : rules) {
    out += fmt::format("{} {}", whom[static_cast<int>(rule.allow)], policy::name(rule.provider));
    for (std::size_t i = 0; i < policy::operation_count; ++i)
      if (rule.operations != policy::Operations::all() &&
          rule.operations.has(static_cast<policy::Operation>(i)))
        out += fmt::format(" {}", operations[i]);
    if (rule.field) out += fmt::format(" field={}", catalog[*rule.field].field_name);
    if (!rule.identity_claims.empty()) out += fmt::format(" claims={}", fmt::join(rule.identity_claims, ","));
    if (!rule.groups.empty()) out += fmt::format(" groups={}", fmt::join(rule.groups, ","));
    if (rule.allow == policy::Allow::groups) out += fmt::format(" in={}", rule.group_claim);
    if (rule.where) out += fmt::format(" where={}", rule.where->text);
    if (rule.check) out += fmt::format(" check={}", rule.check->text);
    out += '\n';
  }
  return out;
}

TEST(Overlay, ReadsEveryKindOfRule) {
  const auto catalog = blog().finish();
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"allow: public", "everyone apiKey\n"},
      {"allow: public, provider: iam", "everyone identityPool\n"},
      {"allow: public, provider: identityPool, operations: [read]",
       "everyone identityPool get list listen\n"},
      {"allow: private", "signed_in userPools\n"},
      {"allow: private, provider: oidc, operations: [get, create]", "signed_in oidc get create\n"},
      {"allow: owner, ownerField: \"title\"", "owner userPools field=title\n"},
      {"allow: owner, ownerField: \"tags\", identityClaim: \"email\"",
       "owner userPools field=tags claims=email\n"},
      {"allow: owner, ownerField: \"title\", identityClaim: \"iss::sub\"",
       "owner userPools field=title claims=iss,sub\n"},
      {"allow: owner, ownerField: \"title\", identityClaim: \"sub::username\"",
       "owner userPools field=title\n"},
      {"allow: groups, groups: [\"Admins\", \"Staff\"], operations: delete",
       "groups userPools delete groups=Admins,Staff in=cognito:groups\n"},
      {"allow: groups, groupsField: \"tags\", groupClaim: \"roles\", provider: oidc",
       "groups oidc field=tags in=roles\n"},
      {"allow: custom, operations: [update, listen]", "custom function listen update\n"},
      {"allow: private, where: { or: [{ title: { eq: { claim: \"email\" } } }, { status: { eq: draft } }] }, "
       "check: {}",
       "signed_in userPools where={or: [{title: {eq: {claim: \"email\"}}}, {status: {eq: draft}}]} "
       "check={}\n"},
  };
  for (const auto& [rule, expected] : cases) {
    const Read result = read(fmt::format("extend type Post @auth(rules: [{{ {} }}])", rule));
    EXPECT_EQ(result.messages, "") << rule;
    EXPECT_EQ(describe(*catalog, result.overlay.rules[catalog->find_model("Post")->value].rules), expected);
  }
}

TEST(Overlay, RulesOfAFieldAreItsOwn) {
  const auto catalog = blog().finish();
  const Read result = read(
      "extend type Post @auth(rules: [{ allow: public, operations: [get] }]) {\n"
      "  title: String @auth(rules: [{ allow: public, operations: [read] }, { allow: private, operations: "
      "[update] }])\n}");
  EXPECT_EQ(result.messages, "");
  const policy::ModelRules& rules = result.overlay.rules[catalog->find_model("Post")->value];
  ASSERT_EQ(rules.fields.size(), 1);
  EXPECT_EQ((*catalog)[rules.fields[0].column].field_name, "title");
  EXPECT_EQ(describe(*catalog, rules.fields[0].rules),
            "everyone apiKey get list listen\nsigned_in userPools update\n");
  EXPECT_EQ(access_of(result, "Post"), (ModelAccess{.get = true, .list = true, .update = true}));
}

TEST(Overlay, SaysWhatIsWrongWithARule) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"allow: owner", "Post has no field owner."},
      {"allow: owner, ownerField: \"titel\"", "Post has no field titel. (did you mean \"title\"?)"},
      {"allow: owner, ownerField: \"place\"", "Post.place (point) cannot hold a name."},
      {"allow: owner, ownerField: title", "Expected ownerField as a text in quotes."},
      {"allow: owner, ownerField: \"title\", provider: apiKey",
       "allow: owner cannot be given by apiKey. (its provider is userPools or oidc)"},
      {"allow: owner, ownerField: \"title\", identityClaim: \"a::\"", "identityClaim is the name of a claim"},
      {"allow: public, ownerField: \"title\"", "ownerField means nothing with allow: public."},
      {"allow: public, provider: function", "allow: public cannot be given by function."},
      {"allow: groups", "The rule does not say which groups."},
      {"allow: groups, groups: []", "The list of groups is empty."},
      {"allow: groups, groups: [\"A\"], groupsField: \"tags\"",
       "A rule has groups or groupsField, not both."},
      {"allow: custom, groups: [\"A\"]", "groups means nothing with allow: custom."},
      {"allow: private, where: \"x\"", "where is a filter of the model."},
  };
  for (const auto& [rule, expected] : cases) {
    const Read result = read(fmt::format("extend type Post @auth(rules: [{{ {} }}])", rule));
    EXPECT_NE(result.messages.find(expected), std::string::npos) << rule << "\n" << result.messages;
    EXPECT_EQ(access_of(result, "Post"), ModelAccess{}) << rule;
  }
}

TEST(Overlay, ARuleOfAFieldThatIsWrongClosesTheModel) {
  for (const std::string_view field :
       {"titel: String @auth(rules: [{ allow: public }])", "title: String",
        "title: String @auth(rules: [{ allow: public, operations: [list] }])",
        "title: String @auth(rules: [{ allow: public }]) title: String @auth(rules: [{ allow: private }])"}) {
    const Read result =
        read(fmt::format("extend type Post @auth(rules: [{{ allow: public }}]) {{ {} }}", field));
    EXPECT_NE(result.messages.find("TN40"), std::string::npos) << field;
    EXPECT_EQ(access_of(result, "Post"), ModelAccess{}) << field;
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
