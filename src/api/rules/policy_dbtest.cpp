// What rules do on a real database.
#include "api/rules/policy_fixture.h"

namespace tenon::api {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view unauthorized_get = R"("message":"Not Authorized to access getNote on type Query")";

TEST_F(RulesTest, OwnersSeeTheirRows) {
  rules(R"(extend type note @auth(rules: [{ allow: owner, operations: [read] }]))");
  EXPECT_EQ(body("{ listNotes { items { id title } totalCount estimatedCount } }", ada_),
            R"({"data":{"listNotes":{"items":[{"id":1,"title":"A"},{"id":3,"title":"C"}],"totalCount":2,)"
            R"("estimatedCount":null}}})");
  EXPECT_EQ(body("{ listNotes { aggregate { count max { salary } } } }", ada_),
            R"({"data":{"listNotes":{"aggregate":{"count":2,"max":{"salary":30}}}}})");
  EXPECT_EQ(body("{ getNote(id: 1) { title } }", ada_), R"({"data":{"getNote":{"title":"A"}}})");
  // Whether there is such a row is not told.
  const std::string other = body("{ getNote(id: 2) { title } }", ada_);
  EXPECT_THAT(other, HasSubstr(unauthorized_get));
  EXPECT_THAT(other, HasSubstr(R"("errorType":"Unauthorized")"));
  EXPECT_EQ(body("{ getNote(id: 9) { title } }", ada_), other);
  // Nor by filters and orders.
  EXPECT_EQ(
      body("{ listNotes(filter: {title: {eq: \"B\"}}, orderBy: [{salary: DESC}]) { items { id } } }", ada_),
      R"({"data":{"listNotes":{"items":[]}}})");
  EXPECT_THAT(body("{ listNotes { items { id } } }", key_),
              HasSubstr("Not Authorized to access listNotes on type Query"));
}

TEST_F(RulesTest, EqualityOfOwnersIsToTheLetter) {
  rules(R"(extend type note @auth(rules: [{ allow: owner, operations: [read] }]))");
  for (const std::string_view name : {"ADA", "ada ", "àda"})
    EXPECT_EQ(body("{ listNotes { items { id } } }",
                   policy::user(fmt::format(R"({{"sub":"x","username":"{}"}})", name))),
              R"({"data":{"listNotes":{"items":[]}}})")
        << name;
}

TEST_F(RulesTest, ListsOfOwnersAndGroupsOfRows) {
  rules(R"(extend type note @auth(rules: [
    { allow: owner, ownerField: "editors", operations: [read] }
    { allow: groups, groupsField: "team", operations: [read] }
  ]))");
  EXPECT_EQ(body("{ listNotes { items { id } } }", ada_),
            R"({"data":{"listNotes":{"items":[{"id":1},{"id":3}]}}})");
  EXPECT_EQ(body("{ listNotes { items { id } } }", bob_), R"({"data":{"listNotes":{"items":[{"id":2}]}}})");
  EXPECT_EQ(body("{ listNotes { items { id } } }", policy::user(R"({"sub":"cyd"})")),
            R"({"data":{"listNotes":{"items":[{"id":1}]}}})");
}

TEST_F(RulesTest, StaticRulesOpenAllRows) {
  rules(
      R"(extend type note @auth(rules: [{ allow: owner }, { allow: groups, groups: ["admin"], operations: [read] }]))");
  EXPECT_EQ(body("{ listNotes { totalCount } getNote(id: 9) { id } }", bob_),
            R"({"data":{"listNotes":{"totalCount":4},"getNote":null}})");
}

