// Programs: several statements for one call, in one transaction, with arrays written out.
#include "sql/mysql/connection.h"
#include "sql/mysql/program.h"
#include "sql/session_fixture.h"
#include "tests/support/mariadb.h"

namespace tenon::sql::test {
namespace {

using mysql::Argument;
using mysql::BindType;
using mysql::Program;
using mysql::Repeat;
using mysql::Step;
using Source = mysql::Argument::Source;

// A step from a text in which [ and ] enclose what is repeated.
Step step(std::string_view marked, std::vector<Argument> arguments, Repeat::Padding padding = {},
          std::string separator = ", ", std::string empty = "NULL") {
  Step made{.arguments = std::move(arguments)};
  std::uint32_t at = 0;
  Repeat repeat{.separator = std::move(separator), .empty = std::move(empty), .padding = padding};
  for (const char c : marked) {
    if (c == '[') {
      repeat.begin = static_cast<std::uint32_t>(made.text.size());
      repeat.first_argument = at;
    } else if (c == ']') {
      repeat.end = static_cast<std::uint32_t>(made.text.size());
      repeat.argument_count = at - repeat.first_argument;
      made.repeats.push_back(repeat);
    } else {
      made.text += c;
      at += c == '?' ? 1 : 0;
    }
  }
  made.hash = base::hash128(made.text);
  return made;
}

Statement as_statement(Program program) {
  Statement made = statement("a program of " + std::to_string(program.steps.size()));
  made.program = std::make_shared<const Program>(std::move(program));
  return made;
}

asio::awaitable<std::string> column(Connection& connection, const Statement& one,
                                    std::vector<Parameter> parameters, std::uint64_t* affected = nullptr) {
  const Call call{&one, parameters};
  auto results = co_await connection.run({.calls = {&call, 1}, .deadline = patiently()});
  if (!results) co_return "error " + results.error().message;
  std::string out;
  for (std::size_t i = 0; i < results->front()->row_count(); ++i)
    out += (i == 0 ? "" : ",") + cell(*results->front(), i);
  if (affected != nullptr) *affected = results->front()->affected();
  co_return out;
}

TEST(Program, WritesArraysOut) {
  run_to_end([url = tenon::test::create_mariadb_database(
                  "create table t (id int primary key, v varchar(20));"
                  "insert into t select seq, concat('v', seq) from seq_1_to_2000")]()
                 -> asio::awaitable<void> {
    auto connection = co_await open(url);
    for (const auto padding : {Repeat::Padding::none, Repeat::Padding::null, Repeat::Padding::last}) {
      Program in_list;
      in_list.steps.push_back(step("select v from t where id in ([?]) order by id",
                                   {{.source = Source::element, .type = BindType::integer}}, padding));
      const Statement by_keys = as_statement(std::move(in_list));
      EXPECT_EQ(co_await column(*connection, by_keys, {"{3,1,7,NULL,3}"}), "v1,v3,v7");
      EXPECT_EQ(co_await column(*connection, by_keys, {"{}"}), "");
      EXPECT_EQ(co_await column(*connection, by_keys, {std::nullopt}), "");
      EXPECT_EQ(co_await column(*connection, by_keys, {"{2000}"}), "v2000");
      std::string many = "{1";
      for (int i = 2; i <= 1500; ++i) many += "," + std::to_string(i);
      many += "}";
      EXPECT_EQ((co_await column(*connection, by_keys, {many})).substr(0, 8), "v1,v2,v3");
      EXPECT_TRUE((co_await column(*connection, by_keys, {"{{1}}"})).starts_with("error"));
      EXPECT_TRUE((co_await column(*connection, by_keys, {"{1,x}"})).starts_with("error"));
      EXPECT_TRUE((co_await column(*connection, by_keys, {"oops"})).starts_with("error"));
    }
    Program insert;
    insert.steps.push_back(step("insert into t values [(?, ?)]",
                                {{.source = Source::element, .index = 0, .type = BindType::integer},
                                 {.source = Source::element, .index = 1}}));
    const Statement many_rows = as_statement(std::move(insert));
    std::uint64_t affected = 0;
    EXPECT_EQ(co_await column(*connection, many_rows, {"{5001,5002}", R"({"a,\"b\\",NULL})"}, &affected), "");
    EXPECT_EQ(affected, 2);
    EXPECT_EQ(co_await value(*connection, "select group_concat(ifnull(v, 'null')) from t where id > 5000"),
              "a,\"b\\,null");
    EXPECT_TRUE((co_await column(*connection, many_rows, {"{1,2}", "{x}"})).find("differ") !=
                std::string::npos);
    std::string too_many = "{0";
    for (int i = 0; i < 40'000; ++i) too_many += ",1";
    too_many += "}";
    EXPECT_NE((co_await column(*connection, many_rows, {too_many, too_many})).find("65535"),
              std::string::npos);
  });
}

TEST(Program, UnionsHaveALimitForEachKey) {
  run_to_end([url = tenon::test::create_mariadb_database(
                  "create table t (id int primary key, k int, key (k));"
                  "insert into t select seq, seq % 5 from seq_1_to_50")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    Program program;
    program.steps.push_back(step("[(select id from t where k = ? order by id desc limit 2)]",
                                 {{.source = Source::element, .type = BindType::integer}},
                                 Repeat::Padding::null, " union all ", "select id from t where false"));
    const Statement children = as_statement(std::move(program));
    EXPECT_EQ(co_await column(*connection, children, {"{4,0,2}"}), "49,44,50,45,47,42");
    EXPECT_EQ(co_await column(*connection, children, {"{}"}), "");
  });
}

// An array in a condition that is written for each key.
TEST(Program, RepeatsMayLieInsideOfOthers) {
  run_to_end([url = tenon::test::create_mariadb_database(
                  "create table t (id int primary key, k int, key (k));"
                  "insert into t select seq, seq % 5 from seq_1_to_50")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    Step union_step{.text = "(select id from t where k = ? and id in (?) and id < ?) order by id"};
    union_step.hash = base::hash128(union_step.text);
    union_step.arguments = {{.source = Source::element, .index = 0, .type = BindType::integer},
                            {.source = Source::element, .index = 1, .type = BindType::integer},
                            {.source = Source::parameter, .index = 2, .type = BindType::integer}};
    const auto at = static_cast<std::uint32_t>(union_step.text.find("in (?") + 4);
    union_step.repeats = {{.begin = 0,
                           .end = static_cast<std::uint32_t>(union_step.text.find(" order")),
                           .first_argument = 0,
                           .argument_count = 3,
                           .separator = " union all ",
                           .padding = Repeat::Padding::null},
                          {.begin = at,
                           .end = at + 1,
                           .first_argument = 1,
                           .argument_count = 1,
                           .separator = ", ",
                           .empty = "NULL",
                           .padding = Repeat::Padding::last}};
    Program program;
    program.steps.push_back(std::move(union_step));
    const Statement nested = as_statement(std::move(program));
    EXPECT_EQ(co_await column(*connection, nested, {"{1,3,4}", "{1,2,3,4,6,41,44}", "40"}), "1,3,4,6");
    EXPECT_EQ(co_await column(*connection, nested, {"{1,3}", "{}", "40"}), "");
  });
}

// More than a statement takes: run in parts, in one transaction, and the parts' rows and counts come
// together.
TEST(Program, StepsThatAreTooLargeRunInParts) {
  run_to_end([url = tenon::test::create_mariadb_database(
                  "create table t (id int primary key, v int)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    constexpr int count = 40'000;
    std::string ids = "{1";
    for (int i = 2; i <= count; ++i) ids += "," + std::to_string(i);
    ids += "}";
    Program insert;
    insert.steps.push_back(
        step("insert into t values [(?, ?)]", {{.source = Source::element, .type = BindType::integer},
                                               {.source = Source::element, .type = BindType::integer}}));
    insert.steps[0].repeats[0].may_split = true;
    std::uint64_t affected = 0;
    const Statement add = as_statement(std::move(insert));
    EXPECT_EQ(co_await column(*connection, add, {ids}, &affected), "");
    EXPECT_EQ(affected, count);
    Program select;
    select.steps.push_back(step("select id from t where id in ([?]) order by id",
                                {{.source = Source::element, .type = BindType::integer}},
                                Repeat::Padding::last));
    select.steps[0].repeats[0].may_split = true;
    const Statement read = as_statement(std::move(select));
    const std::string all = co_await column(*connection, read, {ids}, &affected);
    EXPECT_EQ("{" + all + "}", ids);
    EXPECT_EQ(affected, count) << "rows of a step that gives some";
    // The last part fails: the first ones go with it.
    EXPECT_EQ(co_await value(*connection, "delete from t where id < 40000"), "<none>");
    const std::string failed = co_await column(*connection, add, {ids});
    EXPECT_TRUE(failed.starts_with("error Duplicate entry '40000'")) << failed;
    EXPECT_EQ(co_await value(*connection, "select count(*) from t"), "1");
  });
}

// Select the keys, update, read back: the rows of the last step and the count of the second.
Statement update_by_condition(bool fails_late) {
  Program program;
  program.steps.push_back(
      step("select id from t where v < ? for update", {{.index = 0, .type = BindType::integer}}));
  program.steps.push_back(step("update t set v = ? where id in ([?])",
                               {{.index = 1, .type = BindType::integer},
                                {.source = Source::cells, .step = 0, .type = BindType::integer}},
                               Repeat::Padding::null));
  program.steps[1].when_rows = 0;
  program.steps.push_back(step(fails_late ? "insert into t (id) select id from t where id in ([?])"
                                          : "select v from t where id in ([?]) order by id",
                               {{.source = Source::cells, .step = 0, .type = BindType::integer}},
                               Repeat::Padding::null));
  program.steps[2].when_rows = 0;
  program.result_step = 2;
  program.affected_step = 1;
  return as_statement(std::move(program));
}

TEST(Program, StepsUseWhatEarlierStepsGave) {
  run_to_end([url = tenon::test::create_mariadb_database(
                  "create table t (id int primary key, v int);"
                  "insert into t values (1, 1), (2, 2), (3, 3)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement update = update_by_condition(false);
    std::uint64_t affected = 0;
    EXPECT_EQ(co_await column(*connection, update, {"3", "9"}, &affected), "9,9");
    EXPECT_EQ(affected, 2);
    EXPECT_EQ(co_await column(*connection, update, {"0", "7"}, &affected), "");
    EXPECT_EQ(affected, 0);
    EXPECT_EQ(co_await value(*connection, "select group_concat(v order by id) from t"), "9,9,3");
    EXPECT_FALSE(connection->in_unit());
    EXPECT_EQ(co_await value(*connection, "select @@in_transaction"), "0");
  });
}

TEST(Program, AFailureOfALaterStepUndoesTheEarlierOnes) {
  run_to_end([url = tenon::test::create_mariadb_database(
                  "create table t (id int primary key, v int);"
                  "insert into t values (1, 1), (2, 2), (3, 3)")]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    const Statement update = update_by_condition(true);
    const Statement good = statement("update t set v = 100 where id = 3");
    for (const Begin begin : {Begin::none, Begin::read_write}) {
      const std::vector<Parameter> parameters{"3", "9"};
      const std::vector<Call> calls{{&good, {}}, {&update, parameters}};
      auto failed = co_await connection->run({.calls = calls, .begin = begin, .deadline = patiently()});
      EXPECT_FALSE(failed.has_value());
      if (!failed) EXPECT_EQ(failed.error().failure, Failure::unique_violation);
      if (!failed) EXPECT_EQ(failed.error().call, 1);
      EXPECT_EQ(co_await value(*connection, "select group_concat(v order by id) from t"), "1,2,3");
    }
    EXPECT_TRUE((co_await column(*connection, update, {"3", "9"})).starts_with("error"));
    EXPECT_EQ(co_await value(*connection, "select group_concat(v order by id) from t"), "1,2,3");
  });
}

// What is bound as a number or a time compares as one, exactly.
TEST(Program, BindsValuesByTheirTypes) {
  run_to_end(
      [url = tenon::test::create_mariadb_database(
           "create table t (id int primary key, b bigint unsigned, d decimal(40, 10), f double, dt "
           "datetime(6), "
           "da date, ti time(6), bi varbinary(10), tx varchar(30) collate utf8mb4_general_ci);"
           "insert into t values (1, 18446744073709551615, '123456789012345678901234567890.0123456789', 0.1, "
           "'2024-02-29 23:59:59.999999', '2024-02-29', '-100:00:00.5', x'00ff27', 'ÜBER')")]()
          -> asio::awaitable<void> {
        auto connection = co_await open(url);
        struct Case {
          const char* column;
          BindType type;
          std::string_view text;
        };
        const Case cases[] = {
            {"b", BindType::integer, "18446744073709551615"},
            {"b", BindType::unsigned_integer, "18446744073709551615"},
            {"b - 18446744073709551614", BindType::integer, "true"},
            {"d", BindType::decimal, "123456789012345678901234567890.0123456789"},
            {"f", BindType::float64, "0.1"},
            {"dt", BindType::datetime, "2024-02-29 23:59:59.999999"},
            {"dt", BindType::datetime, "2024-02-29T23:59:59.999999"},
            {"da", BindType::date, "2024-02-29"},
            {"ti", BindType::time, "-100:00:00.500"},
            {"bi", BindType::bytes, std::string_view("\0\xff'", 3)},
            {"tx", BindType::text, "über"},
            {"id", BindType::integer, "1"},
        };
        for (const Case& one : cases) {
          Program program;
          program.steps.push_back(
              step(std::string("select id from t where ") + one.column + " = ?", {{.type = one.type}}));
          EXPECT_EQ(co_await column(*connection, as_statement(std::move(program)), {one.text}), "1")
              << one.column << " = " << one.text;
        }
        for (const auto& [type, wrong] :
             std::initializer_list<std::pair<BindType, std::string_view>>{{BindType::integer, "1 or 1"},
                                                                          {BindType::decimal, "1.2.3"},
                                                                          {BindType::decimal, ""},
                                                                          {BindType::float64, "nan"},
                                                                          {BindType::float64, "1e999"},
                                                                          {BindType::date, "2024-2-3"},
                                                                          {BindType::datetime, "2024-02-03"},
                                                                          {BindType::time, "25"}}) {
          Program program;
          program.steps.push_back(step("select ?", {{.type = type}}));
          const Statement select = as_statement(std::move(program));
          const std::vector<Parameter> parameters{wrong};
          const Call call{&select, parameters};
          auto refused = co_await connection->run({.calls = {&call, 1}, .deadline = patiently()});
          EXPECT_FALSE(refused.has_value()) << wrong;
          if (!refused) EXPECT_EQ(refused.error().failure, Failure::invalid_value);
        }
        EXPECT_FALSE(connection->broken());
      });
}

}  // namespace
}  // namespace tenon::sql::test
