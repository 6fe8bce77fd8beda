// Every type through a real table: the client's value in, the database's text, the JSON out.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "api/test_schema.h"
#include "api/values/scalars.h"
#include "base/json_writer.h"
#include "sql/session_fixture.h"
#include "tests/support/database.h"
#include "tests/support/mariadb.h"

namespace tenon::api {
namespace {

using catalog::TypeKind;
using graphql::InputKind;
using sql::test::run_to_end;
namespace asio = boost::asio;

// What is shown of an error begins so; alone it stands for any.
const std::string refused = "! ";

struct Case {
  std::string native;  // the column's type
  TypeKind kind;
  InputKind input_kind;
  std::string input;
  std::string json;
};

// For values that come back as they were sent.
Case same_string(std::string native, TypeKind kind, const std::string& text) {
  std::string json;
  base::append_json_string(json, text);
  return {std::move(native), kind, InputKind::string, text, json};
}
Case same_digits(std::string native, TypeKind kind, const std::string& text) {
  return {std::move(native), kind, InputKind::int_, text, text};
}

std::vector<Case> postgres_cases() {
  constexpr auto string = InputKind::string;
  return {
      {"boolean", TypeKind::boolean, InputKind::boolean, "true", "true"},
      {"boolean", TypeKind::boolean, InputKind::boolean, "false", "false"},
      same_digits("int2", TypeKind::int16, "-32768"),
      same_digits("int4", TypeKind::int32, "2147483647"),
      {"int8", TypeKind::int64, InputKind::int_, "9223372036854775807", "\"9223372036854775807\""},
      same_string("int8", TypeKind::int64, "-9223372036854775808"),
      same_string("oid", TypeKind::oid, "4294967295"),
      {"float4", TypeKind::float32, InputKind::float_, "0.1", "0.1"},
      {"float8", TypeKind::float64, InputKind::float_, "0.30000000000000004", "0.30000000000000004"},
      {"float8", TypeKind::float64, InputKind::float_, "1e300", "1e+300"},
      {"float8 default 'NaN'", TypeKind::float64, InputKind::null, "", "\"NaN\""},
      same_string("numeric", TypeKind::decimal, "12345678901234567890123456789.000000000000000000001"),
      same_string("numeric(10,2)", TypeKind::decimal, "12.50"),
      same_string("numeric", TypeKind::decimal, "NaN"),
      {"numeric", TypeKind::decimal, InputKind::float_, "1.10", "\"1.10\""},
      same_string("money", TypeKind::money, "-1234567.89"),
      same_string("text", TypeKind::text, "it's \"quoted\" \\ \n\t\x01 日本 é"),
      same_string("varchar(5)", TypeKind::varchar, "abc"),
      {"char(5)", TypeKind::character, string, "abc", "\"abc  \""},
      same_string("name", TypeKind::name, "public"),
      same_string("bytea", TypeKind::bytes, "AP8Qgg=="),
      same_string("bytea", TypeKind::bytes, ""),
      same_string("date", TypeKind::date, "2024-02-29"),
      same_string("date", TypeKind::date, "infinity"),
      {"date", TypeKind::date, string, "-0043-03-15", "\"0044-03-15 BC\""},
      {"time", TypeKind::time, string, "12:30:00.250000", "\"12:30:00.25\""},
      {"time", TypeKind::time, string, "00:30:00+01:00", "\"23:30:00\""},
      same_string("timetz", TypeKind::timetz, "12:30:00Z"),
      same_string("timetz", TypeKind::timetz, "12:30:00-03:30"),
      same_string("timestamp", TypeKind::timestamp, "2024-01-31T12:30:00.123456Z"),
      {"timestamp", TypeKind::timestamp, string, "2024-01-31T12:30:00+02:00", "\"2024-01-31T10:30:00Z\""},
      {"timestamptz", TypeKind::timestamptz, string, "2024-01-31T12:30:00.5+02:00",
       "\"2024-01-31T10:30:00.5Z\""},
      {"timestamptz", TypeKind::timestamptz, string, "2024-01-31T12:30:00", "\"2024-01-31T12:30:00Z\""},
      same_string("timestamptz", TypeKind::timestamptz, "-infinity"),
      same_string("timestamptz", TypeKind::timestamptz, "10000-01-01 00:00:00+00"),
      same_string("timestamptz", TypeKind::timestamptz, "0044-03-15 00:00:00+00 BC"),
      {"timestamptz", TypeKind::timestamptz, string, "0000-01-01T00:00:00Z", "\"0001-01-01 00:00:00+00 BC\""},
      same_string("interval", TypeKind::interval, "P1DT2H"),
      same_string("uuid", TypeKind::uuid, "123e4567-e89b-12d3-a456-426614174000"),
      {"json", TypeKind::json, InputKind::object, "{\"b\": 1, \"b\":\n 2}", "{\"b\": 1, \"b\":\n 2}"},
      {"jsonb", TypeKind::jsonb, InputKind::object, "{\"b\":1,\"a\":[null]}", "{\"a\": [null], \"b\": 1}"},
      {"jsonb", TypeKind::jsonb, string, "a \"b\"", R"("a \"b\"")"},
      {"jsonb", TypeKind::jsonb, InputKind::int_, "12345678901234567890123", "12345678901234567890123"},
      same_string("xml", TypeKind::xml, "<a b=\"1\"/>"),
      {"mood", TypeKind::enumeration, InputKind::enum_, "so_so", "\"so_so\""},
      same_string("bit(3)", TypeKind::bit, "101"),
      same_string("varbit", TypeKind::varbit, "1"),
      same_string("inet", TypeKind::inet, "192.168.0.1/24"),
      same_string("cidr", TypeKind::cidr, "10.0.0.0/8"),
      same_string("macaddr", TypeKind::macaddr, "08:00:2b:01:02:03"),
      same_string("tsvector", TypeKind::tsvector, "'a':1 'b':2"),
      same_string("tsquery", TypeKind::tsquery, "'a' & 'b'"),
      same_string("int4range", TypeKind::range, "[1,5)"),
      same_string("int4multirange", TypeKind::multirange, "{[1,5),[7,9)}"),
      same_string("point", TypeKind::geometry, "(1,2)"),
      same_string("pair", TypeKind::composite, "(1,\"x y\")"),
      same_string("pg_lsn", TypeKind::other, "16/B374D848"),
  };
}

std::vector<Case> mariadb_cases() {
  constexpr auto string = InputKind::string;
  constexpr auto integer = InputKind::int_;
  return {
      {"tinyint(1)", TypeKind::boolean, InputKind::boolean, "true", "true"},
      {"tinyint(1)", TypeKind::boolean, InputKind::boolean, "false", "false"},
      same_digits("tinyint", TypeKind::int16, "-128"),
      same_digits("smallint", TypeKind::int16, "-32768"),
      same_digits("int", TypeKind::int32, "2147483647"),
      {"bigint", TypeKind::int64, integer, "9223372036854775807", "\"9223372036854775807\""},
      same_string("bigint", TypeKind::int64, "-9223372036854775808"),
      {"float", TypeKind::float32, InputKind::float_, "0.1", "0.1"},
      {"double", TypeKind::float64, InputKind::float_, "0.30000000000000004", "0.30000000000000004"},
      {"double", TypeKind::float64, InputKind::float_, "1e300", "1e+300"},
      same_string("decimal(50,21)", TypeKind::decimal, "12345678901234567890123456789.000000000000000000001"),
      same_string("decimal(10,2)", TypeKind::decimal, "12.50"),
      same_string("text", TypeKind::text, "it's \"quoted\" \\ \n\t\x01 日本 é"),
      same_string("varchar(5)", TypeKind::varchar, "abc"),
      same_string("char(5)", TypeKind::character, "abc"),
      same_string("blob", TypeKind::bytes, "AP8Qgg=="),
      same_string("varbinary(9)", TypeKind::bytes, ""),
      same_string("date", TypeKind::date, "2024-02-29"),
      same_string("time(6)", TypeKind::time, "12:30:00.250000"),
      {"time", TypeKind::time, string, "00:30:00+01:00", "\"23:30:00\""},
      same_string("datetime(6)", TypeKind::timestamp, "2024-01-31T12:30:00.123456Z"),
      {"datetime", TypeKind::timestamp, string, "2024-01-31T12:30:00+02:00", "\"2024-01-31T10:30:00Z\""},
      {"timestamp(6)", TypeKind::timestamptz, string, "2024-01-31T12:30:00.5+02:00",
       "\"2024-01-31T10:30:00.500000Z\""},
      same_string("datetime", TypeKind::timestamp, "9999-12-31T23:59:59Z"),
      {"json", TypeKind::json, InputKind::object, "{\"b\": 1, \"a\":\n [null]}",
       "{\"b\": 1, \"a\":\n [null]}"},
      {"json", TypeKind::json, string, "a \"b\"", R"("a \"b\"")"},
      {"json", TypeKind::json, integer, "12345678901234567890123", "12345678901234567890123"},
      {"enum('so-so', 'fine')", TypeKind::enumeration, InputKind::enum_, "so_so", "\"so_so\""},
      // What cannot be there is refused before the database sees it.
      {"date", TypeKind::date, string, "infinity", refused},
      {"datetime", TypeKind::timestamp, string, "-infinity", refused},
      {"datetime", TypeKind::timestamp, string, "0000-01-01T00:00:00Z", refused},
      {"datetime", TypeKind::timestamp, string, "10000-01-01T00:00:00Z", refused},
      {"decimal(10,2)", TypeKind::decimal, string, "NaN", refused},
      {"double", TypeKind::float64, string, "Infinity", refused},
  };
}

std::vector<Case> cases() { return test::on_mariadb() ? mariadb_cases() : postgres_cases(); }

catalog::Catalog with_mood() {
  TestCatalog c;
  c.add_enum("mood", "Mood", {{"so-so", "so_so"}, {"fine", "fine"}});
  const auto catalog = c.finish();
  if (test::on_mariadb()) catalog->engine = catalog::Engine::mysql;
  return *catalog;
}

catalog::Column column_of(const Case& c, std::uint8_t dimensions) {
  catalog::Column column = test_column("c", c.kind, c.native);
  if (c.kind == TypeKind::enumeration) column.type.enum_id = catalog::EnumId{0};
  column.type.array_dimensions = dimensions;
  return column;
}

struct Tree {
  graphql::InputTree tree;
  explicit Tree(const Case& c) {
    graphql::InputNode item{.kind = c.input_kind, .text = c.input};
    graphql::InputNode null;
    tree.nodes = {item, null, item};  // [0] alone, all three as a list
    list.kind = InputKind::list;
    list.child_count = 3;
  }
  graphql::InputNode list;
};

// Stores the value in its column and returns the JSON of what came back.
asio::awaitable<std::string> stored(sql::Connection& connection, const catalog::Column& column,
                                    const Tree& tree, const graphql::InputNode& node, std::size_t number) {
  static const catalog::Catalog catalog = with_mood();
  const auto text = input_text(catalog, column, tree.tree, node);
  if (!text) co_return "! " + text.error();
  const sql::Statement statement =
      *text ? sql::test::statement(fmt::format("insert into every_type (c{0}) values ({1}) returning c{0}",
                                               number, test::on_mariadb() ? "?" : "$1"),
                                   1)
            : sql::test::statement(fmt::format("insert into every_type default values returning c{}", number),
                                   0);
  std::vector<sql::Parameter> parameters;
  if (*text) parameters.emplace_back(**text);
  const sql::Call call{.statement = &statement, .parameters = parameters};
  auto results = co_await connection.run({.calls = {&call, 1}, .deadline = sql::test::patiently()});
  if (!results) co_return "! " + results.error().message;
  std::string out;
  append_output(out, catalog, column, output_format(column), sql::test::cell(*results->front()));
  co_return out;
}

constexpr std::string_view types =
    "pg| create type mood as enum ('so-so', 'fine'); create type pair as (a int, b text);\n";

TEST(ScalarsInTheDatabase, WhatGoesInComesOut) {
  std::string ddl = std::string(types) + "create table every_type (";
  const std::vector<Case> all = cases();
  for (std::size_t i = 0; i < all.size(); ++i)
    ddl += fmt::format("{}c{} {}", i == 0 ? "" : ", ", i, all[i].native);
  run_to_end([url = test::create_engine_database(ddl + ")"), &all]() -> asio::awaitable<void> {
    auto connection = co_await sql::test::open(url);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Tree tree(all[i]);
      std::string json = co_await stored(*connection, column_of(all[i], 0), tree, tree.tree.nodes[0], i);
      if (all[i].json == refused) json.resize(std::min(json.size(), refused.size()));
      EXPECT_EQ(json, all[i].json) << all[i].native << ' ' << all[i].input;
    }
  });
}

TEST(ScalarsInTheDatabase, ListsComeBackWithTheirNulls) {
  if (test::on_mariadb()) {  // sql::Difference::list_columns
    EXPECT_THAT(test::try_mariadb_sql(test::create_mariadb_database(), "create table every_type (c int[])"),
                testing::HasSubstr("error in your SQL syntax"));
    return;
  }
  std::string ddl = std::string(types) + "create table every_type (x int";
  std::vector<Case> all = cases();
  std::erase_if(all, [](const Case& c) { return c.input_kind == InputKind::null; });
  for (std::size_t i = 0; i < all.size(); ++i) ddl += fmt::format(", c{} {}[]", i, all[i].native);
  run_to_end([url = test::create_engine_database(ddl + ")"), &all]() -> asio::awaitable<void> {
    auto connection = co_await sql::test::open(url);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Tree tree(all[i]);
      EXPECT_EQ(co_await stored(*connection, column_of(all[i], 1), tree, tree.list, i),
                fmt::format("[{},null,{}]", all[i].json, all[i].json))
          << all[i].native;
    }
  });
}

}  // namespace
}  // namespace tenon::api
