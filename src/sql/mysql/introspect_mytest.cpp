// Introspection: tests/databases/mysql/*.sql as catalogs (golden), and what goes beyond a listing.
#include "sql/introspect.h"
#include "sql/session_fixture.h"
#include "tests/support/golden.h"
#include "tests/support/mariadb.h"

namespace tenon::sql::test {
namespace {

using tenon::test::create_mariadb_database;
using tenon::test::mariadb;
using tenon::test::read_file;
using tenon::test::run_mariadb_sql;
using tenon::test::source_dir;

catalog::Catalog read(const std::string& url, IntrospectOptions options = {}) {
  auto found = introspect_url(url_of(url), std::move(options));
  EXPECT_TRUE(found.has_value()) << base::to_string(found.error());
  return found ? std::move(*found) : catalog::Catalog{};
}

// A database whose name stands in golden files.
std::string create_shop(const std::string& sql) {
  run_mariadb_sql(mariadb().url,
                  "DROP DATABASE IF EXISTS shop; CREATE DATABASE shop CHARACTER SET utf8mb4 "
                  "COLLATE utf8mb4_unicode_ci");
  const std::string url = mariadb().url + "shop";
  run_mariadb_sql(url, sql);
  return url;
}

TEST(IntrospectMySql, ListsEveryKindOfDatabase) {
  const auto files = tenon::test::cases("tests/databases/mysql", ".sql");
  EXPECT_GE(files.size(), 5);
  for (const auto& file : files) {
    SCOPED_TRACE(file.string());
    const std::string url = create_shop(read_file(source_dir() / file));
    tenon::test::expect_golden("tests/golden/introspect/mysql" / file.stem().concat(".catalog.golden"),
                               describe(read(url)));
  }
}

TEST(IntrospectMySql, LooksAtNoOtherDatabase) {
  const std::string other = create_mariadb_database("create table a (id int primary key, x enum('a'))");
  const std::string name = other.substr(other.rfind('/') + 1);
  const std::string url = create_mariadb_database(
      "create table a (id int primary key, other_id int, foreign key (other_id) references " + name +
      ".a (id))");
  const catalog::Catalog found = read(url, {.schemas = {name, "public"}, .all_schemas = true});
  ASSERT_EQ(found.tables.size(), 1);
  EXPECT_EQ(found.columns.size(), 2);
  EXPECT_EQ(found.columns[1].name, "other_id");
  EXPECT_TRUE(found.enums.empty());
  EXPECT_TRUE(found.foreign_keys.empty()) << "no key to a table that was left out";
}

TEST(IntrospectMySql, TellsDatabasesApartByTheCaseOfTheirNames) {
  run_mariadb_sql(mariadb().url,
                  "create database twin; create database Twin; create table twin.a (id int); "
                  "create table Twin.b (id int)");
  const catalog::Catalog found = read(mariadb().url + "Twin");
  ASSERT_EQ(found.tables.size(), 1);
  EXPECT_EQ(found.tables[0].name, "b");
}

TEST(IntrospectMySql, NeedsOnlyTheRightToRead) {
  const std::string url = create_shop(read_file(source_dir() / "tests/databases/mysql/objects.sql"));
  run_mariadb_sql(
      url, "create user if not exists reader identified by 'x'; grant select, show view on shop.* to reader");
  DatabaseUrl limited = url_of(url);
  limited.user = "reader";
  limited.password = base::Secret("x");
  const auto found = introspect_url(limited);
  ASSERT_TRUE(found.has_value()) << base::to_string(found.error());
  EXPECT_EQ(describe(*found), describe(read(url)));
}

TEST(IntrospectMySql, FailsWithPrismasCodes) {
  DatabaseUrl absent = url_of(create_mariadb_database());
  absent.database = "absent";
  const auto missing = introspect_url(absent);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, base::code::database_missing);
  const auto nowhere = introspect_url(url_of("mysql://u@127.0.0.1:1/d"));
  ASSERT_FALSE(nowhere.has_value());
  EXPECT_EQ(nowhere.error().code, base::code::database_unreachable);
}

// A hundred tables of twelve columns, with keys, foreign keys and checks, take as many statements as one.
TEST(IntrospectMySql, NeedsAsManyStatementsForManyTablesAsForOne) {
  constexpr int many = 100;
  const auto make = [](int count) {
    std::string sql;
    for (int i = 0; i < count; ++i)
      sql += "create table t" + std::to_string(i) +
             " (id bigint auto_increment primary key, a int not null default 1, b text default 'x', c "
             "varchar(20), "
             "d decimal(10,2), e datetime(3) default current_timestamp(3), f json, g boolean not null, "
             "h enum('a','b'), i bigint, parent_id bigint, code varchar(30) unique, check (a > 0), index "
             "(b(10), a)" +
             (i > 0 ? ", foreign key (parent_id) references t" + std::to_string(i - 1) + "(id)"
                    : std::string()) +
             ") engine=InnoDB;";
    return create_mariadb_database("set foreign_key_checks = 0;" + sql);
  };
  std::vector<std::string> statements;
  for (const int count : {1, many}) {
    run_to_end([&, url = make(count)]() -> asio::awaitable<void> {
      auto connection = co_await open(url);
      const auto questions =
          "select variable_value from information_schema.session_status where variable_name = "
          "'Com_stmt_execute'";
      const auto found = co_await introspect(*connection, {.deadline = patiently()});
      EXPECT_TRUE(found.has_value());
      if (!found) co_return;
      EXPECT_EQ(found->tables.size(), count);
      EXPECT_EQ(found->columns.size(), count * 12);
      EXPECT_EQ(found->enums.size(), count);
      EXPECT_EQ(found->foreign_keys.size(), count - 1);
      EXPECT_EQ(found->checks.size(), count) << "that of the JSON column is part of its type";
      auto asked = co_await connection->run_text(questions, patiently());
      EXPECT_TRUE(asked.has_value());
      if (asked) statements.push_back(cell(*asked->front()));
    });
  }
  ASSERT_EQ(statements.size(), 2);
  EXPECT_EQ(statements[0], statements[1]);
  EXPECT_GE(std::stoul(statements[0]), 5U) << "they are counted";
  EXPECT_LE(std::stoul(statements[0]), 12U);
}

}  // namespace
}  // namespace tenon::sql::test
