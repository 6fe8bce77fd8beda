// Units of work on one connection, on both engines: order, commit, roll-back, a failure at each position,
// stale statements, and what keeps one from connecting. What is special about a server stands in its folder.
#include <fmt/format.h>

#include "sql/session_fixture.h"
#include "tests/support/database.h"

namespace tenon::sql::test {
namespace {

using tenon::test::create_engine_database;
using tenon::test::on_mariadb;

// A statement whose parameters are question marks, all of one type.
Statement marked(std::string_view text, std::string_view type) {
  std::string out;
  std::uint32_t count = 0;
  for (const char c : text) {
    if (c == '?') ++count;
    if (c == '?' && !on_mariadb())
      out += "$" + std::to_string(count) + "::" + std::string(type);
    else
      out += c;
  }
  return statement(std::move(out), count);
}

TEST(Connection, RunsCallsInOrderInOneExchange) {
  run_to_end([url = create_engine_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement add = marked("select ? + ? as sum", "int");
    const Statement words = marked("select ?, null, ''", "text");
    const std::vector<Parameter> numbers{"20", "22"};
    const std::vector<Parameter> texts{"it's \"quoted\" \\ ü 😀"};
    const std::vector<Call> calls{{&add, numbers}, {&words, texts}, {&add, numbers}};
    auto results =
        co_await connection->run({.calls = calls, .begin = Begin::snapshot_read, .deadline = patiently()});
    EXPECT_TRUE(results.has_value()) << results.error().message;
    if (!results) co_return;
    EXPECT_EQ(results->size(), 3);
    EXPECT_EQ(cell(*(*results)[0]), "42");
    EXPECT_EQ((*results)[0]->column_name(0), "sum");
    EXPECT_EQ(cell(*(*results)[1]), *texts[0]);
    EXPECT_EQ(cell(*(*results)[1], 0, 1), "<null>");
    EXPECT_EQ(cell(*(*results)[1], 0, 2), "");
    EXPECT_EQ(cell(*(*results)[2]), "42");
    EXPECT_FALSE(connection->in_unit());
    connection.reset();
    EXPECT_EQ(cell(*(*results)[2]), "42") << "rows outlive their connection";
  });
}

TEST(Connection, StopsAStatementThatGivesMoreThanIsTaken) {
  run_to_end([url = create_engine_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement one = statement("select 1");
    const auto rows = [](std::string_view count) {
      return statement(on_mariadb() ? fmt::format("select seq, repeat('x', 100) from seq_1_to_{}", count)
                                    : fmt::format("select generate_series(1, {}), repeat('x', 100)", count));
    };
    const Statement many = rows("50000000"), few = rows("1000");
    const auto run = [&](const Statement& text, ResultLimits limits,
                         Begin begin = Begin::none) -> asio::awaitable<DatabaseResult<Results>> {
      const std::vector<Call> calls{
          {.statement = &one}, {.statement = &text, .limits = limits}, {.statement = &one}};
      co_return co_await connection->run({.calls = calls, .begin = begin, .deadline = patiently()});
    };
    for (const Begin begin : {Begin::none, Begin::snapshot_read, Begin::read_write}) {
      for (const ResultLimits limits : {ResultLimits{.rows_max = 999}, ResultLimits{.bytes_max = 50'000}}) {
        for (const Statement* text : {&many, &few}) {
          const auto refused = co_await run(*text, limits, begin);
          EXPECT_FALSE(refused.has_value());
          if (refused) continue;
          EXPECT_EQ(refused.error().failure, Failure::too_large) << refused.error().message;
          EXPECT_EQ(refused.error().message,
                    limits.rows_max > 0 ? "more than 999 rows" : "more than 50000 bytes");
          EXPECT_EQ(refused.error().call, 1u);
          EXPECT_FALSE(connection->broken());
          EXPECT_FALSE(connection->in_unit());
          EXPECT_EQ(co_await value(*connection, "select 2"), "2");
        }
      }
      const auto whole = co_await run(few, {.rows_max = 1'000, .bytes_max = 1'000'000}, begin);
      EXPECT_TRUE(whole.has_value()) << whole.error().message;
      if (whole) EXPECT_EQ((*whole)[1]->row_count(), 1'000u);
      if (whole) EXPECT_EQ(cell(*(*whole)[1], 999), "1000");
    }
  });
}

TEST(Connection, CommitsAUnitOfSeveralExchanges) {
  run_to_end([url =
                  create_engine_database("create table t (id int primary key)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto other = co_await open(url);
    const Statement insert = marked("insert into t values (?)", "int");
    const std::vector<Parameter> one{"1"};
    const std::vector<Parameter> two{"2"};
    const Call first{&insert, one};
    const Call second{&insert, two};
    auto begun = co_await connection->run(
        {.calls = {&first, 1}, .begin = Begin::read_write, .end = End::keep_open, .deadline = patiently()});
    EXPECT_TRUE(begun.has_value());
    EXPECT_TRUE(connection->in_unit());
    EXPECT_EQ(co_await value(*other, "select count(*) from t"), "0");
    auto counted = co_await connection->run_text("select count(*) from t", patiently());
    EXPECT_TRUE(counted && cell(*counted->front()) == "1");
    EXPECT_TRUE(connection->in_unit());
    auto ended = co_await connection->run({.calls = {&second, 1}, .deadline = patiently()});
    EXPECT_TRUE(ended.has_value());
    EXPECT_FALSE(connection->in_unit());
    EXPECT_EQ(ended ? ended->front()->affected() : 0, 1);
    EXPECT_EQ(co_await value(*other, "select count(*) from t"), "2");
  });
}

TEST(Connection, RollsBackOnRequest) {
  run_to_end([url = create_engine_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement insert = statement("insert into t values (1)");
    const Call call{&insert, {}};
    auto begun = co_await connection->run(
        {.calls = {&call, 1}, .begin = Begin::read_write, .end = End::keep_open, .deadline = patiently()});
    EXPECT_TRUE(begun.has_value());
    auto ended = co_await connection->run({.end = End::roll_back, .deadline = patiently()});
    EXPECT_TRUE(ended.has_value());
    EXPECT_FALSE(connection->in_unit());
    EXPECT_EQ(co_await value(*connection, "select count(*) from t"), "0");
  });
}

// A unit of `size` inserts whose call number `bad` violates the key; with and without a transaction of its
// own, in one exchange and in two. Nothing may stay, and the connection must be usable at once.
TEST(Connection, AFailureAtEachPositionLeavesNothing) {
  run_to_end([url =
                  create_engine_database("create table t (id int primary key)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement insert = marked("insert into t values (?)", "int");
    constexpr std::uint32_t size = 4;
    for (const Begin begin : {Begin::none, Begin::read_write, Begin::repeatable_read, Begin::serializable})
      for (const bool split : {false, true})
        for (const End end : {End::finish, End::keep_open})
          for (std::uint32_t bad = 1; bad < size; ++bad) {
            std::vector<std::string> texts;
            for (std::uint32_t i = 0; i < size; ++i) texts.push_back(std::to_string(i == bad ? 0 : i));
            std::vector<std::vector<Parameter>> parameters;
            for (const std::string& one : texts) parameters.push_back({one});
            std::vector<Call> calls;
            for (const auto& one : parameters) calls.push_back({&insert, one});
            std::span<const Call> rest = calls;
            Begin rest_begin = begin;
            if (split) {
              auto first = co_await connection->run(
                  {.calls = rest.first(1), .begin = begin, .end = End::keep_open, .deadline = patiently()});
              EXPECT_TRUE(first.has_value());
              rest = rest.subspan(1);
              rest_begin = Begin::none;
            }
            auto outcome = co_await connection->run(
                {.calls = rest, .begin = rest_begin, .end = end, .deadline = patiently()});
            EXPECT_FALSE(outcome.has_value());
            if (outcome) continue;
            EXPECT_EQ(outcome.error().failure, Failure::unique_violation);
            EXPECT_EQ(outcome.error().constraint, on_mariadb() ? "PRIMARY" : "t_pkey");
            EXPECT_EQ(outcome.error().sqlstate, on_mariadb() ? "23000" : "23505");
            EXPECT_EQ(outcome.error().call, split ? bad - 1 : bad);
            EXPECT_FALSE(connection->in_unit());
            EXPECT_FALSE(connection->broken());
            EXPECT_EQ(co_await value(*connection, "select count(*) from t"), "0");
          }
  });
}

TEST(Connection, PreparesAgainAfterTheTableChanged) {
  run_to_end([url = create_engine_database(
                  "create table t (id int); insert into t values (1);"
                  "create table u (id int); insert into u values (2)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto other = co_await open(url);
    const Statement from_t = statement("select * from t");
    const Statement from_u = statement("select * from u");
    const std::vector<Call> calls{{&from_t, {}}, {&from_u, {}}};
    std::size_t width = 1;
    for (const Begin begin : {Begin::none, Begin::snapshot_read})
      for (const End end : {End::finish, End::keep_open})
        for (int round = 0; round < 2; ++round) {
          auto results =
              co_await connection->run({.calls = calls, .begin = begin, .end = end, .deadline = patiently()});
          EXPECT_TRUE(results.has_value()) << results.error().message;
          if (!results) co_return;
          EXPECT_EQ((*results)[1]->column_count(), width);
          EXPECT_EQ(cell(*(*results)[1]), "2");
          if (end == End::keep_open) {
            auto ended = co_await connection->run({.deadline = patiently()});
            EXPECT_TRUE(ended.has_value());
          }
          for (const char* table : {"t", "u"}) {
            auto altered = co_await other->run_text(
                std::string("alter table ") + table + " add column c" + std::to_string(width) + " int",
                patiently());
            EXPECT_TRUE(altered.has_value());
          }
          ++width;
        }
  });
}

TEST(Connection, SendsAndReadsMoreThanSocketsHold) {
  run_to_end([url = create_engine_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement echo = marked("select ?", "text");
    const std::string big(20'000'000, 'x');
    const std::vector<Parameter> parameters{big};
    const std::vector<Call> calls{{&echo, parameters}, {&echo, parameters}, {&echo, parameters}};
    auto results = co_await connection->run({.calls = calls, .deadline = patiently()});
    EXPECT_TRUE(results.has_value()) << results.error().message;
    if (!results) co_return;
    for (const auto& rows : *results) EXPECT_EQ(cell(*rows).size(), big.size());
  });
}

TEST(Connect, SaysWhyNot) {
  run_to_end([url = create_engine_database()]() -> asio::awaitable<void> {
    DatabaseUrl wrong = url_of(url);
    wrong.database = "no_such_database";
    auto missing = co_await connect(wrong, {}, patiently());
    EXPECT_FALSE(missing.has_value());
    if (!missing) EXPECT_EQ(to_error(missing.error(), wrong.target()).code, base::code::database_missing);

    DatabaseUrl stranger = url_of(url);
    stranger.password = base::Secret("not it");
    auto refused = co_await connect(stranger, {}, patiently());
    EXPECT_FALSE(refused.has_value());
    if (!refused) EXPECT_EQ(refused.error().failure, Failure::authentication) << refused.error().message;

    const std::string scheme = url.substr(0, url.find(':'));
    for (const char* where : {"://u@127.0.0.1:1/db", "://u@host.invalid/db"}) {
      auto unreachable = co_await connect(url_of(scheme + where), {}, patiently());
      EXPECT_FALSE(unreachable.has_value());
      if (!unreachable) EXPECT_EQ(unreachable.error().failure, Failure::unreachable) << where;
    }

    DatabaseUrl by_name = url_of(url);
    by_name.host = "localhost";
    auto named = co_await connect(by_name, {}, patiently());
    EXPECT_TRUE(named.has_value()) << named.error().message;
  });
}

}  // namespace
}  // namespace tenon::sql::test