TEST_F(RulesTest, FieldsWithRulesOfTheirOwn) {
  rules(R"(
    extend type note @auth(rules: [{ allow: private, operations: [read] }]) {
      salary: Int @auth(rules: [{ allow: owner, operations: [read] }])
      team: String @auth(rules: [{ allow: groups, groups: ["admin"] }])
    })");
  const std::string rows = body("{ listNotes(limit: 2) { items { id salary } } }", ada_);
  EXPECT_THAT(rows,
              HasSubstr(R"({"data":{"listNotes":{"items":[{"id":1,"salary":10},{"id":2,"salary":null}]}})"));
  EXPECT_THAT(rows, HasSubstr(R"("message":"Not Authorized to access salary on type note")"));
  EXPECT_THAT(rows, HasSubstr(R"("path":["listNotes","items",1,"salary"])"));
  EXPECT_THAT(body("{ getNote(id: 1) { id team } }", ada_),
              HasSubstr(R"("message":"Not Authorized to access team on type note")"));
  EXPECT_EQ(body("{ getNote(id: 1) { id team } }", bob_), R"({"data":{"getNote":{"id":1,"team":"red"}}})");
  // What may not be read in all rows is no field of conditions, orders and aggregates.
  for (const std::string_view query :
       {"{ listNotes(filter: {salary: {gt: 1}}) { totalCount } }",
        "{ listNotes(filter: {not: {team: {eq: \"red\"}}}) { totalCount } }",
        "{ listNotes(orderBy: [{salary: ASC}]) { totalCount } }",
        "{ listNotes { aggregate { max { salary } } } }",
        "{ aggregateNotes(groupBy: [{field: salary}]) { count } }",
        "{ listNotes(filter: {compare: {id: {lt: salary}}}) { totalCount } }"}) {
    const std::string refused = body(query, ada_);
    EXPECT_THAT(refused, HasSubstr("GRAPHQL_VALIDATION_FAILED")) << query;
    EXPECT_THAT(refused, Not(HasSubstr("\"data\""))) << query;
  }
  EXPECT_THAT(body("{ listNotes(filter: {salery: {gt: 1}}) { totalCount } }", ada_),
              Not(HasSubstr("salary")));
  EXPECT_THAT(body("{ __type(name: \"ModelnoteFilterInput\") { name } t: __type(name: "
                   "\"ModelNoteFilterInput\") { inputFields { name } } }",
                   ada_),
              testing::AllOf(Not(HasSubstr("salary")), HasSubstr("title")));
}

TEST_F(RulesTest, RelationsLeadToRowsThatMayBeRead) {
  rules(R"(
    extend type note @auth(rules: [{ allow: private, operations: [read] }])
    extend type comment @auth(rules: [{ allow: owner, ownerField: "author", operations: [read] }])
    extend type person @auth(rules: [{ allow: private, operations: [read], where: { name: { eq: "Ada" } } }])
  )");
  EXPECT_EQ(
      body("{ listNotes { items { id author { name } comments { items { body } totalCount aggregate { count "
           "} } } } }",
           ada_),
      R"({"data":{"listNotes":{"items":[)"
      R"({"id":1,"author":{"name":"Ada"},"comments":{"items":[{"body":"on A"}],"totalCount":1,"aggregate":{"count":1}}},)"
      R"({"id":2,"author":null,"comments":{"items":[],"totalCount":0,"aggregate":{"count":0}}},)"
      R"({"id":3,"author":null,"comments":{"items":[],"totalCount":0,"aggregate":{"count":0}}},)"
      R"({"id":4,"author":{"name":"Ada"},"comments":{"items":[],"totalCount":0,"aggregate":{"count":0}}}]}}})");
  EXPECT_EQ(body("{ listNotes(filter: {comments: {some: {author: {eq: \"bob\"}}}}) { totalCount } }", ada_),
            R"({"data":{"listNotes":{"totalCount":0}}})");
  EXPECT_EQ(body("{ listNotes(filter: {author: {name: {eq: \"Bob\"}}}) { totalCount } }", ada_),
            R"({"data":{"listNotes":{"totalCount":0}}})");
  // Whom she may not see has no name to be in order by; engines differ in where that puts the notes.
  EXPECT_THAT(body("{ listNotes(orderBy: [{author: {name: DESC}}, {id: ASC}]) { items { id } } }", ada_),
              testing::AnyOf(R"({"data":{"listNotes":{"items":[{"id":1},{"id":4},{"id":2},{"id":3}]}}})",
                             R"({"data":{"listNotes":{"items":[{"id":2},{"id":3},{"id":1},{"id":4}]}}})"));
}

