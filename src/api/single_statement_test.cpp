// Queries in one statement, over a database that is only a script.
#include <gtest/gtest.h>

#include "api/engine.h"
#include "api/fake_database.h"
#include "api/plan/page_token.h"
#include "api/test_shop.h"

namespace tenon::api {
namespace {

using Log = std::vector<std::string>;
constexpr auto none = std::nullopt;

class SingleStatementTest : public testing::Test {
 protected:
  void limit(std::uint32_t rows_answer_max) {
    EngineOptions options{.round_trips = RoundTrips::one};
    options.operation.rows_answer_max = rows_answer_max;
    engine_.emplace(shop_schema(), pool_, options);
  }
  std::string body(std::string_view query, std::string_view variables = "{}") {
    if (!engine_) engine_.emplace(shop_schema(), pool_, EngineOptions{.round_trips = RoundTrips::one});
    const auto json = graphql::parse_json(variables);
    return run_to_end(engine_->execute({.query = query, .variables = graphql::JsonValue(*json)},
                                       {.principal = &developer}))
        .body;
  }

  FakeDatabase database_;
  FakePool pool_{database_};
  std::optional<Engine> engine_;
};

constexpr std::string_view one_statement_tree =
    "{ listRooms(limit: 2) { items { id message(limit: 1) { items { id } } } } }";

TEST_F(SingleStatementTest, AllListsTakeOneExchangeWithoutTransaction) {
  database_.answers = {{"WITH q0", {{"1", none, "0"}, {"2", none, "0"}, {"1", "10", "1"}, {"2", "20", "1"}}}};
  EXPECT_EQ(body(one_statement_tree),
            R"({"data":{"listRooms":{"items":[{"id":1,"message":{"items":[{"id":"10"}]}},)"
            R"({"id":2,"message":{"items":[{"id":"20"}]}}]}}})");
  EXPECT_EQ(database_.log, Log{"-/1/finish"});
}

TEST_F(SingleStatementTest, ParametersOfAllPartsWithoutKeys) {
  body(
      "{ listRooms(filter: {name: {eq: \"a\"}}) { items { message(filter: {body: {eq: \"b\"}}) "
      "{ totalCount items { id } } } } }");
  EXPECT_EQ(database_.parameters, Log{"a, b, b"});
  EXPECT_TRUE(engine_->single_statements());
}

// Nor does it say that it takes one statement.
TEST_F(SingleStatementTest, AnEngineWithoutSuchAStatementTakesMany) {
  const sql::ServerVersion mariadb{sql::ServerVersion::Product::mariadb, 10, 11, 6};
  const auto schema = test_schema(
      "datasource db {\n  provider = \"mysql\"\n}\nmodel room {\n  id Int @id\n  message message[]\n}\n"
      "model message {\n  id Int @id\n  room_id Int\n  room room @relation(fields: [room_id], references: "
      "[id])\n}\n",
      "app", {mariadb});
  engine_.emplace(schema, pool_, EngineOptions{.round_trips = RoundTrips::one});
  database_.answers = {{"`message`", {{"1", "10"}}}, {"`room`", {{"1"}}}};
  EXPECT_EQ(body(one_statement_tree),
            R"({"data":{"listRooms":{"items":[{"id":1,"message":{"items":[{"id":10}]}}]}}})");
  EXPECT_FALSE(engine_->single_statements());
}

TEST_F(SingleStatementTest, NothingToBundleIsAPlainStatement) {
  database_.answers = {{"WITH", {{"wrong"}}}, {"\"room\"", {{"7", "den"}}}};
  EXPECT_EQ(body("{ getRoom(id: 7) { id name } }"), R"({"data":{"getRoom":{"id":7,"name":"den"}}})");
}

TEST_F(SingleStatementTest, CountAloneFindsItsParents) {
  database_.answers = {{"WITH q0", {{"1", none, "0"}, {"2", none, "0"}, {"2", "5", "1"}}}};
  EXPECT_EQ(body("{ listRooms { items { id message { totalCount } } } }"),
            R"({"data":{"listRooms":{"items":[{"id":1,"message":{"totalCount":0}},)"
            R"({"id":2,"message":{"totalCount":5}}]}}})");
}

// A value that its column does not take fails its field alone; the statement would be that of all.
TEST_F(SingleStatementTest, ARefusedFieldLeavesTheOthersTheirOwnStatements) {
  database_.answers = {{"WITH", {{"wrong"}}}, {"\"message\"", {{"1", "10"}}}, {"\"room\"", {{"1"}}}};
  const std::string answer = body(
      "query($n: BigInt!) { bad: getMessage(id: $n) { id } listRooms { items { id message { items { id } } } "
      "} }",
      R"({"n": "99999999999999999999"})");
  EXPECT_NE(answer.find(R"("bad":null,"listRooms":{"items":[{"id":1,"message":{"items":[{"id":"10"}]}}]})"),
            std::string::npos)
      << answer;
  EXPECT_EQ(database_.log, (Log{"snapshot/1/open", "-/1/finish"}));
}

// A written value that its column does not take leaves a condition without its parameter: nothing is made of
// such a plan.
TEST_F(SingleStatementTest, AFieldThatCannotBePlannedIsNotRendered) {
  database_.answers = {{"\"room\"", {{"1"}}}};
  const std::string answer =
      body("{ bad: getMessage(id: \"99999999999999999999\") { id } good: listRooms { items { id } } }");
  EXPECT_NE(answer.find(R"("bad":null,"good":{"items":[{"id":1}]})"), std::string::npos) << answer;
}

TEST_F(SingleStatementTest, MoreRowsThanAnAnswerMayHave) {
  limit(3);
  database_.answers = {{"WITH q0", {{"1", none, "0"}, {"2", none, "0"}, {"1", "10", "1"}}}};
  EXPECT_EQ(body(one_statement_tree).find("errors"), std::string::npos);
  database_.answers = {{"WITH q0", {{"1", none, "0"}, {"2", none, "0"}, {"1", "10", "1"}, {"2", "20", "1"}}}};
  EXPECT_NE(body(one_statement_tree).find("QUERY_TOO_COMPLEX"), std::string::npos);
}

constexpr std::string_view overshooting =
    "{ listRooms { items { id message(limit: 1) { nextToken items { id other_message { items { id } } } } } "
    "} }";
const FakeRows below_the_page{{"1", none, "0"},  {"1", "10", "1"},  {"1", "11", "1"},
                              {"10", "12", "2"}, {"11", "13", "2"}, {"11", "14", "2"}};

// Message 11 only tells that there are more.
TEST_F(SingleStatementTest, RowsBelowOneThatIsNotShownDoNotCount) {
  limit(6);
  database_.answers = {{"WITH q0", below_the_page}};
  const std::string answer = body(overshooting);
  EXPECT_NE(answer.find(R"("items":[{"id":"10","other_message":{"items":[{"id":"12"}]}}]})"),
            std::string::npos)
      << answer;
  EXPECT_EQ(database_.log, Log{"-/1/finish"});
}

TEST_F(SingleStatementTest, WhereSuchRowsFillTheStatementTheLevelsAreReadOneByOne) {
  limit(5);
  database_.answers = {{"WITH q0", below_the_page},
                       {"\"reply_to_id\" = ", {{"10", "12"}}},
                       {"\"message\"", {{"1", "10"}, {"1", "11"}}},
                       {"\"room\"", {{"1"}}}};
  const std::string answer = body(overshooting);
  EXPECT_NE(answer.find(R"("items":[{"id":"10","other_message":{"items":[{"id":"12"}]}}]})"),
            std::string::npos)
      << answer;
  EXPECT_EQ(database_.log, (Log{"-/1/finish", "snapshot/1/open", "-/1/open", "-/1/open", "-/0/finish"}));
}

TEST_F(SingleStatementTest, AnAnswerOfAnotherFormIsAnError) {
  database_.answers = {{"WITH q0", {{"1", none, "7"}}}};
  EXPECT_NE(body(one_statement_tree).find(R"("code":"INTERNAL")"), std::string::npos)
      << body(one_statement_tree);
}

TEST_F(SingleStatementTest, AFailureIsThatOfEveryField) {
  database_.failures[0] = {.failure = sql::Failure::timeout};
  const std::string answer = body("{ a: listRooms { items { id } } b: listTags { items { id } } }");
  EXPECT_TRUE(answer.starts_with(R"({"data":{"a":null,"b":null})")) << answer;
}

}  // namespace
}  // namespace tenon::api
