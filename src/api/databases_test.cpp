// An API over two databases: what its schema offers, how it is planned (tests/golden/databases/<case>) and
// how it runs.
#include <algorithm>
#include <filesystem>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "api/engine.h"
#include "api/fake_database.h"
#include "api/plan/planner.h"
#include "api/test_databases.h"
#include "api/test_shop.h"
#include "graphql/json.h"
#include "tests/support/golden.h"

namespace tenon::api {
namespace {

namespace fs = std::filesystem;
using Log = std::vector<std::string>;

std::vector<std::string> two_database_cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(test::source_dir() / "tests/golden/databases"))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

std::shared_ptr<const Plan> plan_of(std::string query) {
  const std::shared_ptr<const Schema> schema = shop_and_billing();
  const auto document = graphql::load_document(schema->graphql, std::move(query), {});
  if (!document) {
    ADD_FAILURE() << document.error().front().message;
    return nullptr;
  }
  const auto values = graphql::coerce_variables(*document, 0, {});
  const auto collected = graphql::collect(*document, 0, *values);
  return make_plan(schema, all_rights(*schema), *collected, *values, {.limits = {}});
}

class DatabasesPlan : public testing::TestWithParam<std::string> {};

TEST_P(DatabasesPlan, IsAsAccepted) {
  const fs::path folder = fs::path("tests/golden/databases") / GetParam();
  const auto plan = plan_of(test::read_file(test::source_dir() / folder / "query.graphql"));
  ASSERT_TRUE(plan);
  std::string text = describe(*plan);
  for (const FieldFailure& refused : plan->refused)
    text += std::string(refused.error.code) + ": " + refused.error.message + "\n";
  test::expect_golden(folder / "plan.golden", text);
  test::expect_golden(folder / "statements.golden", describe_statements(*plan));
}

INSTANTIATE_TEST_SUITE_P(ShopAndBilling, DatabasesPlan, testing::ValuesIn(two_database_cases()),
                         [](const auto& test_case) { return test_case.param; });

// "a b c": names of a type's fields or input fields.
std::string members(const graphql::Schema& schema, std::string_view type) {
  const auto id = schema.find_type(type);
  if (!id) return "no such type";
  std::string names;
  for (const graphql::FieldId field : schema[*id].fields) names += std::string(schema[field].name) + " ";
  for (const graphql::InputValueId field : schema[*id].input_fields)
    names += std::string(schema[field].name) + " ";
  return names;
}

TEST(DatabasesSchema, RelationsAcrossAreFieldsAndNothingElse) {
  const auto schema = shop_and_billing();
  const graphql::Schema& types = *schema->graphql;
  EXPECT_EQ(members(types, "Order"), "id customer_id note clerk invoices customer ");
  EXPECT_EQ(members(types, "Invoice"), "id order_id customer_id amount customer order lines ");
  EXPECT_EQ(members(types, "ModelOrderFilterInput"),
            "id customer_id note clerk customer compare and or not ");
  EXPECT_EQ(members(types, "ModelOrderOrderByInput"), "id customer_id note clerk customer ");
  EXPECT_EQ(members(types, "ModelInvoiceOrderByInput"), "id order_id customer_id amount ");
  EXPECT_EQ(members(types, "CreateInvoiceInput"), "id order_id customer_id amount lines ");
  EXPECT_EQ(members(types, "ModelInvoiceRelationFilterInput"), "no such type");
  EXPECT_EQ(members(types, "ModelInvoiceLineRelationFilterInput"), "some every none ");
  ASSERT_EQ(schema->dialects.size(), 2U);
}

class DatabasesEngine : public testing::Test {
 protected:
  Response run(std::string_view query, RequestContext context = {}) {
    context.principal = &developer;
    return run_to_end(engine_.execute({.query = query}, context));
  }
  std::string body(std::string_view query) { return run(query).body; }

