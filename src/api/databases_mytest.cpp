// A PostgreSQL and a MariaDB behind one engine.
#include <chrono>

#include <gtest/gtest.h>

#include "api/engine.h"
#include "api/fake_database.h"
#include "api/test_databases.h"
#include "api/test_shop.h"
#include "sql/open.h"
#include "sql/session_fixture.h"
#include "tests/support/mariadb.h"
#include "tests/support/postgres.h"

namespace tenon::api {
namespace {

constexpr std::string_view shop_tables = R"(
CREATE TABLE "Customer" (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE "Order" (id bigserial PRIMARY KEY, customer_id int NOT NULL REFERENCES "Customer", note text, clerk uuid);
INSERT INTO "Customer" (name) VALUES ('Al'), ('Bo');
INSERT INTO "Order" (id, customer_id, note, clerk) VALUES
  (10, 1, 'first', 'a81bc81b-dead-4e5d-abff-90865d1e13b1'), (20, 1, 'second', NULL),
  (30, 2, NULL, '00000000-0000-0000-0000-000000000000');
)";

constexpr std::string_view billing_tables = R"(
CREATE TABLE Invoice (id int AUTO_INCREMENT PRIMARY KEY, order_id bigint unsigned, customer_id bigint NOT NULL,
  amount decimal(10,2) NOT NULL);
CREATE TABLE Clerk (id char(36) PRIMARY KEY, name varchar(50) NOT NULL);
INSERT INTO Invoice (order_id, customer_id, amount) VALUES
  (10, 1, 5), (10, 1, 7.5), (30, 2, 1), (NULL, 9, 2), (18446744073709551615, 5000000000, 3);
INSERT INTO Clerk VALUES ('A81BC81B-DEAD-4E5D-ABFF-90865D1E13B1', 'Cy'), ('somebody', 'Di');
)";

constexpr std::string_view billing_mysql_models = R"(
datasource db {
  provider = "mysql"
}
model Invoice {
  id          Int     @id @default(autoincrement())
  order_id    BigInt? @db.UnsignedBigInt
  customer_id BigInt
  amount      Decimal @db.Decimal(10, 2)
}
model Clerk {
  id   String @id @db.Char(36)
  name String @db.VarChar(50)
}
)";

constexpr std::string_view relations = R"(
extend type Customer { invoices: [Invoice] @hasMany(references: ["customer_id"]) }
extend type Order {
  invoices: [Invoice] @hasMany(references: ["order_id"])
  seller: Clerk @belongsTo(references: ["clerk"])
}
extend type Invoice {
  customer: Customer @belongsTo(references: ["customer_id"])
  order: Order @belongsTo(references: ["order_id"])
}
extend type Clerk { orders: [Order] @hasMany(references: ["clerk"]) }
)";

class TwoEngines : public testing::Test {
 protected:
  TwoEngines()
      : shop_url_(*sql::parse_database_url(test::create_database(shop_tables))),
        billing_url_(*sql::parse_database_url(test::create_mariadb_database(billing_tables))),
        shop_(sql::open_pool(io_.get_executor(), shop_url_, {}, sql::test::patient())),
        billing_(sql::open_pool(io_.get_executor(), billing_url_, {}, sql::test::patient())) {}

  template <class Make>
  auto wait(Make make) {
    std::optional<typename std::invoke_result_t<Make>::value_type> result;
    boost::asio::co_spawn(
        io_, [&]() -> boost::asio::awaitable<void> { result = co_await make(); },
        [](std::exception_ptr thrown) { EXPECT_FALSE(thrown); });
    while (!result && io_.run_one() > 0) {
    }
    return std::move(*result);
  }
  static sql::Clock::time_point soon() { return sql::Clock::now() + std::chrono::seconds(20); }

  sql::ServerVersion version(sql::Pool& pool) {
    return wait([&]() -> boost::asio::awaitable<sql::ServerVersion> {
      auto lease = co_await pool.acquire(soon());
      EXPECT_TRUE(lease);
      co_return (*lease)->server_version();
    });
  }
  std::string body(std::string_view query) {
    if (!engine_)
      engine_.emplace(test_schema({{"shop", std::string(shop_models)},
                                   {"billing", std::string(billing_mysql_models), billing_url_.database}},
                                  relations, {version(*shop_), version(*billing_)}),
                      Pools({shop_.get(), billing_.get()}), EngineOptions{});
    return wait([&]() -> boost::asio::awaitable<Response> {
             co_return co_await engine_->execute({.query = query},
                                                 {.principal = &developer, .deadline = soon()});
           })
        .body;
  }