TEST_F(RulesTest, RelationsToWhatIsClosedAreRefused) {
  rules(R"(
    extend type note @auth(rules: [{ allow: private, operations: [read] }])
    extend type comment @auth(rules: [{ allow: groups, groups: ["admin"], operations: [read] }])
  )");
  const std::string refused = body("{ getNote(id: 1) { id comments { items { id } } } }", ada_);
  EXPECT_THAT(refused, HasSubstr(R"({"data":{"getNote":{"id":1,"comments":null}})"));
  EXPECT_THAT(refused, HasSubstr("Not Authorized to access comments on type note"));
  EXPECT_THAT(body("{ listNotes(filter: {comments: {some: {}}}) { totalCount } }", ada_),
              HasSubstr("GRAPHQL_VALIDATION_FAILED"));
  EXPECT_THAT(body("{ __schema { types { name } } }", ada_), Not(HasSubstr("omment")));
  EXPECT_THAT(body("{ __schema { types { name } } }", bob_), HasSubstr("comment"));
}

TEST_F(RulesTest, ConditionsCompareWithClaims) {
  rules(R"(extend type note @auth(rules: [
    { allow: private, operations: [read], where: { team: { in: { claim: "cognito:groups" } }, salary: { lt: { claim: "limit" } } } }
  ]))");
  const auto of = [&](std::string_view claims) {
    return body("{ listNotes { items { id } } }", policy::user(claims));
  };
  EXPECT_EQ(of(R"({"sub":"x","cognito:groups":["red","blue"],"limit":"25"})"),
            R"({"data":{"listNotes":{"items":[{"id":1},{"id":2}]}}})");
  EXPECT_EQ(of(R"({"sub":"x","cognito:groups":["red"],"limit":25})"),
            R"({"data":{"listNotes":{"items":[{"id":1}]}}})");
  // Without the claim, or with several where one is needed, the rule is about somebody else.
  EXPECT_THAT(of(R"({"sub":"x","cognito:groups":["red"]})"), HasSubstr("Unauthorized"));
  EXPECT_THAT(of(R"({"sub":"x","cognito:groups":["red"],"limit":[1,2]})"), HasSubstr("Unauthorized"));
  EXPECT_THAT(of(R"({"sub":"x","cognito:groups":["red"],"limit":"many"})"), HasSubstr("BAD_USER_INPUT"));
}

TEST_F(RulesTest, OwnersWriteTheirRows) {
  rules(R"(
    extend type note @auth(rules: [{ allow: owner }])
    extend type comment @auth(rules: [{ allow: private }])
  )");
  EXPECT_EQ(body("mutation { createNote(input: {id: 10, title: \"N\"}) { id owner title } }", ada_),
            R"({"data":{"createNote":{"id":10,"owner":"ada","title":"N"}}})");
  const std::string refused = R"("message":"Not Authorized to access createNote on type Mutation")";
  EXPECT_THAT(body("mutation { createNote(input: {id: 11, title: \"N\", owner: \"bob\"}) { id } }", ada_),
              HasSubstr(refused));
  EXPECT_THAT(body("mutation { createNotes(input: [{id: 12, title: \"N\"}, {id: 13, title: \"N\", owner: "
                   "\"bob\"}]) { affectedCount } }",
                   ada_),
              HasSubstr("Not Authorized to access createNotes"));
  EXPECT_EQ(body("mutation { createNote(input: {id: 14, title: \"N\", owner: \"u1\"}) { id } }", ada_),
            R"({"data":{"createNote":{"id":14}}})");
  EXPECT_EQ(body("mutation { updateNote(input: {id: 1, title: \"A1\"}) { id title } }", ada_),
            R"({"data":{"updateNote":{"id":1,"title":"A1"}}})");
  const std::string other = body("mutation { updateNote(input: {id: 2, title: \"X\"}) { id } }", ada_);
  EXPECT_THAT(other, HasSubstr("Not Authorized to access updateNote on type Mutation"));
  EXPECT_EQ(body("mutation { updateNote(input: {id: 99, title: \"X\"}) { id } }", ada_), other);
  EXPECT_EQ(
      body("mutation { updateNote(input: {id: 2, title: \"X\"}, condition: {title: {eq: \"B\"}}) { id } }",
           ada_),
      other);
  EXPECT_EQ(body("mutation { updateNote(input: {id: 2}) { id title } }", ada_), other);
  // Nor may a row be handed to somebody else.
  EXPECT_EQ(body("mutation { updateNote(input: {id: 1, owner: \"bob\"}) { id } }", ada_), other);
  EXPECT_THAT(
      body("mutation { updateNote(input: {id: 1, title: \"Y\"}, condition: {title: {eq: \"no\"}}) { id } }",
           ada_),
      HasSubstr("CONDITION_FAILED"));
  EXPECT_EQ(
      body("mutation { updateNotes(filter: {}, all: true, increment: {salary: 1}) { affectedCount } }", ada_),
      R"({"data":{"updateNotes":{"affectedCount":4}}})");
  EXPECT_THAT(
      body("mutation { updateNotes(filter: {}, all: true, input: {owner: \"bob\"}) { affectedCount } }",
           ada_),
      HasSubstr("Not Authorized to access updateNotes"));
  EXPECT_THAT(body("mutation { deleteNote(input: {id: 2}) { id } }", ada_),
              HasSubstr("Not Authorized to access deleteNote on type Mutation"));
  EXPECT_EQ(body("mutation { deleteNotes(filter: {id: {ge: 10}}) { affectedCount items { id } } }", bob_),
            R"({"data":{"deleteNotes":{"affectedCount":0,"items":[]}}})");
  EXPECT_EQ(body("mutation { deleteNote(input: {id: 14}) { id title } }", ada_),
            R"({"data":{"deleteNote":{"id":14,"title":"N"}}})");
  EXPECT_EQ(
      body("{ listNotes { items { id owner title salary } } }", developer),
      R"({"data":{"listNotes":{"items":[{"id":1,"owner":"ada","title":"A1","salary":11},)"
      R"({"id":2,"owner":"bob","title":"B","salary":20},{"id":3,"owner":"ada","title":"C","salary":31},)"
      R"({"id":4,"owner":null,"title":"D","salary":40},)"
      R"({"id":10,"owner":"ada","title":"N","salary":null}]}}})");
}