  FakeDatabase shop_;
  FakeDatabase billing_;
  FakePool shop_pool_{shop_};
  FakePool billing_pool_{billing_};
  Engine engine_{shop_and_billing(), Pools({&shop_pool_, &billing_pool_}), {}};
};

const sql::DatabaseError down{.failure = sql::Failure::unreachable, .message = "refused"};
const sql::DatabaseError stale_connection{.failure = sql::Failure::connection_lost, .was_stale = true};

constexpr std::string_view orders_of_invoices =
    "{ listInvoices { items { id order { note customer { name } } } } }";

TEST_F(DatabasesEngine, ARowOfAnotherDatabaseIsFoundByItsKey) {
  billing_.answers = {{"\"Invoice\"", {{"1", "7"}, {"2", "8"}, {"3", "7"}, {"4", std::nullopt}, {"5", "9"}}}};
  shop_.answers = {{"\"Order\"", {{"8", "b", "1", "Bo"}, {"7", "a", "2", "Al"}}}};
  EXPECT_EQ(body(orders_of_invoices),
            R"({"data":{"listInvoices":{"items":[{"id":1,"order":{"note":"a","customer":{"name":"Al"}}},)"
            R"({"id":2,"order":{"note":"b","customer":{"name":"Bo"}}},)"
            R"({"id":3,"order":{"note":"a","customer":{"name":"Al"}}},{"id":4,"order":null},)"
            R"({"id":5,"order":null}]}}})");
  EXPECT_EQ(billing_.log, Log{"-/1/finish"});
  EXPECT_EQ(shop_.log, Log{"-/1/finish"});
  EXPECT_EQ(shop_.parameters, Log{"{7,8,9}"});
}

TEST_F(DatabasesEngine, KeysThatTheOtherColumnCannotHoldNameNoRow) {
  billing_.answers = {{"\"Invoice\"", {{"1", "3000000000"}, {"2", "07"}}}};
  shop_.answers = {{"\"Customer\"", {{"7", "Al"}}}};
  EXPECT_EQ(
      body("{ listInvoices { items { id customer { name } } } }"),
      R"({"data":{"listInvoices":{"items":[{"id":1,"customer":null},{"id":2,"customer":{"name":"Al"}}]}}})");
  EXPECT_EQ(shop_.parameters, Log{"{7}"});
}

TEST_F(DatabasesEngine, ListsOfAnotherDatabaseAreGroupedByTheirParents) {
  shop_.answers = {{"\"Order\"", {{"7"}, {"8"}}}};
  billing_.answers = {{"count(*)", {{"8", "2"}}}, {"\"Invoice\"", {{"8", "1"}, {"8", "2"}}}};
  EXPECT_EQ(body("{ listOrders { items { id invoices { items { id } totalCount } } } }"),
            R"({"data":{"listOrders":{"items":[{"id":"7","invoices":{"items":[],"totalCount":0}},)"
            R"({"id":"8","invoices":{"items":[{"id":1},{"id":2}],"totalCount":2}}]}}})");
  EXPECT_EQ(billing_.log, Log{"snapshot/2/finish"});
}

TEST_F(DatabasesEngine, EachDatabaseHasOneSnapshotThereAndBack) {
  shop_.answers = {{"\"Customer\"", {{"5", "Al"}}}, {"\"Order\"", {{"7"}}}};
  billing_.answers = {{"\"Invoice\"", {{"7", "5"}}}};
  EXPECT_EQ(
      body("{ listOrders { items { id invoices { items { customer { name } } } } } }"),
      R"({"data":{"listOrders":{"items":[{"id":"7","invoices":{"items":[{"customer":{"name":"Al"}}]}}]}}})");
  EXPECT_EQ(shop_.log, (Log{"snapshot/1/open", "-/1/finish"}));
  EXPECT_EQ(billing_.log, Log{"-/1/finish"});
  EXPECT_EQ(shop_.connections, 1U);
}

TEST_F(DatabasesEngine, AUnitEndsWhenThereIsNothingLeftToRead) {
  shop_.answers = {{"\"Order\"", {{"7"}}}};
  EXPECT_EQ(body("{ listOrders { items { id invoices { items { customer { name } } } } } }"),
            R"({"data":{"listOrders":{"items":[{"id":"7","invoices":{"items":[]}}]}}})");
  EXPECT_EQ(shop_.log, (Log{"snapshot/1/open", "-/0/finish"}));
  EXPECT_EQ(shop_.abandoned_units + billing_.abandoned_units, 0U);
}

TEST_F(DatabasesEngine, ADeadDatabaseTakesItsOwnRootFieldsOnly) {
  shop_.answers = {{"\"Order\"", {{"7"}}}};
  billing_.failures[0] = down;
  const Response response = run("{ listOrders { items { id } } listInvoices { items { id } } }");
  EXPECT_EQ(
      response.body,
      R"({"data":{"listOrders":{"items":[{"id":"7"}]},"listInvoices":null},"errors":[{"message":)"
      R"("The database cannot be reached now; try again soon.","locations":[{"line":1,"column":31}],"path":["listInvoices"],)"
      R"("extensions":{"code":"DATABASE_UNAVAILABLE"}}]})");
  ASSERT_EQ(response.database_errors.size(), 1U);
  EXPECT_EQ(response.database_errors[0].message, "refused");
}

TEST_F(DatabasesEngine, ADeadDatabaseTakesWhatIsBelowRowsOfTheOther) {
  billing_.answers = {{"\"Invoice\"", {{"1", "7"}, {"2", std::nullopt}}}};
  shop_.failures[0] = down;
  EXPECT_EQ(
      body("{ listInvoices { items { id order { note } } } listCustomers { items { id } } }"),
      R"({"data":{"listInvoices":{"items":[{"id":1,"order":null},{"id":2,"order":null}]},)"
      R"("listCustomers":null},"errors":[{"message":"The database cannot be reached now; try again soon.",)"
      R"("locations":[{"line":1,"column":29}],"path":["listInvoices","items",0,"order"],)"
      R"("extensions":{"code":"DATABASE_UNAVAILABLE"}},{"message":"The database cannot be reached now; try again soon.",)"
      R"("locations":[{"line":1,"column":48}],"path":["listCustomers"],)"
      R"("extensions":{"code":"DATABASE_UNAVAILABLE"}}]})");
}

TEST_F(DatabasesEngine, AListThatCannotBeReadIsNull) {
  shop_.answers = {{"\"Order\"", {{"7"}}}};
  billing_.failures[0] = down;
  EXPECT_EQ(body("{ listOrders { items { id invoices { totalCount aggregate { count } } } } }"),
            R"({"data":{"listOrders":{"items":[{"id":"7","invoices":null}]}},"errors":[{"message":)"
            R"("The database cannot be reached now; try again soon.","locations":[{"line":1,"column":27}],)"
            R"("path":["listOrders","items",0,"invoices"],"extensions":{"code":"DATABASE_UNAVAILABLE"}}]})");
}

TEST_F(DatabasesEngine, AStaleConnectionIsReplacedInItsDatabaseAlone) {
  billing_.answers = {{"\"Invoice\"", {{"1", "7"}}}};
  shop_.answers = {{"\"Order\"", {{"7", "a", "2", "Al"}}}};
  shop_.failures[0] = stale_connection;
  EXPECT_EQ(
      body(orders_of_invoices),
      R"({"data":{"listInvoices":{"items":[{"id":1,"order":{"note":"a","customer":{"name":"Al"}}}]}}})");
  EXPECT_EQ(billing_.connections, 1U);
  EXPECT_EQ(shop_.connections, 2U);
}

TEST_F(DatabasesEngine, TheLimitOnRowsIsThatOfTheWholeAnswer) {
  EngineOptions options;
  options.operation.rows_answer_max = 3;
  Engine engine(shop_and_billing(), Pools({&shop_pool_, &billing_pool_}), options);
  shop_.answers = {{"\"Order\"", {{"7"}, {"8"}}}};
  billing_.answers = {{"\"Invoice\"", {{"7", "1"}, {"8", "2"}}}};
  const std::string body =
      run_to_end(engine.execute({.query = "{ listOrders { items { invoices { items { id } } } } }"},
                                {.principal = &developer}))
          .body;
  EXPECT_TRUE(
      body.starts_with(R"({"data":{"listOrders":null},"errors":[{"message":"The answer would have more )"
                       "than 3 rows"))
      << body;
  EXPECT_EQ(shop_.abandoned_units + billing_.abandoned_units, 0U);
}