  boost::asio::io_context io_{1};
  sql::DatabaseUrl shop_url_;
  sql::DatabaseUrl billing_url_;
  std::unique_ptr<sql::Pool> shop_;
  std::unique_ptr<sql::Pool> billing_;
  std::optional<Engine> engine_;
};

TEST_F(TwoEngines, AreReadAlongRelationsBothWays) {
  EXPECT_EQ(body("{ listInvoices { items { amount order { note } customer { name } } } }"),
            R"({"data":{"listInvoices":{"items":[)"
            R"({"amount":"5.00","order":{"note":"first"},"customer":{"name":"Al"}},)"
            R"({"amount":"7.50","order":{"note":"first"},"customer":{"name":"Al"}},)"
            R"({"amount":"1.00","order":{"note":null},"customer":{"name":"Bo"}},)"
            R"({"amount":"2.00","order":null,"customer":null},)"
            R"({"amount":"3.00","order":null,"customer":null}]}}})");
  EXPECT_EQ(
      body("{ listOrders { items { id invoices(orderBy: [{ amount: DESC }], limit: 1) { items { amount } "
           "totalCount } } } }"),
      R"({"data":{"listOrders":{"items":[)"
      R"({"id":"10","invoices":{"items":[{"amount":"7.50"}],"totalCount":2}},)"
      R"({"id":"20","invoices":{"items":[],"totalCount":0}},)"
      R"({"id":"30","invoices":{"items":[{"amount":"1.00"}],"totalCount":1}}]}}})");
}

TEST_F(TwoEngines, AgreeOnIdentifiersHoweverTheyAreSpelled) {
  EXPECT_EQ(body("{ listOrders { items { id seller { name orders { items { note } } } } } }"),
            R"({"data":{"listOrders":{"items":[)"
            R"({"id":"10","seller":{"name":"Cy","orders":{"items":[{"note":"first"}]}}},)"
            R"({"id":"20","seller":null},{"id":"30","seller":null}]}}})");
  EXPECT_EQ(body("{ listClerks { items { name orders { totalCount } } } }"),
            R"({"data":{"listClerks":{"items":[{"name":"Cy","orders":{"totalCount":1}},)"
            R"({"name":"Di","orders":{"totalCount":0}}]}}})");
}

TEST_F(TwoEngines, AreWrittenOneByOne) {
  EXPECT_EQ(
      body(
          R"(mutation { createInvoice(input: { order_id: "20", customer_id: "2", amount: "9" }) { amount order { note } customer { name } }
                         createOrder(input: { customer_id: 1, note: "new" }) { note invoices { totalCount } seller { name } }
                         deleteInvoice(input: { id: 1 }) { amount order { note } } })"),
      R"({"data":{"createInvoice":{"amount":"9.00","order":{"note":"second"},"customer":{"name":"Bo"}},)"
      R"("createOrder":{"note":"new","invoices":{"totalCount":0},"seller":null},)"
      R"("deleteInvoice":{"amount":"5.00","order":{"note":"first"}}}})");
  EXPECT_TRUE(body("mutation @transaction { createOrder(input: { customer_id: 1 }) { id } "
                   "deleteInvoice(input: { id: 2 }) { id } }")
                  .find("TRANSACTION_ACROSS_DATABASES") != std::string::npos);
  EXPECT_EQ(body("{ listInvoices(filter: { id: { eq: 2 } }) { items { id } } }"),
            R"({"data":{"listInvoices":{"items":[{"id":2}]}}})");
}

TEST_F(TwoEngines, GoOnWithoutTheOther) {
  EXPECT_TRUE(
      body("{ listOrders { items { id } } }").starts_with(R"({"data":{"listOrders":{"items":[{"id":"10"})"));
  billing_->close();
  EXPECT_TRUE(
      body("{ listOrders(limit: 1) { items { id invoices { totalCount } } } listClerks { items { id } } }")
          .starts_with(
              R"({"data":{"listOrders":{"items":[{"id":"10","invoices":null}]},"listClerks":null},"errors":[)"));
}

}  // namespace
}  // namespace tenon::api
