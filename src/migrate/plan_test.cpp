// What runs together in one transaction, and what does not.
#include "migrate/plan.h"

#include <gtest/gtest.h>

#include "sql/mysql/script.h"
#include "sql/postgres/script.h"

namespace tenon::migrate {
namespace {

// "T" for a transaction, "A" for a statement that stands alone, "B" in batches, "L" under locks, those of
// statement 0 taken again in "0: L1"; each with its statements: "T0-2 A3".
std::string units_of(catalog::Engine engine, std::string_view script,
                     std::vector<sql::ScriptStatement> statements, std::uint32_t from) {
  const auto plan = plan_run(engine, script, std::move(statements), from);
  if (!plan) return "refused at " + plan.error().place;
  std::string text;
  for (const Unit& unit : plan->units) {
    if (!text.empty()) text += ' ';
    if (unit.lock) text += std::to_string(*unit.lock) + ": ";
    text += unit.transaction ? "T" : unit.batch > 0 ? "B" : unit.locked ? "L" : "A";
    text += std::to_string(unit.first);
    if (unit.last > unit.first + 1) text += "-" + std::to_string(unit.last - 1);
  }
  return text;
}

std::string units(std::string_view script, std::uint32_t from = 0) {
  return units_of(catalog::Engine::postgresql, script, sql::postgres::split_script(script), from);
}
std::string mysql_units(std::string_view script, std::uint32_t from = 0) {
  return units_of(catalog::Engine::mysql, script, sql::mysql::split_script(script), from);
}

TEST(RunPlan, IsOneTransactionWhenItCanBe) {
  EXPECT_EQ(units("SELECT 1; SELECT 2; SELECT 3"), "T0-2");
  EXPECT_EQ(units(""), "");
  EXPECT_EQ(units("-- nothing"), "");
  EXPECT_EQ(units("BEGIN; SELECT 1; COMMIT;"), "T0-2");
}
TEST(RunPlan, HasStatementsAloneThatCannotBeInATransaction) {
  EXPECT_EQ(units("SELECT 1; CREATE INDEX CONCURRENTLY i ON t (a); SELECT 2"), "T0 A1 T2");
  EXPECT_EQ(units("VACUUM; VACUUM"), "A0 A1");
  EXPECT_EQ(units("BEGIN; VACUUM; COMMIT"), "A1-2");
}
TEST(RunPlan, EndsATransactionWhereTheScriptDoes) {
  EXPECT_EQ(units("SELECT 1; COMMIT; SELECT 2"), "T0-1 T2");
  EXPECT_EQ(units("SELECT 1; BEGIN; SELECT 2; COMMIT; BEGIN; SELECT 3; COMMIT;"), "T0-3 T4-6");
}
TEST(RunPlan, EndsATransactionWhereALineAsksForIt) {
  EXPECT_EQ(units("SELECT 1; SELECT 2;\n-- tenon: commit\nSELECT 3; SELECT 4"), "T0-1 T2-3");
  EXPECT_EQ(units("-- tenon: commit\nSELECT 1; SELECT 2"), "T0-1");
  EXPECT_EQ(mysql_units("UPDATE a SET b = 1;\n-- tenon: commit\nUPDATE a SET b = 2"), "T0 T1");
}
TEST(RunPlan, HasBatchesInTransactionsOfTheirOwn) {
  const std::string script = "SELECT 1;\n-- tenon: batch 500\nUPDATE t SET a = 1 WHERE a IS NULL;\nSELECT 2";
  EXPECT_EQ(units(script), "T0 B1 T2");
  EXPECT_EQ(mysql_units(script), "T0 B1 T2");
  EXPECT_FALSE(plan_run(catalog::Engine::mysql, script, sql::mysql::split_script(script))->atomic());
  EXPECT_EQ(plan_run(catalog::Engine::mysql, script, sql::mysql::split_script(script))->units[1].batch, 500U);
}
TEST(RunPlan, RefusesBatchesOfWhatCannotBeCut) {
  EXPECT_EQ(units("-- tenon: batch 500\nUPDATE t SET a = 1"), "refused at 2:1");
  EXPECT_EQ(units("SELECT 1;\n-- tenon: batch 500\nSELECT 2"), "refused at 3:1");
  EXPECT_EQ(mysql_units("-- tenon: batch 500\nUPDATE t, u SET t.a = 1 WHERE u.b"), "refused at 2:1");
  for (const char* rows : {"", "0", "many", "-1", "5000 rows", "99999999999", "1000001"})
    EXPECT_EQ(units(std::string("-- tenon: batch ") + rows + "\nDELETE FROM t WHERE a"), "refused at 2:1")
        << rows;
}
TEST(RunPlan, CommitsANewEnumValueBeforeItIsUsed) {
  EXPECT_EQ(units("ALTER TYPE e ADD VALUE 'x'; ALTER TABLE t ALTER c SET DEFAULT 'x'"), "T0 T1");
  EXPECT_EQ(units("ALTER TYPE e ADD VALUE 'x'; ALTER TYPE e ADD VALUE 'y'; ALTER TABLE t ADD b int"), "T0-2");
  EXPECT_EQ(units("ALTER TYPE e ADD VALUE 'it''s'; UPDATE t SET c = 'it''s'"), "T0 T1");
}
TEST(RunPlan, CanBeAskedToDoWithoutTransactions) {
  EXPECT_EQ(units("-- tenon: no-transaction\nSELECT 1; SELECT 2"), "A0 A1");
  EXPECT_EQ(units("SELECT 1; -- tenon: no-transaction\nSELECT 2"), "T0-1");
}
TEST(RunPlan, HoldsTogetherWhatMysqlCan) {
  EXPECT_EQ(mysql_units("INSERT INTO t VALUES (1); SET @a = 1; UPDATE t SET a = @a"), "T0-2");
  EXPECT_EQ(mysql_units("CREATE TABLE t (a int); INSERT INTO t VALUES (1); DELETE FROM t; DROP TABLE t"),
            "A0 T1-2 A3");
  EXPECT_EQ(mysql_units("DELETE FROM a; COMMIT; DELETE FROM b"), "T0-1 T2");
  EXPECT_EQ(mysql_units("SET autocommit = 0; DELETE FROM a; SET autocommit = 1; DELETE FROM b"), "T0-2 T3");
  EXPECT_EQ(mysql_units("DELETE FROM a; ROLLBACK"), "refused at 1:16");
}
TEST(RunPlan, DoesNotEndLocksOfMysqlEarly) {
  EXPECT_EQ(mysql_units(
                "DELETE FROM a; LOCK TABLES b WRITE; DELETE FROM b; ALTER TABLE b ADD x int; UNLOCK TABLES; "
                "DELETE FROM a"),
            "T0 L1-4 T5");
  EXPECT_EQ(mysql_units("LOCK TABLES b WRITE; DELETE FROM b"), "L0-1");
  EXPECT_EQ(mysql_units("LOCK TABLES b WRITE; UNLOCK TABLES; DROP TABLE b", 2), "A2");
}
TEST(RunPlan, TakesLocksOfMysqlAgainInTheMiddle) {
  constexpr std::string_view script = "LOCK TABLES b WRITE; DELETE FROM b; UNLOCK TABLES; DROP TABLE b";
  EXPECT_EQ(mysql_units(script, 1), "0: L1-2 A3");
  EXPECT_EQ(mysql_units(script, 2), "0: L2 A3");
  EXPECT_EQ(mysql_units("LOCK TABLES b WRITE; DELETE FROM b", 2), "");
}
TEST(RunPlan, GoesOnInTheMiddle) {
  EXPECT_EQ(units("SELECT 1; VACUUM; SELECT 2; SELECT 3", 2), "T2-3");
  EXPECT_EQ(units("SELECT 1; VACUUM", 2), "");
}
TEST(RunPlan, RefusesWhatNoMigrationCanHold) {
  EXPECT_EQ(units("SELECT 1;\nROLLBACK"), "refused at 2:1");
  EXPECT_EQ(units("COPY t FROM stdin"), "refused at 1:1");
}
TEST(RunPlan, IsAtomicWhenNoStateInBetweenIsSeen) {
  const auto atomic = [](std::string_view script) {
    return plan_run(catalog::Engine::postgresql, script, sql::postgres::split_script(script))->atomic();
  };
  EXPECT_TRUE(atomic(""));
  EXPECT_TRUE(atomic("SELECT 1; SELECT 2"));
  EXPECT_FALSE(atomic("VACUUM"));
  EXPECT_FALSE(atomic("SELECT 1; COMMIT; SELECT 2"));
}

}  // namespace
}  // namespace tenon::migrate
