// Units of work on one connection: pipelines, failures at each position, stale statements, settings.
#include "sql/postgres/connection.h"
#include "sql/session_fixture.h"
#include "tests/support/postgres.h"

namespace tenon::sql::test {
namespace {

TEST(Connection, SetsItsSessionUp) {
  run_to_end([url = tenon::test::create_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url, {.statement_timeout = 61'234ms});
    EXPECT_EQ(co_await value(*connection, "show timezone"), "UTC");
    EXPECT_EQ(co_await value(*connection, "show datestyle"), "ISO, MDY");
    EXPECT_EQ(co_await value(*connection, "show intervalstyle"), "iso_8601");
    EXPECT_EQ(co_await value(*connection, "show jit"), "off");
    EXPECT_EQ(co_await value(*connection, "show application_name"), "tenon");
    EXPECT_EQ(co_await value(*connection, "show client_encoding"), "UTF8");
    EXPECT_EQ(co_await value(*connection, "show statement_timeout"), "61234ms");
    EXPECT_EQ(co_await value(*connection, "show idle_in_transaction_session_timeout"), "1min");
    EXPECT_EQ(co_await value(*connection, "select '\\x00ff'::bytea"), "\\x00ff");
  });
}

TEST(Connection, ADeferredConstraintFailsAtTheCommit) {
  run_to_end(
      [url = tenon::test::create_database(
           "create table p (id int primary key);"
           "create table c (p int references p deferrable initially deferred)")]() -> asio::awaitable<void> {
        auto connection = co_await open(url);
        const Statement insert = statement("insert into c values (7)");
        const Call call{&insert, {}};
        auto outcome = co_await connection->run(
            {.calls = {&call, 1}, .begin = Begin::read_write, .deadline = patiently()});
        EXPECT_FALSE(outcome.has_value());
        if (outcome) co_return;
        EXPECT_EQ(outcome.error().failure, Failure::foreign_key_violation);
        EXPECT_EQ(outcome.error().call, 1) << "the commit comes after the only call";
        EXPECT_EQ(co_await value(*connection, "select count(*) from c"), "0");
        // Without BEGIN the sync commits.
        outcome = co_await connection->run({.calls = {&call, 1}, .deadline = patiently()});
        EXPECT_FALSE(outcome.has_value());
        EXPECT_EQ(co_await value(*connection, "select count(*) from c"), "0");
      });
}

TEST(Connection, SnapshotReadsRefuseWritesAndSeeOneState) {
  run_to_end([url = tenon::test::create_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto other = co_await open(url);
    const Statement count = statement("select count(*) from t");
    const Call call{&count, {}};
    auto first = co_await connection->run(
        {.calls = {&call, 1}, .begin = Begin::snapshot_read, .end = End::keep_open, .deadline = patiently()});
    EXPECT_TRUE(first.has_value());
    auto inserted = co_await other->run_text("insert into t values (1)", patiently());
    EXPECT_TRUE(inserted.has_value());
    auto second = co_await connection->run({.calls = {&call, 1}, .deadline = patiently()});
    EXPECT_TRUE(second && cell(*second->front()) == "0");
    const Statement insert = statement("insert into t values (2)");
    const Call write{&insert, {}};
    auto refused = co_await connection->run(
        {.calls = {&write, 1}, .begin = Begin::snapshot_read, .deadline = patiently()});
    EXPECT_FALSE(refused.has_value());
    if (!refused) EXPECT_EQ(refused.error().sqlstate, "25006");
  });
}

// Within a unit that already did something a stale statement cannot be repeated: the unit fails as a whole.
TEST(Connection, AStatementThatBecameStaleFailsItsUnit) {
  run_to_end([url = tenon::test::create_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto other = co_await open(url);
    const Statement all = statement("select * from t");
    const Statement insert = statement("insert into t values (5)");
    const Call read{&all, {}};
    const Call write{&insert, {}};
    auto prepared = co_await connection->run({.calls = {&read, 1}, .deadline = patiently()});
    EXPECT_TRUE(prepared.has_value());
    EXPECT_TRUE(co_await other->run_text("alter table t add column a int", patiently()));
    auto begun = co_await connection->run(
        {.calls = {&write, 1}, .begin = Begin::read_write, .end = End::keep_open, .deadline = patiently()});
    EXPECT_TRUE(begun.has_value());
    auto failed = co_await connection->run({.calls = {&read, 1}, .deadline = patiently()});
    EXPECT_FALSE(failed.has_value());
    if (!failed) EXPECT_EQ(failed.error().sqlstate, "0A000");
    EXPECT_EQ(co_await value(*connection, "select count(*) from t where id = 5"), "0");
    auto again = co_await connection->run({.calls = {&read, 1}, .deadline = patiently()});
    EXPECT_TRUE(again.has_value());
  });
}

TEST(Connection, PreparesAgainWhenTheServerForgot) {
  run_to_end([url = tenon::test::create_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    EXPECT_EQ(co_await value(*connection, "select 1"), "1");
    for (int round = 0; round < 4; ++round) {  // later rounds do without prepared statements
      auto discarded = co_await connection->run_text("deallocate all", patiently());
      EXPECT_TRUE(discarded.has_value());
      EXPECT_EQ(co_await value(*connection, "select 1"), "1");
      const Statement begin_end = statement("select 2");
      const Call call{&begin_end, {}};
      auto unit = co_await connection->run(
          {.calls = {&call, 1}, .begin = Begin::read_write, .deadline = patiently()});
      EXPECT_TRUE(unit.has_value());
    }
  });
}

TEST(Connection, KeepsNoMorePreparedStatementsThanAllowed) {
  run_to_end([url = tenon::test::create_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url, {.statements_cached_max = 5});
    std::vector<Statement> statements;
    for (int i = 0; i < 12; ++i) statements.push_back(statement("select " + std::to_string(i)));
    std::vector<Call> calls;
    for (const Statement& one : statements) calls.push_back({&one, {}});
    for (int round = 0; round < 3; ++round) {
      auto results =
          co_await connection->run({.calls = calls, .begin = Begin::snapshot_read, .deadline = patiently()});
      EXPECT_TRUE(results.has_value()) << results.error().message;
      if (!results) co_return;
      for (std::size_t i = 0; i < calls.size(); ++i) EXPECT_EQ(cell(*(*results)[i]), std::to_string(i));
    }
    auto held = co_await connection->run_text("select count(*) from pg_prepared_statements", patiently());
    EXPECT_TRUE(held && cell(*held->front()) == "5");
  });
}

TEST(Connection, ClosesEvictedStatementsAfterAFailureToo) {
  run_to_end([url = tenon::test::create_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url, {.statements_cached_max = 3});
    const Statement bad = statement("select 1 / $1::int", 1);
    const std::vector<Parameter> zero{"0"};
    std::vector<Statement> statements;
    for (int i = 0; i < 8; ++i) statements.push_back(statement("select " + std::to_string(i)));
    for (int round = 0; round < 20; ++round) {
      std::vector<Call> calls{{&statements[static_cast<std::size_t>(round) % 8], {}}, {&bad, zero}};
      for (const Statement& one : statements) calls.push_back({&one, {}});
      auto failed = co_await connection->run({.calls = calls, .deadline = patiently()});
      EXPECT_FALSE(failed.has_value());
      if (!failed) EXPECT_EQ(failed.error().sqlstate, "22012");
      if (!failed) EXPECT_EQ(failed.error().call, 1);
    }
    EXPECT_EQ(co_await value(*connection, "select 'fine'"), "fine");
    auto held = co_await connection->run_text("select count(*) from pg_prepared_statements", patiently());
    EXPECT_TRUE(held.has_value());
    if (held) EXPECT_LE(std::stoi(cell(*held->front())), 3);
  });
}

// What comes after COMMIT in the exchange may fail; the unit is done all the same, and is done once.
TEST(Connection, ACommittedUnitStaysSoWhenClosingAStatementFails) {
  run_to_end([url = tenon::test::create_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url, {.statements_cached_max = 3});
    EXPECT_EQ(co_await value(*connection, "select 42"), "42");
    auto name = co_await connection->run_text("select name from pg_prepared_statements", patiently());
    EXPECT_TRUE(name && name->front()->row_count() == 1);
    if (!name) co_return;
    EXPECT_TRUE(co_await connection->run_text("deallocate " + cell(*name->front()), patiently()));
    // BEGIN, the insert and COMMIT fill the cache: the forgotten statement is closed behind them.
    const Statement insert = statement("insert into t values (1)");
    const Call write{&insert, {}};
    auto done =
        co_await connection->run({.calls = {&write, 1}, .begin = Begin::read_write, .deadline = patiently()});
    EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().message);
    EXPECT_FALSE(connection->in_unit());
    EXPECT_EQ(co_await value(*connection, "select count(*) from t"), "1");
  });
}

