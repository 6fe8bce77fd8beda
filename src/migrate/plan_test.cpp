// What runs together in one transaction, and what does not.
#include "migrate/plan.h"

#include <gtest/gtest.h>

#include "sql/postgres/script.h"

namespace tenon::migrate {
namespace {

// "T" for a transaction and "A" for a statement that stands alone, each with its statements: "T0-2 A3".
std::string units(std::string_view script, std::uint32_t from = 0) {
  const auto plan = plan_run(script, sql::postgres::split_script(script), from);
  if (!plan) return "refused at " + plan.error().place;
  std::string text;
  for (const Unit& unit : plan->units) {
    if (!text.empty()) text += ' ';
    text += (unit.transaction ? "T" : "A") + std::to_string(unit.first);
    if (unit.last > unit.first + 1) text += "-" + std::to_string(unit.last - 1);
  }
  return text;
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
TEST(RunPlan, CommitsANewEnumValueBeforeItIsUsed) {
  EXPECT_EQ(units("ALTER TYPE e ADD VALUE 'x'; ALTER TABLE t ALTER c SET DEFAULT 'x'"), "T0 T1");
  EXPECT_EQ(units("ALTER TYPE e ADD VALUE 'x'; ALTER TYPE e ADD VALUE 'y'; ALTER TABLE t ADD b int"), "T0-2");
  EXPECT_EQ(units("ALTER TYPE e ADD VALUE 'it''s'; UPDATE t SET c = 'it''s'"), "T0 T1");
}
TEST(RunPlan, CanBeAskedToDoWithoutTransactions) {
  EXPECT_EQ(units("-- tenon: no-transaction\nSELECT 1; SELECT 2"), "A0 A1");
  EXPECT_EQ(units("SELECT 1; -- tenon: no-transaction\nSELECT 2"), "T0-1");
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
    return plan_run(script, sql::postgres::split_script(script))->atomic();
  };
  EXPECT_TRUE(atomic(""));
  EXPECT_TRUE(atomic("SELECT 1; SELECT 2"));
  EXPECT_FALSE(atomic("VACUUM"));
  EXPECT_FALSE(atomic("SELECT 1; COMMIT; SELECT 2"));
}

}  // namespace
}  // namespace tenon::migrate
