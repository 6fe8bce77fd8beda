// Two real databases of one kind behind one engine.
#include <gtest/gtest.h>

#include "api/engine.h"
#include "api/fake_database.h"
#include "api/test_databases.h"
#include "api/test_shop.h"
#include "sql/open.h"
#include "sql/session_fixture.h"
#include "tests/support/database.h"

namespace tenon::api {
namespace {

constexpr std::string_view shop_tables = R"(
CREATE TABLE "Customer" (id {serial} PRIMARY KEY, name {text} NOT NULL);
CREATE TABLE "Order" (
  id {bigserial} PRIMARY KEY, customer_id int NOT NULL REFERENCES "Customer" (id), note {text}, clerk {uuid});
INSERT INTO "Customer" (name) VALUES ('Al'), ('Bo'), ('Cy');
INSERT INTO "Order" (id, customer_id, note) VALUES (10, 1, 'first'), (20, 1, 'second'), (30, 2, NULL), (5000000000, 3, 'far');
)";
constexpr std::string_view billing_tables = R"(
CREATE TABLE "Invoice" (
  id {serial} PRIMARY KEY, order_id bigint, customer_id bigint NOT NULL, amount numeric(10,2) NOT NULL);
CREATE TABLE "InvoiceLine" (
  id int PRIMARY KEY, invoice_id int NOT NULL REFERENCES "Invoice" (id), "text" {text} NOT NULL);
CREATE TABLE "Account" (customer_id int PRIMARY KEY, balance numeric(10,2) NOT NULL);
INSERT INTO "Invoice" (order_id, customer_id, amount) VALUES (10, 1, 5), (10, 1, 7.5), (30, 2, 1), (NULL, 3, 2), (77, 9, 3), (5000000000, 5000000000, 4);
INSERT INTO "InvoiceLine" VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 3, 'c');
INSERT INTO "Account" VALUES (1, 100), (2, -1);
)";

class TwoDatabases : public testing::Test {
 protected:
  TwoDatabases()
      : shop_url_(*sql::parse_database_url(test::create_engine_database(shop_tables))),
        billing_url_(*sql::parse_database_url(test::create_engine_database(billing_tables))),
        shop_(sql::open_pool(io_.get_executor(), shop_url_, {}, sql::test::patient())),
        billing_(sql::open_pool(io_.get_executor(), billing_url_, {}, sql::test::patient())),
        engine_(test_schema({{"shop", test::for_engine(shop_models), schema_of(shop_url_)},
                             {"billing", test::for_engine(billing_models), schema_of(billing_url_)}},
                            across),
                Pools({shop_.get(), billing_.get()}), {}) {}

  static std::string schema_of(const sql::DatabaseUrl& url) {
    return test::on_mariadb() ? url.database : "public";
  }
  std::string body(std::string_view query) {
    std::optional<Response> response;
    boost::asio::co_spawn(
        io_,
        [&]() -> boost::asio::awaitable<void> {
          response = co_await engine_.execute(
              {.query = query},
              {.principal = &developer, .deadline = sql::Clock::now() + std::chrono::seconds(20)});
        },
        [](std::exception_ptr thrown) { EXPECT_FALSE(thrown); });
    while (!response && io_.run_one() > 0) {
    }
    return std::move(response->body);
  }

  boost::asio::io_context io_{1};
  sql::DatabaseUrl shop_url_;
  sql::DatabaseUrl billing_url_;
  std::unique_ptr<sql::Pool> shop_;
  std::unique_ptr<sql::Pool> billing_;
  Engine engine_;
};

TEST_F(TwoDatabases, AreReadAlongRelationsBothWays) {
  EXPECT_EQ(
      body("{ listInvoices { items { id order { note customer { name account { balance } } } customer { name "
           "} } } }"),
      R"({"data":{"listInvoices":{"items":[)"
      R"({"id":1,"order":{"note":"first","customer":{"name":"Al","account":{"balance":"100.00"}}},"customer":{"name":"Al"}},)"
      R"({"id":2,"order":{"note":"first","customer":{"name":"Al","account":{"balance":"100.00"}}},"customer":{"name":"Al"}},)"
      R"({"id":3,"order":{"note":null,"customer":{"name":"Bo","account":{"balance":"-1.00"}}},"customer":{"name":"Bo"}},)"
      R"({"id":4,"order":null,"customer":{"name":"Cy"}},)"
      R"({"id":5,"order":null,"customer":null},)"
      R"({"id":6,"order":{"note":"far","customer":{"name":"Cy","account":null}},"customer":null}]}}})");
  EXPECT_EQ(
      body("{ listOrders { items { id invoices(orderBy: [{ amount: DESC }], limit: 1) { items { amount lines "
           "{ items "
           "{ text } } } totalCount nextToken aggregate { sum { amount } } } } } }")
          .substr(0, 119),
      R"({"data":{"listOrders":{"items":[{"id":"10","invoices":{"items":[{"amount":"7.50","lines":{"items":[]}}],"totalCount":2,)");
}

TEST_F(TwoDatabases, AreWrittenOneByOne) {
  EXPECT_EQ(
      body(
          R"(mutation { createOrder(input: { customer_id: 2, note: "new" }) { note invoices { totalCount } customer { account { balance } } }
                    createInvoice(input: { order_id: "20", customer_id: "1", amount: "9" }) { amount order { note } }
                    deleteInvoice(input: { id: 2 }) { amount order { note } lines { items { text } } }
                    updateInvoices(filter: { customer_id: { eq: "2" } }, input: { amount: "8" }) { items { amount customer { name } } } })"),
      R"({"data":{"createOrder":{"note":"new","invoices":{"totalCount":0},"customer":{"account":{"balance":"-1.00"}}},)"
      R"("createInvoice":{"amount":"9.00","order":{"note":"second"}},)"
      R"("deleteInvoice":{"amount":"7.50","order":{"note":"first"},"lines":{"items":[]}},)"
      R"("updateInvoices":{"items":[{"amount":"8.00","customer":{"name":"Bo"}}]}}})");
}

TEST_F(TwoDatabases, GoOnWithoutTheOther) {
  EXPECT_TRUE(body("{ listInvoices { items { id order { note } } } }")
                  .starts_with(R"({"data":{"listInvoices":{"items":[{"id":1,)"));
  shop_->close();
  EXPECT_EQ(
      body("{ listAccounts { items { balance customer { name } } } getCustomer(id: 1) { name } }")
          .substr(0, 122),
      R"({"data":{"listAccounts":{"items":[{"balance":"100.00","customer":null},{"balance":"-1.00","customer":null}]},"getCustomer")");
}

}  // namespace
}  // namespace tenon::api