TEST_F(RulesTest, UpsertsNeitherReadNorChangeWhatIsNotPermitted) {
  rules(R"(extend type note @auth(rules: [{ allow: owner }]))");
  EXPECT_EQ(body("mutation { upsertNote(input: {id: 20, title: \"new\"}) { id owner title } }", ada_),
            R"({"data":{"upsertNote":{"id":20,"owner":"ada","title":"new"}}})");
  EXPECT_EQ(body("mutation { upsertNote(input: {id: 1, title: \"mine\"}) { id owner title salary } }", ada_),
            R"({"data":{"upsertNote":{"id":1,"owner":"ada","title":"mine","salary":10}}})");
  EXPECT_THAT(
      body("mutation { upsertNote(input: {id: 2, title: \"yours\"}) { id title } }", ada_),
      HasSubstr(
          R"({"data":{"upsertNote":null},"errors":[{"message":"Not Authorized to access upsertNote on type Mutation")"));
  EXPECT_THAT(
      body("mutation { upsertNote(input: {id: 2, title: \"yours\"}, update: {}) { id title } }", ada_),
      HasSubstr("Not Authorized to access upsertNote"));
  EXPECT_EQ(body("{ getNote(id: 2) { title } }", developer), R"({"data":{"getNote":{"title":"B"}}})");
}