// A pool that lends only when as many as `all` have asked.
class MeetingPool final : public sql::Pool {
 public:
  MeetingPool(FakeDatabase& database, std::size_t& asked, std::size_t all)
      : inner_(database), asked_(asked), all_(all) {}
  boost::asio::awaitable<sql::DatabaseResult<sql::Lease>> acquire(sql::Clock::time_point deadline) override {
    ++asked_;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (int i = 0; asked_ < all_; ++i) {
      if (i == 2'000) co_return std::unexpected(down);
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return co_await inner_.acquire(deadline);
  }
  sql::PoolStatistics statistics() const override { return {}; }
  void close() override {}

 private:
  void give_back(std::unique_ptr<sql::Connection>) override {}
  FakePool inner_;
  std::size_t& asked_;
  std::size_t all_;
};

TEST_F(DatabasesEngine, DatabasesAreReadAtTheSameTime) {
  std::size_t asked = 0;
  MeetingPool shop(shop_, asked, 2);
  MeetingPool billing(billing_, asked, 2);
  Engine engine(shop_and_billing(), Pools({&shop, &billing}), {});
  shop_.answers = {{"\"Order\"", {{"7"}}}};
  billing_.answers = {{"\"Invoice\"", {{"1"}}}};
  EXPECT_EQ(
      run_to_end(engine.execute({.query = "{ listOrders { items { id } } listInvoices { items { id } } }"},
                                {.principal = &developer}))
          .body,
      R"({"data":{"listOrders":{"items":[{"id":"7"}]},"listInvoices":{"items":[{"id":1}]}}})");
}

constexpr std::string_view create_both =
    "{ createOrder(input: { customer_id: 5 }) { id invoices { items { id } } } "
    "createAccount(input: { customer_id: 5, balance: \"1\" }) { balance } }";

TEST_F(DatabasesEngine, EachFieldIsWrittenInItsDatabaseAndTheRestIsReadAfterwards) {
  shop_.answers = {{"INSERT", {{"7"}}}, {"\"Order\"", {{"7"}}}};
  billing_.answers = {{"INSERT", {{"1"}}}, {"\"Invoice\"", {{"7", "1"}}}};
  EXPECT_EQ(
      body("mutation " + std::string(create_both)),
      R"({"data":{"createOrder":{"id":"7","invoices":{"items":[{"id":1}]}},"createAccount":{"balance":"1"}}})");
  EXPECT_EQ(shop_.log.back().substr(shop_.log.back().rfind('/')), "/finish");
  EXPECT_EQ(billing_.log, (Log{"-/1/finish", "-/1/finish"}));
  EXPECT_EQ(shop_.abandoned_units + billing_.abandoned_units, 0U);
}

TEST_F(DatabasesEngine, WhatIsWrittenStaysWhenTheOtherDatabaseIsDown) {
  shop_.answers = {{"INSERT", {{"7"}}}, {"\"Order\"", {{"7"}}}};
  billing_.failures[0] = down;
  EXPECT_EQ(
      body("mutation { createOrder(input: { customer_id: 5 }) { id invoices { items { id } } } }"),
      R"({"data":{"createOrder":{"id":"7","invoices":null}},"errors":[{"message":"The database cannot be )"
      R"(reached now; try again soon.","locations":[{"line":1,"column":56}],"path":["createOrder","invoices"],)"
      R"("extensions":{"code":"DATABASE_UNAVAILABLE"}}]})");
}

