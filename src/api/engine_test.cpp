#include "api/engine.h"

#include <gtest/gtest.h>

#include "api/fake_database.h"
#include "api/plan/page_token.h"
#include "api/test_shop.h"

namespace tenon::api {
namespace {

using testing::Test;

class EngineTest : public Test {
 protected:
  // An engine with other limits.
  void limit(std::uint32_t rows_answer_max, std::size_t answer_bytes_max) {
    EngineOptions options;
    options.operation.rows_answer_max = rows_answer_max;
    options.operation.answer_bytes_max = answer_bytes_max;
    limited_.emplace(shop_schema(), pool_, options);
  }
  Response run(std::string_view query, std::string_view variables = "{}", RequestContext context = {}) {
    const auto json = graphql::parse_json(variables);
    Engine& engine = limited_ ? *limited_ : engine_;
    context.principal = &developer;
    return run_to_end(engine.execute({.query = query, .variables = graphql::JsonValue(*json)}, context));
  }
  std::string body(std::string_view query, std::string_view variables = "{}") {
    return run(query, variables).body;
  }

  FakeDatabase database_;
  FakePool pool_{database_};
  Engine engine_{shop_schema(), pool_, {}};
  std::optional<Engine> limited_;
};

using Log = std::vector<std::string>;

const sql::DatabaseError stale{.failure = sql::Failure::connection_lost, .was_stale = true};
const sql::DatabaseError lost{.failure = sql::Failure::connection_lost};
const sql::DatabaseError timed_out{.failure = sql::Failure::timeout, .message = "secret text"};

constexpr std::string_view tree =
    "{ listRooms(limit: 2) { items { id message(limit: 1) { items { id } } } } }";

TEST_F(EngineTest, OneStatementIsOneExchangeWithoutTransaction) {
  database_.answers = {{"\"room\"", {{"7", "den"}}}};
  EXPECT_EQ(body("{ getRoom(id: 7) { id name __typename } }"),
            R"({"data":{"getRoom":{"id":7,"name":"den","__typename":"room"}}})");
  EXPECT_EQ(database_.log, Log{"-/1/finish"});
  EXPECT_EQ(database_.parameters, Log{"7"});
}

TEST_F(EngineTest, MissingRowIsNull) {
  EXPECT_EQ(body("{ getRoom(id: 7) { id } }"), R"({"data":{"getRoom":null}})");
}

TEST_F(EngineTest, LevelsShareOneSnapshotAndKeysAreDistinct) {
  database_.answers = {{"\"message\"", {{"1", "10"}, {"2", "20"}}}, {"\"room\"", {{"1"}, {"2"}}}};
  EXPECT_EQ(body(tree), R"({"data":{"listRooms":{"items":[{"id":1,"message":{"items":[{"id":"10"}]}},)"
                        R"({"id":2,"message":{"items":[{"id":"20"}]}}]}}})");
  EXPECT_EQ(database_.log, (Log{"snapshot/1/open", "-/1/finish"}));
  EXPECT_EQ(database_.parameters, (Log{"", "{1,2}"}));
}

TEST_F(EngineTest, UnitEndsWhenThereAreNoParents) {
  EXPECT_EQ(body(tree), R"({"data":{"listRooms":{"items":[]}}})");
  EXPECT_EQ(database_.log, (Log{"snapshot/1/open", "-/0/finish"}));
  EXPECT_EQ(database_.abandoned_units, 0u);
}

TEST_F(EngineTest, ChildRowsFindTheirParentsInAnyOrder) {
  database_.answers = {{"\"message\"", {{"2", "20"}, {"1", "10"}, {"2", "21"}, {"9", "90"}}},
                       {"\"room\"", {{"1"}, {"2"}}}};
  EXPECT_EQ(body("{ listRooms { items { id message { items { id } } } } }"),
            R"({"data":{"listRooms":{"items":[{"id":1,"message":{"items":[{"id":"10"}]}},)"
            R"({"id":2,"message":{"items":[{"id":"20"},{"id":"21"}]}}]}}})");
}

TEST_F(EngineTest, RootFieldsOfOneDepthTravelTogether) {
  database_.answers = {{"count(*)", {{"3"}}}, {"\"room\"", {{"1"}}}, {"\"tag\"", {{"5"}}}};
  EXPECT_EQ(body("{ listRooms { items { id } totalCount } listTags { items { id } } }"),
            R"({"data":{"listRooms":{"items":[{"id":1}],"totalCount":3},"listTags":{"items":[{"id":5}]}}})");
  EXPECT_EQ(database_.log, Log{"snapshot/3/finish"});
}

TEST_F(EngineTest, FailureAtAnyExchangeNullsTheRootAndLeavesNoUnitOpen) {
  for (const std::size_t at : {0, 1}) {
    database_ = {};
    database_.answers = {{"\"message\"", {{"1", "10"}}}, {"\"room\"", {{"1"}}}};
    database_.failures[at] = timed_out;
    const Response response = run(tree);
    EXPECT_EQ(
        response.body,
        R"({"data":{"listRooms":null},"errors":[{"message":"The database did not answer in time.",)"
        R"("locations":[{"line":1,"column":3}],"path":["listRooms"],"extensions":{"code":"TIMEOUT"}}]})");
    EXPECT_TRUE(response.executed);
    EXPECT_EQ(database_.abandoned_units, 0u);
    EXPECT_EQ(database_.log.size(), at + 1);
  }
}

TEST_F(EngineTest, DebugModeTellsTheDatabasesWords) {
  database_.failures[0] = timed_out;
  EXPECT_EQ(run(tree).body.find("secret"), std::string::npos);
  database_ = {};
  database_.failures[0] = timed_out;
  EXPECT_NE(run(tree, "{}", {.debug = true}).body.find("secret text"), std::string::npos);
}

TEST_F(EngineTest, StaleConnectionIsTriedOnceMoreForReads) {
  database_.answers = {{"\"room\"", {{"7"}}}};
  database_.failures[0] = stale;
  EXPECT_EQ(body("{ getRoom(id: 7) { id } }"), R"({"data":{"getRoom":{"id":7}}})");
  EXPECT_EQ(database_.connections, 2u);

  database_ = {};
  database_.failures = {{0, stale}, {1, stale}};
  EXPECT_NE(body("{ getRoom(id: 7) { id } }").find("DATABASE_UNAVAILABLE"), std::string::npos);
  EXPECT_EQ(database_.connections, 2u);
}

TEST_F(EngineTest, LostConnectionIsNotTriedAgain) {
  database_.failures[0] = lost;
  EXPECT_NE(body("{ getRoom(id: 7) { id } }").find("DATABASE_UNAVAILABLE"), std::string::npos);
  EXPECT_EQ(database_.connections, 1u);
}

TEST_F(EngineTest, WriteIsNeverRepeated) {
  database_.failures[0] = stale;
  EXPECT_NE(body("mutation { deleteTag(input: {id: 1}) { id } }").find("DATABASE_UNAVAILABLE"),
            std::string::npos);
  EXPECT_EQ(database_.connections, 1u);
}

TEST_F(EngineTest, WritesAreTransactionsOfTheirOwnAndGoOnAfterAFailure) {
  database_.answers = {{"\"tag\"", {{"1"}}}};
  database_.failures[0] = {.failure = sql::Failure::unique_violation, .sqlstate = "23505"};
  EXPECT_EQ(
      body("mutation { a: deleteTag(input: {id: 1}) { id } b: deleteTag(input: {id: 1}) { id } }"),
      R"({"data":{"a":null,"b":{"id":1}},"errors":[{"message":"A row with these values already exists.",)"
      R"("locations":[{"line":1,"column":12}],"path":["a"],"extensions":{"code":"UNIQUE_VIOLATION"}}]})");
  EXPECT_EQ(database_.log, (Log{"-/1/finish", "-/1/finish"}));
}

constexpr std::string_view create_with_relations =
    "mutation { createRoom(input: {id: 1, owner_id: 2, name: \"n\", is_public: true, created_at: "
    "\"2024-01-01T00:00:00Z\"}) { id customer { id } message { items { id } } } }";

TEST_F(EngineTest, CreateReadsItsRelationsInTheSameTransaction) {
  database_.answers = {{"INSERT", {{"1"}}}, {"\"message\"", {{"1", "10"}}}, {"\"room\"", {{"1", "2"}}}};
  EXPECT_EQ(body(create_with_relations),
            R"({"data":{"createRoom":{"id":1,"customer":{"id":2},"message":{"items":[{"id":"10"}]}}}})");
  EXPECT_EQ(database_.log, (Log{"write/1/open", "-/1/open", "-/1/finish"}));
  EXPECT_EQ(database_.parameters[1], "1");
}

TEST_F(EngineTest, FailureAtAnyExchangeOfAWriteIsThatFieldsError) {
  for (const std::size_t at : {0, 1, 2}) {
    database_ = {};
    database_.answers = {{"INSERT", {{"1"}}}, {"\"message\"", {{"1", "10"}}}, {"\"room\"", {{"1", "2"}}}};
    database_.failures[at] = timed_out;
    EXPECT_NE(body(create_with_relations).find(R"("code":"TIMEOUT")"), std::string::npos);
    EXPECT_EQ(database_.log.size(), at + 1);
    EXPECT_EQ(database_.abandoned_units, 0u);
  }
}

TEST_F(EngineTest, DeleteReadsItsRelationsFirst) {
  database_.answers = {{"DELETE", {{"1"}}}, {"\"room\"", {{"1", "2"}}}};
  EXPECT_EQ(body("mutation { deleteRoom(input: {id: 1}) { id customer { id } } }"),
            R"({"data":{"deleteRoom":{"id":1,"customer":{"id":2}}}})");
  EXPECT_EQ(database_.log, (Log{"write/1/open", "-/1/finish"}));
}

TEST_F(EngineTest, NothingWrittenIsNotFoundOrConditionFailed) {
  EXPECT_NE(body("mutation { updateTag(input: {id: 1, name: \"x\"}) { id } }").find(R"("code":"NOT_FOUND")"),
            std::string::npos);
  EXPECT_EQ(database_.log, Log{"-/1/finish"});

  const std::string_view conditional =
      "mutation { updateTag(input: {id: 1, name: \"x\"}, condition: {name: {eq: \"y\"}}) { id } }";
  EXPECT_NE(body(conditional).find(R"("code":"NOT_FOUND")"), std::string::npos);
  database_.answers = {{"SELECT", {{"1"}}}};
  EXPECT_NE(body(conditional).find(R"("code":"CONDITION_FAILED")"), std::string::npos);
}

TEST_F(EngineTest, UndoneWriteWithRelationsEndsItsUnit) {
  EXPECT_NE(
      body("mutation { updateRoom(input: {id: 1, name: \"x\"}) { customer { id } } }").find("NOT_FOUND"),
      std::string::npos);
  EXPECT_EQ(database_.log, (Log{"write/1/open", "-/0/undo"}));
  EXPECT_EQ(database_.abandoned_units, 0u);
}

TEST_F(EngineTest, NullWhereNoneMayBeSpreadsToTheNearestNullable) {
  database_.answers = {{"\"room\"", {{"1", "den"}, {"2", std::nullopt}}}};
  EXPECT_EQ(body("{ listRooms { items { id name } } }"),
            R"({"data":{"listRooms":{"items":[{"id":1,"name":"den"},null]}},"errors":[{"message":)"
            R"("The database holds no value where one was promised.","locations":[{"line":1,"column":26}],)"
            R"("path":["listRooms","items",1,"name"],"extensions":{"code":"INTERNAL"}}]})");
}

TEST_F(EngineTest, NextTokenIsTheLastShownRow) {
  database_.answers = {{"\"room\"", {{"1"}, {"2"}, {"3"}}}};
  const std::string first = body("{ listRooms(limit: 2) { items { id } nextToken } }");
  EXPECT_TRUE(first.starts_with(R"({"data":{"listRooms":{"items":[{"id":1},{"id":2}],"nextToken":")"))
      << first;
  const std::size_t start = first.find("nextToken\":\"") + 12;
  const std::string token = first.substr(start, first.find('"', start) - start);
  EXPECT_EQ(decode_page_token(token)->values, std::vector<std::optional<std::string>>{"2"});

  database_ = {};
  database_.answers = {{"\"room\"", {{"3"}}}};
  const std::string_view next =
      "query($t: String) { listRooms(limit: 2, nextToken: $t) { items { id } nextToken } }";
  EXPECT_EQ(body(next, R"({"t":")" + token + R"("})"),
            R"({"data":{"listRooms":{"items":[{"id":3}],"nextToken":null}}})");
  EXPECT_EQ(database_.parameters, Log{"2"});
  // Another ordering has other tokens.
  const std::string other =
      body("query($t: String) { listRooms(sortDirection: DESC, nextToken: $t) { items { id } } }",
           R"({"t":")" + token + R"("})");
  EXPECT_TRUE(other.starts_with(R"({"data":{"listRooms":null},"errors":[)")) << other;
  EXPECT_NE(other.find("BAD_USER_INPUT"), std::string::npos);
}

TEST_F(EngineTest, RequestErrorsHaveNoData) {
  const Response response = run("query A { __typename } query B { __typename }");
  EXPECT_FALSE(response.executed);
  EXPECT_TRUE(response.body.starts_with(R"({"errors":[)"));
  EXPECT_FALSE(run("query($id: BigInt!) { getMessage(id: $id) { id } }", R"({"id": null})").executed);
}

TEST_F(EngineTest, RefusedArgumentsFailTheirRootFieldAlone) {
  database_.answers = {{"\"room\"", {{"3"}}}};
  const Response response = run("{ a: listRooms(limit: -1) { items { id } } b: listRooms { items { id } } }");
  EXPECT_TRUE(response.executed);
  EXPECT_TRUE(response.body.starts_with(R"({"data":{"a":null,"b":{"items":[{"id":3}]}},"errors":[)"))
      << response.body;
  EXPECT_NE(response.body.find(R"("path":["a"])"), std::string::npos) << response.body;
  EXPECT_EQ(response.codes, std::vector<std::string_view>{"BAD_USER_INPUT"});
}

TEST_F(EngineTest, BadVariableOfACachedPlanFailsItsFieldAndAsksNothing) {
  const std::string_view query = "query($id: BigInt!) { getMessage(id: $id) { id } }";
  EXPECT_TRUE(run(query, R"({"id": "12"})").codes.empty());
  database_ = {};
  const Response response = run(query, R"({"id": "twelve"})");
  EXPECT_TRUE(response.body.starts_with(R"({"data":{"getMessage":null},"errors":[)")) << response.body;
  EXPECT_TRUE(database_.log.empty());
}

TEST_F(EngineTest, TextWithNulReachesNoStatement) {
  const Response response =
      run("query($t: String) { listRooms(filter: {name: {contains: $t}}) { items { id } } }",
          R"({"t": "a\u0000b"})");
  EXPECT_TRUE(response.body.starts_with(R"({"data":{"listRooms":null},"errors":[)")) << response.body;
  EXPECT_TRUE(database_.log.empty());
}

TEST_F(EngineTest, FiltersAreBounded) {
  const std::string_view query = "query($f: ModelRoomFilterInput) { listRooms(filter: $f) { items { id } } }";
  const auto filter_of = [](std::size_t count) {
    std::string filter = R"({"f":{"or":[)";
    for (std::size_t i = 0; i < count; ++i)
      filter += std::string(i == 0 ? "" : ",") + R"({"id":{"gt":)" + std::to_string(i) + R"(,"lt":9}})";
    return filter + "]}}";
  };
  EXPECT_TRUE(run(query, filter_of(500)).executed);
  EXPECT_NE(body(query, filter_of(501)).find("at most 1000 comparisons"), std::string::npos);
  EXPECT_NE(body(query, filter_of(1001)).find("at most 1000 values"), std::string::npos);
  std::string deep = R"({"id":{"eq":1}})";
  for (int i = 0; i < 9; ++i) deep = R"({"not":)" + deep + "}";
  EXPECT_TRUE(run(query, R"({"f":)" + deep + "}").executed);
  EXPECT_NE(body(query, R"({"f":{"not":)" + deep + "}}").find("nested 10 levels"), std::string::npos);
}

TEST_F(EngineTest, DatabasesWordsGoToTheLog) {
  database_.failures[0] = timed_out;
  const Response response = run(tree);
  ASSERT_EQ(response.database_errors.size(), 1u);
  EXPECT_EQ(response.database_errors.front().message, "secret text");
}

constexpr std::string_view three_levels =
    "{ listCustomers(limit: 2) { items { id room(limit: 2) { items { id message(limit: 2) { items { id } } } "
    "} } } "
    "}";

TEST_F(EngineTest, RowsOfAllLevelsCountTogether) {
  database_.answers = {{"\"message\"", {{"10", "100"}, {"20", "200"}}},
                       {"\"room\"", {{"1", "10"}, {"2", "20"}}},
                       {"\"customer\"", {{"1"}, {"2"}}}};
  limit(6, 1'000'000);
  EXPECT_EQ(run(three_levels).codes, std::vector<std::string_view>{});
  // Four rooms and four messages are possible: whether they are too many is looked at before the unit ends.
  EXPECT_EQ(database_.log, (Log{"snapshot/1/open", "-/1/open", "-/1/open", "-/0/finish"}));

  database_.log.clear();
  limit(5, 1'000'000);
  EXPECT_EQ(
      body(three_levels),
      R"({"data":{"listCustomers":null},"errors":[{"message":)"
      R"("The answer would have more than 5 rows in all its lists together; ask for fewer with a smaller )"
      R"(`limit`, above all on nested lists.","locations":[{"line":1,"column":3}],)"
      R"("path":["listCustomers"],"extensions":{"code":"QUERY_TOO_COMPLEX"}}]})");
  EXPECT_EQ(database_.log, (Log{"snapshot/1/open", "-/1/open", "-/1/open", "-/0/undo"}));