TEST_F(RulesTest, UpsertsUnderRulesWriteRelations) {
  rules(R"(
    extend type note @auth(rules: [{ allow: owner }])
    extend type comment @auth(rules: [{ allow: owner, ownerField: "author" }])
    extend type person @auth(rules: [{ allow: private, operations: [read] }])
  )");
  const auto upsert = [&](std::string_view arguments) {
    return body(
        fmt::format("mutation {{ upsertNote({}) {{ id title author {{ name }} comments {{ items {{ id "
                    "}} }} }} }}",
                    arguments),
        ada_);
  };
  EXPECT_EQ(upsert(R"(input: {id: 21, title: "new", author: {connect: {name: "Ada"}},
                      comments: {create: [{id: 10, body: "first"}]}})"),
            R"({"data":{"upsertNote":{"id":21,"title":"new","author":{"name":"Ada"},)"
            R"("comments":{"items":[{"id":10}]}}}})");
  EXPECT_EQ(upsert(R"(input: {id: 21, title: "again", author: {connect: {name: "Bob"}},
                      comments: {create: [{id: 11, body: "second"}]}})"),
            R"({"data":{"upsertNote":{"id":21,"title":"again","author":{"name":"Bob"},)"
            R"("comments":{"items":[{"id":10},{"id":11}]}}}})");
  EXPECT_EQ(upsert(R"(input: {id: 21, title: "other", comments: {create: [{id: 12, body: "third"}]}},
                      update: {})"),
            R"({"data":{"upsertNote":{"id":21,"title":"again","author":{"name":"Bob"},)"
            R"("comments":{"items":[{"id":10},{"id":11},{"id":12}]}}}})");
  // Nothing of it is written when the row is another's, and what else collides is told as it is.
  EXPECT_THAT(upsert(R"(input: {id: 2, title: "yours", comments: {create: [{id: 13, body: "x"}]}})"),
              HasSubstr("Not Authorized to access upsertNote on type Mutation"));
  EXPECT_THAT(upsert(R"(input: {id: 21, title: "x", comments: {create: [{id: 1, body: "taken"}]}})"),
              testing::AllOf(HasSubstr("UNIQUE_VIOLATION"), Not(HasSubstr("Not Authorized"))));
  EXPECT_EQ(body("{ getNote(id: 2) { title } getComment(id: 13) { id } }", developer),
            R"({"data":{"getNote":{"title":"B"},"getComment":null}})");
  EXPECT_EQ(body("{ getNote(id: 21) { title } }", ada_), R"({"data":{"getNote":{"title":"again"}}})");
}

TEST_F(RulesTest, UpsertsSetTheKeyOfARelationByItsRules) {
  rules(R"(
    extend type note @auth(rules: [{ allow: private }]) {
      author_id: Int @auth(rules: [{ allow: owner }])
    }
    extend type person @auth(rules: [{ allow: private, operations: [read] }])
  )");
  // Bob's row becomes hers by the same statement, but it is not when that is asked.
  EXPECT_THAT(body(R"(mutation { upsertNote(input: {id: 2, title: "B", owner: "ada",
                      author: {connect: {name: "Ada"}}}) { id } })",
                   ada_),
              HasSubstr("Not Authorized to access upsertNote on type Mutation"));
  EXPECT_EQ(body("{ getNote(id: 2) { owner author_id } }", developer),
            R"({"data":{"getNote":{"owner":"bob","author_id":2}}})");
  EXPECT_THAT(body(R"(mutation { upsertNote(input: {id: 1, title: "A",
                      author: {connect: {name: "Bob"}}}) { id } })",
                   ada_),
              HasSubstr(R"("upsertNote":{"id":1})"));
}

TEST_F(RulesTest, NestedWritesKeepToTheRules) {
  rules(R"(
    extend type note @auth(rules: [{ allow: owner }])
    extend type comment @auth(rules: [{ allow: owner, ownerField: "author" }])
    extend type person @auth(rules: [{ allow: private, operations: [read], where: { name: { eq: "Ada" } } }])
  )");
  EXPECT_EQ(body("mutation { updateNote(input: {id: 1, comments: {create: [{id: 30, body: \"n\"}]}}) { id "
                 "comments(filter: {id: {eq: 30}}) { items { author body } } } }",
                 ada_),
            R"({"data":{"updateNote":{"id":1,"comments":{"items":[{"author":"ada","body":"n"}]}}}})");
  EXPECT_THAT(body("mutation { updateNote(input: {id: 1, comments: {create: [{id: 31, body: \"n\", author: "
                   "\"bob\"}]}}) { id } }",
                   ada_),
              HasSubstr("Not Authorized to access updateNote"));
  EXPECT_THAT(
      body("mutation { updateNote(input: {id: 2, comments: {create: [{id: 32, body: \"n\"}]}}) { id } }",
           ada_),
      HasSubstr("Not Authorized to access updateNote"));
  const std::string missing = "There is no comment as `input.comments.connect[0]` asks for";
  EXPECT_THAT(body("mutation { updateNote(input: {id: 1, comments: {connect: [{id: 3}]}}) { id } }", ada_),
              HasSubstr(missing));
  EXPECT_THAT(body("mutation { updateNote(input: {id: 1, comments: {connect: [{id: 99}]}}) { id } }", ada_),
              HasSubstr(missing));
  EXPECT_THAT(body("mutation { updateNote(input: {id: 1, comments: {delete: [{id: 2}]}}) { id } }", ada_),
              HasSubstr("NOT_FOUND"));
  EXPECT_THAT(body("mutation { updateNote(input: {id: 1, author: {connect: {id: 2}}}) { id } }", ada_),
              HasSubstr("NOT_FOUND"));
  EXPECT_EQ(
      body("mutation { updateNote(input: {id: 3, author: {connect: {id: 1}}}) { author { name } } }", ada_),
      R"({"data":{"updateNote":{"author":{"name":"Ada"}}}})");
  EXPECT_THAT(
      body("mutation { updateNote(input: {id: 3, author: {create: {id: 7, name: \"x\"}}}) { id } }", ada_),
      testing::AnyOf(HasSubstr("Not Authorized"), HasSubstr("VALIDATION")));
  EXPECT_EQ(
      body("{ listComments { items { id note_id author } } }", developer),
      R"({"data":{"listComments":{"items":[{"id":1,"note_id":1,"author":"ada"},{"id":2,"note_id":1,"author":"bob"},)"
      R"({"id":3,"note_id":2,"author":"bob"},{"id":30,"note_id":1,"author":"ada"}]}}})");
}

