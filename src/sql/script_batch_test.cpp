// What can be done in batches, where its condition begins, and why the rest cannot.
#include "sql/script_batch.h"

#include <gtest/gtest.h>

#include "sql/mysql/script_batch.h"
#include "sql/postgres/script_batch.h"

namespace tenon::sql {
namespace {

// "t|condition", or the reason.
std::string shown(const BatchReading& read, std::string_view statement) {
  if (!read) return read.error();
  return (read->table.schema.empty() ? "" : read->table.schema + ".") + read->table.name +
         (read->alias.empty() ? "" : " " + read->alias) + (read->deletes ? " -" : "") + "|" +
         std::string(statement.substr(read->condition));
}
std::string postgres(const std::string& statement) {
  return shown(postgres::read_batch(statement), statement);
}
std::string mysql(const std::string& statement) { return shown(mysql::read_batch(statement), statement); }

TEST(ScriptBatch, FindsTheConditionOfTheStatementItself) {
  for (const auto& read : {postgres, mysql}) {
    EXPECT_EQ(read("UPDATE t SET a = 1 WHERE a IS NULL"), "t| a IS NULL");
    EXPECT_EQ(read("update s.t as x set a = (select 1 from u where u.b = x.b) where x.a is null or x.a = 2"),
              "s.t x| x.a is null or x.a = 2");
    EXPECT_EQ(read("DELETE FROM t WHERE a < (SELECT max(a) FROM t WHERE b)"),
              "t -| a < (SELECT max(a) FROM t WHERE b)");
    EXPECT_EQ(read("UPDATE t SET a = 'where b' WHERE a = ' where '"), "t| a = ' where '");
    EXPECT_EQ(read("UPDATE t SET a = 1 -- where b\nWHERE /* where c */ a = 2 -- where d"),
              "t| /* where c */ a = 2 -- where d");
  }
  EXPECT_EQ(postgres("UPDATE \"where\" SET \"where\" = $$ where x $$ WHERE \"where\" = ''"),
            "where| \"where\" = ''");
  EXPECT_EQ(mysql("UPDATE `where` SET `where` = \" where \" WHERE `where` = ''"), "where| `where` = ''");
  EXPECT_EQ(mysql("UPDATE LOW_PRIORITY IGNORE t SET a = 1 WHERE a <> 1"), "t| a <> 1");
}

TEST(ScriptBatch, SaysWhyNot) {
  EXPECT_EQ(postgres("UPDATE t SET a = 1"), "it has no WHERE");
  EXPECT_EQ(postgres("SELECT 1"), "it is no UPDATE or DELETE");
  EXPECT_EQ(postgres("WITH x AS (SELECT 1) UPDATE t SET a = 1 WHERE b"), "it begins with WITH");
  EXPECT_EQ(postgres("UPDATE t SET a = u.a FROM u WHERE u.b = t.b"),
            "it reads other tables beside its own (a subquery may)");
  EXPECT_EQ(postgres("DELETE FROM t USING u WHERE u.b = t.b"),
            "it reads other tables beside its own (a subquery may)");
  EXPECT_EQ(postgres("DELETE FROM t WHERE a RETURNING b"), "it has RETURNING");
  EXPECT_EQ(postgres("DELETE FROM t WHERE CURRENT OF c"), "its WHERE is not a condition of its own");
  EXPECT_EQ(mysql("UPDATE t SET a = 1"), "it has no WHERE");
  EXPECT_EQ(mysql("DELETE FROM t"), "it has no WHERE");
  EXPECT_EQ(mysql("INSERT INTO t VALUES (1)"), "it is no UPDATE or DELETE");
  for (const char* statement :
       {"UPDATE t, u SET t.a = u.a WHERE u.b = t.b", "UPDATE t JOIN u USING (b) SET t.a = u.a WHERE u.b",
        "DELETE t FROM t JOIN u ON u.b = t.b WHERE u.a", "DELETE t.* FROM t WHERE a"})
    EXPECT_EQ(mysql(statement), "it reads other tables beside its own (a subquery may)") << statement;
  EXPECT_EQ(mysql("UPDATE t SET a = 1 WHERE a <> 1 LIMIT 5"), "it has LIMIT");
  EXPECT_EQ(mysql("DELETE FROM t WHERE a RETURNING b"), "it has RETURNING");
}

}  // namespace
}  // namespace tenon::sql
