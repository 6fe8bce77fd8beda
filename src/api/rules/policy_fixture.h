// Notes of several owners behind an engine, under rules, for tests.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/engine.h"
#include "api/test_shop.h"
#include "policy/test_rules.h"
#include "sql/open.h"
#include "sql/session_fixture.h"
#include "tests/support/database.h"
#include "tests/support/mariadb.h"
#include "tests/support/postgres.h"

namespace tenon::api {

// In the SQL that both engines have; `text_type` is what can be a key.
inline std::string note_tables(std::string_view text_type, std::string_view json_type) {
  return fmt::format(R"sql(
CREATE TABLE person (id int PRIMARY KEY, name {0} NOT NULL UNIQUE, secret {0});
CREATE TABLE note (
  id int PRIMARY KEY, owner {0}, title {0} NOT NULL, salary int, team {0}, editors {1}, author_id int REFERENCES person (id));
CREATE TABLE comment (id int PRIMARY KEY, note_id int NOT NULL REFERENCES note (id), author {0}, body {0} NOT NULL);
CREATE TABLE hidden (id int PRIMARY KEY, word {0} NOT NULL);
INSERT INTO person VALUES (1, 'Ada', 's1'), (2, 'Bob', 's2');
INSERT INTO note VALUES
  (1, 'ada', 'A', 10, 'red', '["ada","cyd"]', 1), (2, 'bob', 'B', 20, 'blue', '["bob"]', 2),
  (3, 'u1::ada', 'C', 30, 'red', NULL, NULL), (4, NULL, 'D', 40, NULL, '[]', 1);
INSERT INTO comment VALUES (1, 1, 'ada', 'on A'), (2, 1, 'bob', 'on A too'), (3, 2, 'bob', 'on B');
INSERT INTO hidden VALUES (1, 'x');
)sql",
                     text_type, json_type);
}

inline constexpr std::string_view note_models = R"prisma(
model person {
  id     Int     @id
  name   String  @unique
  secret String?
  notes  note[]
}
model note {
  id        Int       @id
  owner     String?
  title     String
  salary    Int?
  team      String?
  editors   Json?
  author_id Int?
  author    person?   @relation(fields: [author_id], references: [id])
  comments  comment[]
}
model comment {
  id      Int     @id
  note_id Int
  author  String?
  body    String
  note    note    @relation(fields: [note_id], references: [id])
}
model hidden {
  id   Int    @id
  word String
}
)prisma";

// A fresh database with the notes, of the engine that the test program is for.
struct PolicyPlace {
  std::string url;
  std::string provider;  // as a schema file calls it
};
inline PolicyPlace policy_place() {
  if (test::on_mariadb())
    return {.url = test::create_mariadb_database(note_tables("varchar(100)", "json")), .provider = "mysql"};
  return {.url = test::create_database(note_tables("text", "jsonb")), .provider = "postgresql"};
}

class RulesTest : public testing::Test {
 protected:
  RulesTest() : RulesTest(policy_place()) {}
  explicit RulesTest(const PolicyPlace& place)
      : url_(*sql::parse_database_url(place.url)),
        provider_(place.provider),
        pool_(sql::open_pool(io_.get_executor(), url_, {}, sql::test::patient())) {}

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

  void rules(const std::string& overlay) {
    const std::string source = "datasource db {\n  provider = \"" + provider_ + "\"\n}\n";
    const sql::ServerVersion version = wait([&]() -> boost::asio::awaitable<sql::ServerVersion> {
      auto lease = co_await pool_->acquire(soon());
      EXPECT_TRUE(lease);
      co_return (*lease)->server_version();
    });
    const std::string place = provider_ == "mysql" ? url_.database : "public";
    schema_ = test_schema(source + std::string(note_models), place, {version}, overlay);
    for (const RoundTrips choice : {RoundTrips::many, RoundTrips::one}) {
      EngineOptions options;
      options.round_trips = choice;
      (choice == RoundTrips::many ? engine_ : single_).emplace(schema_, *pool_, options);
    }
  }

  // Queries are also answered by one statement each, and the answers have to be the same.
  std::string body(std::string_view query, const policy::Principal& who) {
    const auto on = [&](Engine& engine) {
      return wait([&]() -> boost::asio::awaitable<Response> {
        co_return co_await engine.execute({.query = query}, {.principal = &who, .deadline = soon()});
      });
    };
    const Response response = on(*engine_);
    if (response.executed && response.kind == graphql::OperationKind::query)
      EXPECT_EQ(on(*single_).body, response.body) << query;
    return response.body;
  }

  boost::asio::io_context io_{1};
  sql::DatabaseUrl url_;
  std::string provider_;
  std::unique_ptr<sql::Pool> pool_;
  std::shared_ptr<const Schema> schema_;
  std::optional<Engine> engine_;
  std::optional<Engine> single_;

  const policy::Principal ada_ = policy::user(R"({"sub":"u1","username":"ada","cognito:groups":["red"]})");
  const policy::Principal bob_ = policy::user(R"({"sub":"u2","username":"bob","cognito:groups":["admin"]})");
  const policy::Principal key_ = policy::key_holder();
};

}  // namespace tenon::api