TEST_F(RulesTest, FieldsOfInputsNeedTheirRights) {
  rules(R"(
    extend type note @auth(rules: [{ allow: private }]) {
      salary: Int @auth(rules: [{ allow: groups, groups: ["admin"] }, { allow: private, operations: [read] }])
    })");
  EXPECT_THAT(body("mutation { updateNote(input: {id: 1, salary: 99}) { id } }", ada_),
              HasSubstr("Not Authorized to access updateNote on type Mutation"));
  EXPECT_THAT(body("mutation { updateNote(input: {id: 1}, increment: {salary: 1}) { id } }", ada_),
              HasSubstr("Not Authorized to access updateNote on type Mutation"));
  EXPECT_THAT(body("mutation { createNote(input: {id: 40, title: \"t\", salary: 1}) { id } }", ada_),
              HasSubstr("Not Authorized to access createNote on type Mutation"));
  EXPECT_THAT(body("mutation { deleteNote(input: {id: 4}) { id } }", ada_),
              HasSubstr("Not Authorized to access deleteNote"));
  // In the answer of a write such a field is null without an error.
  EXPECT_EQ(body("mutation { updateNote(input: {id: 1, title: \"z\"}) { id salary } }", ada_),
            R"({"data":{"updateNote":{"id":1,"salary":null}}})");
  EXPECT_EQ(body("mutation { updateNote(input: {id: 1, title: \"A\", salary: 11}) { title } }", bob_),
            R"({"data":{"updateNote":{"title":"A"}}})");
}

TEST_F(RulesTest, WritersWhoMayNotReadSeeWhatTheyWrote) {
  rules(R"(extend type note @auth(rules: [
    { allow: private, operations: [create, update] }, { allow: owner, operations: [read] }
  ]))");
  EXPECT_EQ(body("mutation { createNote(input: {id: 50, title: \"t\"}) { id title owner } }", bob_),
            R"({"data":{"createNote":{"id":50,"title":"t","owner":null}}})");
  const std::string other =
      body("mutation { updateNote(input: {id: 1, team: \"green\"}) { id team salary } }", bob_);
  EXPECT_THAT(other, HasSubstr(R"({"data":{"updateNote":{"id":1,"team":"green","salary":null}})"));
  EXPECT_THAT(other, HasSubstr("Not Authorized to access salary on type note"));
  // A condition is no way to ask.
  EXPECT_EQ(body("mutation { updateNote(input: {id: 1, team: \"x\"}, condition: {salary: {eq: 10}}) { id } }",
                 bob_),
            body("mutation { updateNote(input: {id: 1, team: \"x\"}, condition: {salary: {eq: 11}}) { id } }",
                 bob_));
  EXPECT_EQ(
      body("mutation { updateNotes(filter: {salary: {eq: 10}}, input: {team: \"x\"}) { affectedCount } }",
           bob_),
      R"({"data":{"updateNotes":{"affectedCount":0}}})");
}

