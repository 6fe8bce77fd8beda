// Units of work on one connection: order, failures at each position, stale statements, settings, errors.
#include "sql/mysql/connection.h"
#include "sql/session_fixture.h"
#include "tests/support/mariadb.h"

namespace tenon::sql::test {
namespace {

using tenon::test::create_mariadb_database;

asio::awaitable<bool> text(Connection& connection, std::string sql) {
  auto outcome = co_await connection.run_text(sql, patiently());
  EXPECT_TRUE(outcome.has_value()) << sql << ": " << outcome.error().message;
  co_return outcome.has_value();
}

TEST(Connection, HoldsTextsWithAZero) {
  run_to_end([url = create_mariadb_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement words = statement("select ?", 1);
    const std::vector<Parameter> texts{std::string_view("a \0 😀", 8)};
    const Call call{&words, texts};
    auto results = co_await connection->run({.calls = {&call, 1}, .deadline = patiently()});
    EXPECT_TRUE(results && cell(*results->front()) == *texts[0]);
  });
}

TEST(Connection, SetsItsSessionUp) {
  run_to_end([url = create_mariadb_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url, {.statement_timeout = 61'500ms});
    EXPECT_EQ(connection->server_version().product, ServerVersion::Product::mariadb);
    EXPECT_TRUE(connection->server_version().at_least(10, 6));
    EXPECT_EQ(co_await value(*connection, "select @@time_zone"), "+00:00");
    EXPECT_EQ(co_await value(*connection, "select @@collation_connection"), "utf8mb4_bin");
    EXPECT_EQ(co_await value(*connection, "select @@max_statement_time"), "61.5");
    EXPECT_EQ(co_await value(*connection, "select @@innodb_lock_wait_timeout"), "62");
    EXPECT_EQ(co_await value(*connection, "select @@idle_transaction_timeout"), "60");
    EXPECT_EQ(co_await value(*connection, "select @@autocommit"), "1");
    EXPECT_NE((co_await value(*connection, "select @@sql_mode")).find("STRICT_ALL_TABLES"),
              std::string::npos);
  });
}

TEST(Connection, GivesEveryTypeAsText) {
  constexpr std::string_view create =
      "create table t (a tinyint, b smallint unsigned, c mediumint, d int, e bigint unsigned, f float, g "
      "double,"
      " h decimal(20,4), i date, j datetime, k datetime(3), l timestamp(6) null, m time(2), n year, o "
      "bit(10),"
      " p varchar(20), q blob, r json, s enum('x','y'), u set('a','b'), v char(5), w tinyint(1), z uuid);"
      "insert into t values (-128, 65535, -8388608, -2147483648, 18446744073709551615, 0.1, 1e300, "
      "-1234.5, '1000-01-01', '9999-12-31 23:59:59', '2024-02-29 01:02:03.456', '2001-02-03 04:05:06.000007',"
      " '-838:59:58.25', 2024, b'1000000001', 'ü😀', x'00ff', '{\"a\": 1}', 'y', 'a,b', 'x', 1,"
      " '123e4567-e89b-12d3-a456-426614174000');"
      "insert into t (d, i, j, m) values (null, '2024-01-01', '2024-01-01', '00:00:00')";
  run_to_end([url = create_mariadb_database(create)]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement all = statement("select * from t");
    const Call call{&all, {}};
    const std::vector<std::string> expected{"-128",
                                            "65535",
                                            "-8388608",
                                            "-2147483648",
                                            "18446744073709551615",
                                            "0.1",
                                            "1e+300",
                                            "-1234.5000",
                                            "1000-01-01",
                                            "9999-12-31 23:59:59",
                                            "2024-02-29 01:02:03.456",
                                            "2001-02-03 04:05:06.000007",
                                            "-838:59:58.25",
                                            "2024",
                                            "513",
                                            "ü😀",
                                            std::string("\0\xff", 2),
                                            "{\"a\": 1}",
                                            "y",
                                            "a,b",
                                            "x",
                                            "1",
                                            "123e4567-e89b-12d3-a456-426614174000"};
    auto results = co_await connection->run({.calls = {&call, 1}, .deadline = patiently()});
    auto as_text = co_await connection->run_text("select * from t", patiently());
    EXPECT_TRUE(results && as_text);
    if (!results || !as_text) co_return;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(cell(*results->front(), 0, i), expected[i]) << i;
      if (i != 6) EXPECT_EQ(cell(*as_text->front(), 0, i), expected[i]) << i;
      EXPECT_EQ(cell(*results->front(), 1, i), cell(*as_text->front(), 1, i)) << i;
    }
  });
}

TEST(Connection, SnapshotReadsRefuseWritesAndSeeOneState) {
  run_to_end([url = create_mariadb_database("create table t (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto other = co_await open(url);
    for (const char* level : {"repeatable read", "read committed"}) {
      co_await text(*other, std::string("set global transaction isolation level ") + level);
      connection = co_await open(url);
      co_await text(*other, "delete from t");
      const Statement count = statement("select count(*) from t");
      const Call call{&count, {}};
      for (const Begin begin : {Begin::snapshot_read, Begin::repeatable_read}) {
        auto begun =
            co_await connection->run({.begin = begin, .end = End::keep_open, .deadline = patiently()});
        EXPECT_TRUE(begun.has_value());
        const std::string before = co_await value(*other, "select count(*) from t");
        co_await text(*other, "insert into t values (1)");
        auto seen = co_await connection->run({.calls = {&call, 1}, .deadline = patiently()});
        EXPECT_TRUE(seen && cell(*seen->front()) == before) << level;
      }
      const Statement insert = statement("insert into t values (2)");
      const Call write{&insert, {}};
      auto refused = co_await connection->run(
          {.calls = {&write, 1}, .begin = Begin::snapshot_read, .deadline = patiently()});
      EXPECT_FALSE(refused.has_value());
      if (!refused) EXPECT_EQ(refused.error().sqlstate, "25006");
    }
    co_await text(*other, "set global transaction isolation level repeatable read");
  });
}

TEST(Connection, PreparesAgainAfterTheTableWasMadeAnew) {
  run_to_end([url = create_mariadb_database("create table u (id int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    auto other = co_await open(url);
    const Statement from_u = statement("select * from u");
    const Call read{&from_u, {}};
    auto prepared = co_await connection->run({.calls = {&read, 1}, .deadline = patiently()});
    EXPECT_TRUE(prepared.has_value());
    co_await text(*other, "drop table u");
    auto gone = co_await connection->run({.calls = {&read, 1}, .deadline = patiently()});
    EXPECT_FALSE(gone.has_value());
    if (!gone) EXPECT_EQ(gone.error().sqlstate, "42S02");
    co_await text(*other, "create table u (a varchar(3))");
    co_await text(*other, "insert into u values ('new')");
    auto again = co_await connection->run({.calls = {&read, 1}, .deadline = patiently()});
    EXPECT_TRUE(again && cell(*again->back()) == "new");
  });
}

TEST(Connection, KeepsNoMorePreparedStatementsThanAllowed) {
  run_to_end([url = create_mariadb_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url, {.statements_cached_max = 5});
    const Statement bad = statement("insert into nowhere values (1)");
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
      const Call wrong{&bad, {}};
      auto failed = co_await connection->run({.calls = {&wrong, 1}, .deadline = patiently()});
      EXPECT_FALSE(failed.has_value());
    }
    auto held = co_await connection->run_text("show status like 'Com_stmt_prepare'", patiently());
    auto closed = co_await connection->run_text("show status like 'Com_stmt_close'", patiently());
    EXPECT_TRUE(held && closed);
    if (held && closed)  // failed attempts to prepare are counted too
      EXPECT_LE(std::stoi(cell(*held->front(), 0, 1)) - std::stoi(cell(*closed->front(), 0, 1)), 5 + 3);
  });
}

TEST(Connection, RunsAsTextWhatCannotBePrepared) {
  run_to_end(
      [url = create_mariadb_database("create table t (id int) engine=innodb")]() -> asio::awaitable<void> {
        auto connection = co_await open(url);
        const Statement lock = statement("lock tables t write");
        const Statement unlock = statement("unlock tables");
        const Call locking{&lock, {}};
        const Call unlocking{&unlock, {}};
        for (int round = 0; round < 2; ++round) {
          auto locked = co_await connection->run({.calls = {&locking, 1}, .deadline = patiently()});
          EXPECT_TRUE(locked.has_value()) << locked.error().message;
          auto unlocked = co_await connection->run({.calls = {&unlocking, 1}, .deadline = patiently()});
          EXPECT_TRUE(unlocked.has_value()) << unlocked.error().message;
        }
      });
}

TEST(Connection, RefusesMoreThanTheServerTakes) {
  run_to_end([url = create_mariadb_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement echo = statement("select ?", 1);
    const std::string too_big(70'000'000, 'x');  // it takes 64 MiB at a time
    const std::vector<Parameter> beyond{too_big};
    const Call refused{&echo, beyond};
    auto failed = co_await connection->run({.calls = {&refused, 1}, .deadline = patiently()});
    EXPECT_FALSE(failed.has_value());
  });
}

TEST(Connection, ManyRowsComeWhole) {
  run_to_end([url = create_mariadb_database()]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement rows = statement("select seq, repeat('x', seq % 300) from seq_1_to_50000");
    const Call call{&rows, {}};
    auto results = co_await connection->run({.calls = {&call, 1}, .deadline = patiently()});
    EXPECT_TRUE(results && results->front()->row_count() == 50'000);
    if (!results) co_return;
    for (std::size_t i = 0; i < 50'000; i += 997) {
      EXPECT_EQ(cell(*results->front(), i, 0), std::to_string(i + 1));
      EXPECT_EQ(cell(*results->front(), i, 1).size(), (i + 1) % 300);
    }
  });
}

TEST(Connection, CountsMatchedRows) {
  run_to_end([url = create_mariadb_database(
                  "create table t (id int); insert into t values (1), (1), (2)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement update = statement("update t set id = 1 where id = 1");
    const Call call{&update, {}};
    auto results = co_await connection->run({.calls = {&call, 1}, .deadline = patiently()});
    EXPECT_TRUE(results && results->front()->affected() == 2) << "rows that keep their values count too";
  });
}

struct Mapping {
  const char* sql;
  Failure failure;
  const char* table = "";
  const char* column = "";
  const char* constraint = "";
};

TEST(Connection, MapsErrors) {
  run_to_end(
      [url = create_mariadb_database(
           "create table t (a int primary key, b int not null check (b > 0), c int, d tinyint, e json, "
           "f datetime, unique key `once` (d), constraint small check (b < 50), constraint `up` foreign key "
           "(c) references t (a));"
           "insert into t values (1, 1, null, 1, null, null), (2, 1, 1, 2, null, null);"
           "create table made (a int, b int as (a + 1) stored);"
           "create procedure boom(code char(5)) begin signal sqlstate '45000' set message_text = 'boom'; "
           "end")]() -> asio::awaitable<void> {
        auto connection = co_await open(url);
        const std::string database = url.substr(url.rfind('/') + 1);
        constexpr Mapping mappings[] = {
            {"insert into t values (3, null, null, 3, null, null)", Failure::not_null_violation, "", "b"},
            {"insert into t (a) values (3)", Failure::not_null_violation, "", "b"},
            {"insert into t values (3, 0, null, 3, null, null)", Failure::check_violation, "t", "b", "b"},
            {"insert into t values (3, 99, null, 3, null, null)", Failure::check_violation, "t", "", "small"},
            {"insert into t values (3, 1, null, 1, null, null)", Failure::unique_violation, "", "", "once"},
            {"insert into t values (3, 1, 9, 3, null, null)", Failure::foreign_key_violation, "t", "", "up"},
            {"delete from t where a = 1", Failure::foreign_key_violation, "t", "", "up"},
            {"insert into t values (3, 1, null, 300, null, null)", Failure::invalid_value, "", "d"},
            {"insert into t values (3, 1, null, 3, null, '2024-02-30')", Failure::invalid_value, "t", "f"},
            {"insert into t values ('x', 1, null, 3, null, null)", Failure::invalid_value, "t", "a"},
            {"insert into made values (1, 7)", Failure::generated_column, "made", "b"},
            {"update made set b = 2", Failure::other},
            {"call boom('x')", Failure::raised},
            {"select no_such_function()", Failure::other},
            {"set statement max_statement_time = 0.05 for select sleep(5) from t", Failure::timeout},
        };
        for (const Mapping& mapping : mappings) {
          auto outcome = co_await connection->run_text(mapping.sql, patiently());
          if (mapping.failure == Failure::other && outcome) continue;
          EXPECT_FALSE(outcome.has_value()) << mapping.sql;
          if (outcome) continue;
          const DatabaseError& error = outcome.error();
          EXPECT_EQ(error.failure, mapping.failure) << mapping.sql << ": " << error.message;
          EXPECT_EQ(error.table, mapping.table) << error.message;
          EXPECT_EQ(error.column, mapping.column) << error.message;
          EXPECT_EQ(error.constraint, mapping.constraint) << error.message;
        }
        EXPECT_FALSE(connection->broken());
      });
}

TEST(Connection, TellsDeadlocksAndLocksFromOtherFailures) {
  run_to_end(
      [url = create_mariadb_database("create table t (id int primary key, v int);"
                                     "insert into t values (1, 0), (2, 0)")]() -> asio::awaitable<void> {
        auto one = co_await open(url);
        auto two = co_await open(url, {.statement_timeout = 1s});
        co_await text(*one, "start transaction");
        co_await text(*one, "update t set v = 1 where id = 1");
        const Statement update = statement("update t set v = 2 where id = 1");
        const Call call{&update, {}};
        auto waited = co_await two->run({.calls = {&call, 1}, .deadline = patiently()});
        EXPECT_FALSE(waited.has_value());
        if (!waited) EXPECT_EQ(waited.error().failure, Failure::timeout) << waited.error().message;
        EXPECT_FALSE(two->broken());
        // Each waits for the other, without a limit of time.
        two = co_await open(url);
        co_await text(*two, "start transaction");
        co_await text(*two, "update t set v = 2 where id = 2");
        std::optional<Failure> first;
        asio::co_spawn(
            co_await asio::this_coro::executor,
            [&]() -> asio::awaitable<void> {
              auto outcome = co_await one->run_text("update t set v = 1 where id = 2", patiently());
              first = outcome ? Failure::other : outcome.error().failure;
            },
            [](std::exception_ptr) {});
        auto outcome = co_await two->run_text("update t set v = 2 where id = 1", patiently());
        const bool second_lost = !outcome && outcome.error().failure == Failure::deadlock;
        co_await text(*two, "rollback");  // what it holds, if it is not the one that lost
        EXPECT_TRUE(co_await eventually([&] { return first.has_value(); }));
        EXPECT_TRUE(second_lost || first == Failure::deadlock);
      });
}

TEST(Connect, SaysWhatAnAccountMayNot) {
  run_to_end(
      [url = create_mariadb_database(
           "create user if not exists guarded@localhost identified by 'right'")]() -> asio::awaitable<void> {
        DatabaseUrl stranger = url_of(url);
        stranger.user = "guarded";
        stranger.password = base::Secret("not it");
        auto refused = co_await connect(stranger, {}, patiently());
        EXPECT_FALSE(refused.has_value());
        if (!refused) EXPECT_EQ(refused.error().failure, Failure::authentication) << refused.error().message;
        stranger.password = base::Secret("right");
        auto denied = co_await connect(stranger, {}, patiently());
        EXPECT_FALSE(denied.has_value());
        if (!denied) EXPECT_EQ(denied.error().failure, Failure::permission_denied) << denied.error().message;
        stranger.database = "";
        auto let_in = co_await connect(stranger, {}, patiently());
        EXPECT_TRUE(let_in.has_value()) << let_in.error().message;
      });
}

TEST(Connect, TakesASocket) {
  run_to_end([url = create_mariadb_database()]() -> asio::awaitable<void> {
    DatabaseUrl by_socket = url_of(url);
    by_socket.host = "";
    by_socket.parameters["socket"] = tenon::test::mariadb().socket;
    auto local = co_await connect(by_socket, {}, patiently());
    EXPECT_TRUE(local.has_value()) << local.error().message;
  });
}

}  // namespace
}  // namespace tenon::sql::test