TEST_F(DatabasesEngine, ATransactionOverTwoDatabasesIsRefusedBeforeAnythingRuns) {
  const Response response = run("mutation @transaction " + std::string(create_both));
  EXPECT_TRUE(response.body.starts_with(
      R"({"data":{"createOrder":null,"createAccount":null},"errors":[{"message":"One transaction cannot write )"
      R"(to several databases: createOrder to shop, createAccount to billing. Send the fields of each database )"
      R"(in a mutation of their own.")"))
      << response.body;
  EXPECT_EQ(response.codes,
            (std::vector<std::string_view>{"TRANSACTION_ACROSS_DATABASES", "TRANSACTION_ACROSS_DATABASES"}));
  EXPECT_EQ(shop_.log.size() + billing_.log.size(), 0U);
}

TEST_F(DatabasesEngine, ATransactionOfOneDatabaseMayReadTheOther) {
  shop_.answers = {{"INSERT", {{"7"}}}, {"\"Order\"", {{"7"}}}};
  billing_.answers = {{"\"Invoice\"", {{"7", "1"}}}};
  EXPECT_EQ(
      body("mutation @transaction { a: createOrder(input: { customer_id: 5 }) { invoices { items { id } } } "
           "b: createOrder(input: { customer_id: 6 }) { id } }"),
      R"({"data":{"a":{"invoices":{"items":[{"id":1}]}},"b":{"id":"7"}}})");
  EXPECT_EQ(shop_.connections, 1U);
}

}  // namespace
}  // namespace tenon::api