  database_.log.clear();
  limit(3, 1'000'000);
  EXPECT_EQ(run(three_levels).codes, std::vector<std::string_view>{"QUERY_TOO_COMPLEX"});
  EXPECT_EQ(database_.log, (Log{"snapshot/1/open", "-/1/open", "-/0/undo"}));
  EXPECT_EQ(database_.abandoned_units, 0u);
}

TEST_F(EngineTest, RootListsThatMightBeTooMuchTogetherAreAskedOneAfterTheOther) {
  database_.answers = {{"\"room\"", {{"1"}}}, {"\"tag\"", {{"5"}}}};
  const std::string_view two = "{ listRooms(limit: 3) { items { id } } listTags(limit: 3) { items { id } } }";
  limit(6, 1'000'000);
  run(two);
  EXPECT_EQ(database_.log, Log{"snapshot/2/finish"});
  database_.log.clear();
  limit(4, 1'000'000);
  EXPECT_EQ(body(two), R"({"data":{"listRooms":{"items":[{"id":1}]},"listTags":{"items":[{"id":5}]}}})");
  EXPECT_EQ(database_.log, (Log{"snapshot/1/open", "-/1/finish"}));
  database_.log.clear();
  limit(1, 1'000'000);
  EXPECT_EQ(run(two).codes, (std::vector<std::string_view>{"QUERY_TOO_COMPLEX", "QUERY_TOO_COMPLEX"}));
  EXPECT_EQ(database_.log, (Log{"snapshot/1/open", "-/1/open", "-/0/undo"}));
}

TEST_F(EngineTest, WriteWhoseAnswerHasTooManyRowsIsUndoneAndTheNextOneDone) {
  database_.answers = {{"INSERT", {{"1"}}},
                       {"DELETE", {{"4"}}},
                       {"\"message\"", {{"1", "10"}, {"1", "11"}}},
                       {"\"room\"", {{"1", "2"}}}};
  limit(2, 1'000'000);
  std::string both(create_with_relations);
  both.insert(both.size() - 1, " deleteTag(input: {id: 4}) { id }");
  const Response response = run(both);
  EXPECT_TRUE(response.body.starts_with(R"({"data":{"createRoom":null,"deleteTag":{"id":4}},"errors":)"))
      << response.body;
  EXPECT_NE(response.body.find("Nothing was changed."), std::string::npos) << response.body;
  EXPECT_EQ(response.codes, std::vector<std::string_view>{"QUERY_TOO_COMPLEX"});
  EXPECT_EQ(database_.log, (Log{"write/1/open", "-/1/open", "-/1/open", "-/0/undo", "-/1/finish"}));
  EXPECT_EQ(database_.abandoned_units, 0u);

  database_.log.clear();
  limit(3, 1'000'000);
  EXPECT_TRUE(run(create_with_relations).codes.empty());
  EXPECT_EQ(database_.log, (Log{"write/1/open", "-/1/open", "-/1/open", "-/0/finish"}));
}

TEST_F(EngineTest, RootFieldThatMakesTheAnswerTooLargeIsGivenUp) {
  database_.answers = {{"\"room\"", {{"1", std::string(400, 'x')}, {"2", std::string(400, 'x')}}},
                       {"\"tag\"", {{"5"}}}};
  const std::string_view query = "{ listRooms { items { id name } } listTags { items { id } } }";
  limit(100'000, 1'000);
  EXPECT_TRUE(run(query).codes.empty());
  limit(100'000, 800);
  EXPECT_EQ(
      body(query),
      R"({"data":{"listRooms":null,"listTags":{"items":[{"id":5}]}},"errors":[{"message":)"
      R"("The answer has more than 800 bytes; ask for fewer fields, or fewer rows with a smaller `limit`.",)"
      R"("locations":[{"line":1,"column":3}],"path":["listRooms"],)"
      R"("extensions":{"code":"QUERY_TOO_COMPLEX"}}]})");
  // The first part fits, the second does not any more.
  EXPECT_TRUE(body("{ a: getRoom(id: 1) { name } b: getRoom(id: 1) { name } }")
                  .starts_with(R"({"data":{"a":{"name":")"));
}

TEST_F(EngineTest, TooLargeAnswerOfAMutationSaysThatTheChangeWasMade) {
  database_.answers = {{"DELETE", {{std::string(900, 'x')}}}};
  limit(100'000, 800);
  EXPECT_NE(
      body("mutation { deleteTag(input: {id: 1}) { name } }").find("The change was made, but its answer"),
      std::string::npos);
}

TEST_F(EngineTest, IntrospectionIsBoundedToo) {
  limit(100'000, 1'000);
  EXPECT_EQ(run("{ __schema { types { name description } } }").codes,
            std::vector<std::string_view>{"QUERY_TOO_COMPLEX"});
}

TEST_F(EngineTest, MutationsMayBeRefused) {
  const Response response =
      run("mutation { deleteTag(input: {id: 1}) { id } }", "{}", {.refuse_mutations = true});
  EXPECT_TRUE(response.refused_mutation);
  EXPECT_TRUE(database_.log.empty());
}

TEST_F(EngineTest, IntrospectionAndTypeNamesNeedNoDatabase) {
  EXPECT_EQ(body(R"({ __typename __type(name: "tag") { name } })"),
            R"({"data":{"__typename":"Query","__type":{"name":"tag"}}})");
  const std::string_view by_name = "query($n: String!) { __type(name: $n) { kind } }";
  EXPECT_EQ(body(by_name, R"({"n":"tag"})"), R"({"data":{"__type":{"kind":"OBJECT"}}})");
  EXPECT_EQ(body(by_name, R"({"n":"order_status"})"), R"({"data":{"__type":{"kind":"ENUM"}}})");
  EXPECT_EQ(database_.connections, 0u);
}

TEST_F(EngineTest, SameShapeUsesTheSamePlanWithOtherValues) {
  const std::string_view query =
      "query($f: ModelRoomFilterInput, $l: Int) { listRooms(filter: $f, limit: $l) { items { id } } }";
  run(query, R"({"f":{"id":{"eq":1}}})");
  run(query, R"({"f":{"id":{"eq":2}}})");
  EXPECT_EQ(database_.parameters, (Log{"1", "2"}));
  run(query, R"({"f":{"id":{"eq":null}}})");
  run(query, R"({"f":{"id":{"in":[1,2]}}})");
  run(query, R"({"f":{"id":{"in":[3]}},"l":5})");
  EXPECT_EQ(database_.parameters, (Log{"1", "2", "", "{1,2}", "{3}"}));
}

TEST_F(EngineTest, SkipAndIncludeDecideTheShape) {
  database_.answers = {{"\"room\"", {{"1", "den"}}}};
  const std::string_view query = "query($s: Boolean!) { getRoom(id: 1) { id name @skip(if: $s) } }";
  EXPECT_EQ(body(query, R"({"s":false})"), R"({"data":{"getRoom":{"id":1,"name":"den"}}})");
  EXPECT_EQ(body(query, R"({"s":true})"), R"({"data":{"getRoom":{"id":1}}})");
}

TEST_F(EngineTest, NewSchemaForgetsOldPlans) {
  run("{ getRoom(id: 7) { id } }");
  engine_.set_schema(test_schema("model room { \n id Int @id \n }"));
  EXPECT_EQ(body("{ getRoom(id: 7) { id } }"), R"({"data":{"getRoom":null}})");
}

// --- programs of writes

constexpr std::string_view order_with_lines =
    "mutation { createOrders(input: {customer_id: 1, address_id: 2, status: cart, total: 0, placed_at: "
    "\"2024-01-01T00:00:00Z\", order_line: {create: [{product: {connect: {sku: \"s\"}}, quantity: 1, "
    "unit_price: "
    "1, discount: 0}]}}) { id order_line { items { id } } } }";

TEST_F(EngineTest, StepsThatWaitForNothingNewTravelTogether) {
  database_.answers = {{"RETURNING", {{"7"}}},
                       {"\"sku\" =", {{"3"}}},
                       {"INSERT INTO \"bench\".\"order_line\"", {{"9"}}},
                       {"unnest", {{"7", "9"}}},
                       {"\"orders\"", {{"7"}}}};
  EXPECT_EQ(body(order_with_lines),
            R"({"data":{"createOrders":{"id":7,"order_line":{"items":[{"id":9}]}}}})");
  EXPECT_EQ(database_.log, (Log{"write/2/open", "-/2/open", "-/1/finish"}));
  // The line gets the keys of the order and of the product.
  EXPECT_EQ(database_.parameters[2], "7, 1, 1, 0, 3");
}

TEST_F(EngineTest, AProgramThatFailsAnywhereLeavesNoUnitOpen) {
  for (std::size_t at = 0; at < 3; ++at) {
    database_ = {};
    database_.answers = {{"RETURNING", {{"7"}}},
                         {"\"sku\" =", {{"3"}}},
                         {"INSERT INTO \"bench\".\"order_line\"", {{"9"}}},
                         {"unnest", {{"7", "9"}}},
                         {"\"orders\"", {{"7"}}}};
    database_.failures[at] = timed_out;
    EXPECT_TRUE(body(order_with_lines).starts_with(R"({"data":{"createOrders":null},"errors":)")) << at;
    EXPECT_EQ(database_.abandoned_units, 0u);
    EXPECT_EQ(database_.log.size(), at + 1);
  }
}

TEST_F(EngineTest, AMissingTargetIsRolledBack) {
  database_.answers = {{"RETURNING", {{"7"}}}};
  EXPECT_NE(body(order_with_lines).find(R"("inputPath":"input.order_line.create[0].product.connect")"),
            std::string::npos);
  EXPECT_EQ(database_.log, (Log{"write/2/open", "-/0/undo"}));
}

TEST_F(EngineTest, ALostTransactionIsRunAgainUntilTheDeadline) {
  const sql::DatabaseError lost_race{.failure = sql::Failure::serialization};
  database_.answers = {{"\"tag\"", {{"7"}}}};
  database_.failures[0] = database_.failures[1] = lost_race;
  constexpr std::string_view update = "mutation { updateTag(input: {id: 7, name: \"x\"}) { id } }";
  EXPECT_EQ(body(update), R"({"data":{"updateTag":{"id":7}}})");
  EXPECT_EQ(database_.log.size(), 3u);
  database_.log.clear();
  const Response late = run(update, "{}", {.deadline = sql::Clock::now()});
  EXPECT_NE(late.body.find("SERIALIZATION_FAILURE"), std::string::npos);
  EXPECT_EQ(database_.log.size(), 1u);
}

}  // namespace
}  // namespace tenon::api
