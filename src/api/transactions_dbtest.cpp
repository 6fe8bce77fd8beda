// Transactions of several fields, retries and limits of writes over a real database.
#include <thread>

#include "api/writes_fixture.h"

namespace tenon::api {
namespace {

using testing::HasSubstr;

EngineOptions few_rows() {
  EngineOptions options;
  options.operation.write_rows_max = 20;
  options.operation.write_steps_max = 30;
  options.operation.write_depth_max = 3;
  options.operation.rows_answer_max = 10;
  return options;
}

class TransactionsTest : public WritesTest {};

TEST_F(TransactionsTest, FieldsOfATransactionSucceedTogetherOrNotAtAll) {
  EXPECT_EQ(
      body(
          R"(mutation @transaction { a: createTask(input: {title: "a"}) { title } b: updateTasks(filter: {title: {eq: "a"}}, input: {points: 8}) { affectedCount } c: upsertTask(input: {title: "a"}, onConflict: title, update: {}) { points } })"),
      R"({"data":{"a":{"title":"a"},"b":{"affectedCount":1},"c":{"points":8}}})");
  const std::string before = state();
  const std::string text = body(
      R"(mutation @transaction(isolation: SERIALIZABLE) { a: createTask(input: {title: "b"}) { title } b: createTask(input: {title: "a"}) { title } c: deleteTask(input: {id: 1}) { id } })");
  EXPECT_THAT(text, HasSubstr(R"({"data":{"a":null,"b":null,"c":null},)"));
  EXPECT_THAT(text, HasSubstr(R"("path":["b"],"extensions":{"code":"UNIQUE_VIOLATION")"));
  EXPECT_THAT(text, HasSubstr(R"("path":["a"],"extensions":{"code":"ROLLED_BACK"})"));
  EXPECT_THAT(text, HasSubstr(R"("path":["c"],"extensions":{"code":"ROLLED_BACK"})"));
  // What cannot even be planned or bound keeps the others from being tried.
  EXPECT_THAT(
      body(
          R"(mutation($t: String!) @transaction { a: createTask(input: {title: "b"}) { title } b: createTask(input: {title: $t}) { title } })",
          R"({"t": "\u0000"})"),
      HasSubstr("ROLLED_BACK"));
  EXPECT_EQ(state(), before);
  // Without the directive each field stands for itself.
  EXPECT_THAT(
      body(
          R"(mutation { a: createTask(input: {title: "b"}) { title } b: createTask(input: {title: "a"}) { title } })"),
      HasSubstr(R"({"data":{"a":{"title":"b"},"b":null})"));
}

TEST_F(TransactionsTest, ACommitThatFailsIsToldToTheLastField) {
  const std::string before = state();
  const std::string text = body(
      R"(mutation @transaction { a: createTask(input: {title: "b"}) { title } b: createStep(input: {id: 1, task_id: 99, what: "w"}) { id } })");
  EXPECT_THAT(text, HasSubstr(R"("path":["b"],"extensions":{"code":"FOREIGN_KEY_VIOLATION")"));
  EXPECT_THAT(text, HasSubstr(R"("path":["a"],"extensions":{"code":"ROLLED_BACK"})"));
  EXPECT_EQ(state(), before);
}

// Within a transaction that ends well, a row may refer to one that comes later, where the check waits.
TEST_F(TransactionsTest, ChecksWaitForTheEndWhereTheyCan) {
  const std::string text = body(
      R"(mutation @transaction { a: createStep(input: {id: 1, task_id: 77, what: "w"}) { id } b: createTask(input: {id: 77, title: "late"}) { id } })");
  if (differs(sql::Difference::checks_at_commit))
    EXPECT_THAT(text, HasSubstr(R"("path":["a"],"extensions":{"code":"FOREIGN_KEY_VIOLATION")"));
  else
    EXPECT_EQ(text, R"({"data":{"a":{"id":1},"b":{"id":77}}})");
}

TEST_F(TransactionsTest, IsolationLevelsReachTheDatabase) {
  sql(test::on_mariadb()
          ? "CREATE TRIGGER note AFTER INSERT ON task FOR EACH ROW UPDATE country SET name = (SELECT "
            "lower(trx_isolation_level) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = "
            "connection_id()) WHERE code = 'DE'"
          : "CREATE FUNCTION note_level() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE country SET "
            "name = current_setting('transaction_isolation') WHERE code = 'DE'; RETURN NULL; END $$; "
            "CREATE TRIGGER note AFTER INSERT ON task FOR EACH ROW EXECUTE FUNCTION note_level()");
  constexpr std::string_view query =
      "mutation($level: TransactionIsolation!, $title: String!) @transaction(isolation: $level) { "
      "createTask(input: {title: $title}) { points } }";
  const char* mildest = differs(sql::Difference::isolation) ? "repeatable read" : "read committed";
  for (const auto& [level, name] :
       {std::pair{"READ_COMMITTED", mildest}, std::pair{"REPEATABLE_READ", "repeatable read"},
        std::pair{"SERIALIZABLE", "serializable"}}) {
    // InnoDB shows its transactions as they were at most 0.1 s ago.
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    EXPECT_EQ(body(query, fmt::format(R"({{"level": "{0}", "title": "{0}"}})", level)),
              R"({"data":{"createTask":{"points":1}}})");
    EXPECT_EQ(sql("SELECT name FROM country WHERE code = 'DE'"), name);
  }
}

TEST_F(TransactionsTest, TransactionsThatLostAreRunAgain) {
  const auto failing = [](std::string_view name, std::string_view condition, int number) {
    return test::on_mariadb()
               ? fmt::format(
                     "CREATE FUNCTION {}() RETURNS int BEGIN SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO "
                     "= {}; RETURN 1; END",
                     name, number)
               : fmt::format("CREATE FUNCTION {}() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE {}; END $$",
                             name, condition);
  };
  sql(failing("lose", "serialization_failure", 1020));  // "record has changed since last read"
  sql(failing("lock_up", "deadlock_detected", 1213));
  Sabotage sabotage;
  SabotagedPool pool(*pool_, sabotage);
  Engine engine(engine_.schema(), pool, {});
  for (const auto* statement : {"SELECT lose()", "SELECT lock_up()"}) {
    sabotage = {.at = 0, .statement = statement, .times = 3};
    EXPECT_EQ(
        run_on(engine, "mutation @transaction { updateTask(input: {id: 1}, increment: {points: 1}) { id } }")
            .body,
        R"({"data":{"updateTask":{"id":1}}})");
    sabotage = {.at = 0, .statement = statement, .times = 2};
    EXPECT_EQ(run_on(engine, "mutation { updateTask(input: {id: 1}, increment: {points: 1}) { id } }").body,
              R"({"data":{"updateTask":{"id":1}}})");
  }
  EXPECT_EQ(sql("SELECT points FROM task WHERE id = 1"), "5");
  sabotage = {.at = 0, .statement = "SELECT lose()", .times = 100};
  EXPECT_THAT(run_on(engine, "mutation { deleteTask(input: {id: 1}) { id } }").body,
              HasSubstr("SERIALIZATION_FAILURE"));
  EXPECT_EQ(100 - sabotage.times, base::transaction_attempts_max);
}

// Somebody creates the row between our look and our insert.
TEST_F(TransactionsTest, ConnectOrCreateSurvivesARace) {
  Sabotage sabotage;
  SabotagedPool pool(*pool_, sabotage);
  Engine engine(engine_.schema(), pool, {});
  // The look (statement 0) finds nothing, as if it came before the other's commit.
  sabotage = {.at = 0, .statement = "SELECT code FROM country WHERE false"};
  EXPECT_EQ(
      run_on(
          engine,
          R"(mutation { createPerson(input: {email: "z@x", name: "Z", country: {connectOrCreate: {where: {code: "FR"}, create: {code: "FR", name: "other"}}}}) { country { name } } })")
          .body,
      R"({"data":{"createPerson":{"country":{"name":"France"}}}})");
  EXPECT_EQ(sabotage.times, 0u);
}

// --- limits

class LimitedTransactionsTest : public WritesTest {
 protected:
  LimitedTransactionsTest() : WritesTest(few_rows()) {}
};

TEST_F(LimitedTransactionsTest, HostileInputsAreRefusedWithTheirPath) {
  const std::string before = state();
  std::string rows;
  for (int i = 0; i < 21; ++i) rows += fmt::format(R"({{"title": "h{}"}},)", i);
  rows.pop_back();
  EXPECT_THAT(body("mutation($rows: [CreateTaskInput!]!) { createTasks(input: $rows) { affectedCount } }",
                   fmt::format(R"({{"rows": [{}]}})", rows)),
              HasSubstr("one field may create 20 rows at most"));
  std::string connects;
  for (int i = 0; i < 40; ++i) connects += fmt::format("{{id: {}}} ", i);
  EXPECT_THAT(update_tasks("connect: [" + connects + "]"),
              HasSubstr("one field may take 30 statements at most"));
  EXPECT_THAT(
      body(
          R"(mutation { createPerson(input: {email: "1", name: "", boss: {create: {email: "2", name: "", boss: {create: {email: "3", name: "", boss: {create: {email: "4", name: ""}}}}}}}) { id } })"),
      HasSubstr(R"("inputPath":"input.boss.create.boss.create.boss.create")"));
  EXPECT_EQ(state(), before);
  sql(test::on_mariadb() ? "INSERT INTO task (title) SELECT concat('m', seq) FROM seq_1_to_11"
                         : "INSERT INTO task (title) SELECT 'm' || i FROM generate_series(1, 11) AS i");
  const std::string more = state();
  for (const auto* mutation :
       {"mutation { updateTasks(filter: {title: {beginsWith: \"m\"}}, input: {points: 2}) { items { id } } }",
        "mutation { deleteTasks(filter: {title: {beginsWith: \"m\"}}) { items { id } } }",
        "mutation { deleteTasks(filter: {title: {beginsWith: \"m\"}}) { items { id owner { id } } } }",
        "mutation { updateTasks(filter: {title: {beginsWith: \"m\"}}, input: {points: 2}) { items { id owner "
        "{ id } } } }"})
    EXPECT_THAT(body(mutation), HasSubstr("QUERY_TOO_COMPLEX")) << mutation;
  EXPECT_EQ(state(), more);
  EXPECT_EQ(body("mutation { deleteTasks(filter: {title: {beginsWith: \"m\"}}) { affectedCount } }"),
            R"({"data":{"deleteTasks":{"affectedCount":11}}})");
}

}  // namespace
}  // namespace tenon::api