TEST(Connection, RefusesWhatPostgresCannotHold) {
  run_to_end([url = tenon::test::create_database("create table t (a text)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement insert = statement("insert into t values ($1)", 1);
    const std::string text("a\0b", 3);
    const std::vector<Parameter> parameters{text};
    const Call call{&insert, parameters};
    auto refused = co_await connection->run({.calls = {&call, 1}, .deadline = patiently()});
    EXPECT_FALSE(refused.has_value());
    if (!refused) EXPECT_EQ(refused.error().failure, Failure::invalid_value);
    EXPECT_EQ(co_await value(*connection, "select count(*) from t"), "0");
    auto copy = co_await connection->run_text("copy t from stdin", patiently());
    EXPECT_FALSE(copy.has_value());
    EXPECT_TRUE(connection->broken());
  });
}

TEST(Connection, RunsSeveralStatementsOfText) {
  run_to_end([url = tenon::test::create_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto results =
        co_await connection->run_text("create table t (a int); select 1; select 2, 3;", patiently());
    EXPECT_TRUE(results.has_value());
    if (results) EXPECT_EQ(cell(*results->back(), 0, 1), "3");
    auto failed =
        co_await connection->run_text("begin; insert into t values (1); select 1/0; commit", patiently());
    EXPECT_FALSE(failed.has_value());
    EXPECT_FALSE(connection->in_unit());
    EXPECT_EQ(co_await value(*connection, "select count(*) from t"), "0");
  });
}

struct Mapping {
  const char* sql;
  Failure failure;
};

TEST(Connection, MapsErrors) {
  run_to_end([url = tenon::test::create_database(
                  "create table t (a int primary key, b int not null check (b > 0), c int references t);"
                  "create table closed (a int); create table made (a int, b int generated always as (a) "
                  "stored); create role nobody_here;"
                  "create function boom(code text) returns int language plpgsql as $$ begin raise "
                  "exception 'boom' using errcode = code; end $$")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    constexpr Mapping mappings[] = {
        {"insert into t values (1, null)", Failure::not_null_violation},
        {"insert into t values (1, 0)", Failure::check_violation},
        {"insert into t values (1, 1, 9)", Failure::foreign_key_violation},
        {"select 'x'::int", Failure::invalid_value},
        {"insert into made values (1, 2)", Failure::generated_column},
        {"update made set b = 2", Failure::generated_column},
        {"select boom('P0001')", Failure::raised},
        {"select boom('TN001')", Failure::raised},
        {"select boom('40001')", Failure::serialization},
        {"select boom('40P01')", Failure::deadlock},
        {"select no_such_function()", Failure::other},
        {"set local role nobody_here; select * from closed", Failure::permission_denied},
        {"set local statement_timeout = 10; select pg_sleep(5)", Failure::timeout},
    };
    for (const Mapping& mapping : mappings) {
      auto outcome = co_await connection->run_text(mapping.sql, patiently());
      EXPECT_FALSE(outcome.has_value()) << mapping.sql;
      if (!outcome) EXPECT_EQ(outcome.error().failure, mapping.failure) << mapping.sql;
    }
    EXPECT_FALSE(connection->broken());
  });
}

}  // namespace
}  // namespace tenon::sql::test