TEST_F(RulesTest, ChecksAreForNewAndChangedRows) {
  rules(R"(extend type note @auth(rules: [
    { allow: private, where: { team: { eq: "red" } }, check: { salary: { lt: 100 } } }
    { allow: owner, operations: [create], check: {} }
  ]))");
  EXPECT_EQ(body("mutation { updateNote(input: {id: 1, salary: 50}) { salary } }", ada_),
            R"({"data":{"updateNote":{"salary":50}}})");
  EXPECT_THAT(body("mutation { updateNote(input: {id: 1, salary: 500}) { salary } }", ada_),
              HasSubstr("Not Authorized to access updateNote"));
  EXPECT_THAT(body("mutation { updateNote(input: {id: 2, salary: 5}) { salary } }", ada_),
              HasSubstr("Not Authorized to access updateNote"));
  EXPECT_EQ(
      body("mutation { createNote(input: {id: 60, title: \"t\", owner: \"somebody\", salary: 900}) { id } }",
           ada_),
      R"({"data":{"createNote":{"id":60}}})");
}

TEST_F(RulesTest, ErrorsOfTheDatabaseNameNothingHidden) {
  rules(R"(
    extend type person @auth(rules: [{ allow: private, operations: [create] }]) {
      name: String! @auth(rules: [{ allow: private, operations: [create] }])
    }
    extend type note @auth(rules: [{ allow: private, operations: [delete] }])
    extend type hidden @auth(rules: [{ allow: private }])
  )");
  EXPECT_THAT(body("mutation { deleteNote(input: {id: 1}) { __typename } }", ada_),
              testing::AllOf(HasSubstr("FOREIGN_KEY_VIOLATION"), Not(HasSubstr("omment"))));
}

TEST_F(RulesTest, FieldsDeniedByName) {
  rules(R"(extend type note @auth(rules: [{ allow: private }]))");
  policy::Principal who = ada_;
  who.denied_fields = {"note.salary", "Query.listNotes"};
  EXPECT_THAT(body("{ listNotes { totalCount } }", who),
              HasSubstr("Not Authorized to access listNotes on type Query"));
  EXPECT_THAT(body("{ getNote(id: 1) { id salary } }", who),
              HasSubstr("Not Authorized to access salary on type note"));
  EXPECT_THAT(body("{ aggregateNotes { max { salary } } }", who), HasSubstr("GRAPHQL_VALIDATION_FAILED"));
}

TEST_F(RulesTest, FieldsOfTheOverlaysTypesDeniedByName) {
  rules(R"(
    extend type note @auth(rules: [{ allow: private }])
    type Total { notes: Int high: Int }
    extend type Query {
      total: Total @sql(statement: "SELECT count(*) AS notes, 98765 AS high FROM note") @auth(rules: [{ allow: private }])
    }
  )");
  EXPECT_EQ(body("{ total { notes high } }", ada_), R"({"data":{"total":{"notes":4,"high":98765}}})");
  policy::Principal who = ada_;
  who.denied_fields = {"Total.high"};
  EXPECT_THAT(body("{ total { notes high } }", who),
              testing::AllOf(HasSubstr("Not Authorized to access high on type Total"),
                             HasSubstr(R"("total":{"notes":4,"high":null})"), Not(HasSubstr("98765"))));
  who.denied_fields = {"Query.total"};
  EXPECT_THAT(body("{ total { notes } }", who), HasSubstr("Not Authorized to access total on type Query"));
}

TEST_F(RulesTest, WithoutPrincipalNothingIsOpen) {
  rules(R"(extend type note @auth(rules: [{ allow: public }]))");
  const Response response = wait([&]() -> boost::asio::awaitable<Response> {
    co_return co_await engine_->execute({.query = "{ listNotes { totalCount } }"}, {.deadline = soon()});
  });
  EXPECT_THAT(response.body, HasSubstr("Not Authorized to access listNotes on type Query"));
  EXPECT_EQ(body("{ listNotes { totalCount } }", key_), R"({"data":{"listNotes":{"totalCount":4}}})");
}

}  // namespace
}  // namespace tenon::api
