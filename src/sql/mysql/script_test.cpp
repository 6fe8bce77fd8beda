// Scripts are cut where the mysql program and the server cut them, and each statement's kind and object are
// known.
#include "sql/mysql/script.h"

#include <gtest/gtest.h>

namespace tenon::sql::mysql {
namespace {

using Kind = ScriptStatementKind;
using What = ScriptObject::What;

std::vector<std::string> texts(std::string_view script) {
  std::vector<std::string> found;
  for (const ScriptStatement& statement : split_script(script)) found.emplace_back(statement.text(script));
  return found;
}

ScriptStatement only(std::string_view script) {
  const auto statements = split_script(script);
  EXPECT_EQ(statements.size(), 1U) << script;
  return statements.empty() ? ScriptStatement{} : statements.front();
}

std::string object_of(std::string_view script) {
  const ScriptObject object = only(script).object;
  if (object.what == What::nothing) return "nothing";
  constexpr std::array<std::string_view, 10> words{"nothing", "",        "",          "",         "table",
                                                   "view",    "trigger", "procedure", "function", "event"};
  return std::string(words[static_cast<std::size_t>(object.what)]) + " " +
         (object.schema.empty() ? "" : object.schema + " . ") + object.name;
}

using Texts = std::vector<std::string>;

TEST(MysqlScript, IsCutAtSemicolonsThatEndStatements) {
  EXPECT_EQ(texts(""), Texts{});
  EXPECT_EQ(texts("-- nothing\n# here\n/* ; */ ;;"), Texts{});
  EXPECT_EQ(texts("SELECT 1; -- a;\n SELECT ';', \"a\\\";\", 'it''s;', `;```/* ; */;"),
            (Texts{"SELECT 1", "SELECT ';', \"a\\\";\", 'it''s;', `;```"}));
  EXPECT_EQ(texts("SELECT 1--2; SELECT 5 --\n;"), (Texts{"SELECT 1--2", "SELECT 5"}))
      << "without a blank behind them, dashes are minus signs";
  EXPECT_EQ(texts("\xEF\xBB\xBFSELECT 1;"), Texts{"SELECT 1"});
  EXPECT_EQ(texts("SELECT 'open; SELECT 2"), Texts{"SELECT 'open; SELECT 2"});
  EXPECT_EQ(texts("SELECT /*+ BKA(t) */ 1 /* ; */; SELECT 2"), (Texts{"SELECT /*+ BKA(t) */ 1", "SELECT 2"}));
}
TEST(MysqlScript, RunsWhatStandsInCommentsForTheServer) {
  EXPECT_EQ(texts("/*!40101 SET NAMES utf8 */;\n/*!50001 CREATE VIEW v AS SELECT ';' */ ; SELECT 1"),
            (Texts{"/*!40101 SET NAMES utf8 */", "/*!50001 CREATE VIEW v AS SELECT ';' */", "SELECT 1"}));
  EXPECT_EQ(
      texts("/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH "
            "ROW SET NEW.a = 1 */;SELECT 2"),
      (Texts{"/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH "
             "ROW SET NEW.a = 1 */",
             "SELECT 2"}));
  EXPECT_EQ(only("/*M!100100 ALTER TABLE t ADD a int */").kind, Kind::apart);
  EXPECT_EQ(only("/*!40101 SET @a = @@b */").kind, Kind::setting);
}
TEST(MysqlScript, MayChangeItsDelimiter) {
  EXPECT_EQ(
      texts("DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END$$\n  delimiter ;\nSELECT 3;"),
      (Texts{"CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END", "SELECT 3"}));
  EXPECT_EQ(texts("DELIMITER //\r\nSELECT 1; //\r\nSELECT '//' //\nDELIMITER ;"),
            (Texts{"SELECT 1;", "SELECT '//'"}));
  EXPECT_EQ(texts("DELIMITER ;;\n/*!50003 CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN SET @a = 1; "
                  "END */;;\n"
                  "DELIMITER ;\nSELECT 1"),
            (Texts{"/*!50003 CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN SET @a = 1; END */",
                   "SELECT 1"}));
}
TEST(MysqlScript, KeepsBodiesTogether) {
  for (const std::string_view body :
       {"CREATE TRIGGER t AFTER INSERT ON x FOR EACH ROW BEGIN INSERT INTO y SELECT start, end FROM z; END",
        "CREATE DEFINER=`a`@`%` PROCEDURE p(IN a int) lbl: BEGIN IF a > 1 THEN SELECT 1; ELSEIF a THEN "
        "SELECT 2; "
        "ELSE SELECT IF(a, 1, 2); END IF; END lbl",
        "CREATE PROCEDURE IF NOT EXISTS p() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; END; "
        "l: LOOP LEAVE l; END LOOP l; WHILE 1 DO SET @x = REPEAT('a', 3); END WHILE; END",
        "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN CASE 1 WHEN 1 THEN 2 ELSE 3 END",
        "CREATE PROCEDURE p() BEGIN CASE 1 WHEN 1 THEN SELECT CASE 2 WHEN 2 THEN 3 END; ELSE SELECT 1; END "
        "CASE; END",
        "CREATE PROCEDURE p() BEGIN REPEAT SET @x = 1; UNTIL @x > 5 END REPEAT; END",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM t; DELETE FROM u; END",
        "CREATE TRIGGER t BEFORE UPDATE ON x FOR EACH ROW IF NEW.end IS NULL THEN SET NEW.end = 1; END IF",
        "CREATE PROCEDURE p() BEGIN FOR i IN 1..3 DO SELECT i; END FOR; END",
        "BEGIN NOT ATOMIC SELECT 1; SELECT 2; END"}) {
    const std::string script = std::string(body) + "; SELECT 'next'";
    EXPECT_EQ(texts(script), (Texts{std::string(body), "SELECT 'next'"}));
    EXPECT_EQ(split_script(script).front().kind, Kind::apart) << body;
  }
  EXPECT_EQ(texts("CREATE TABLE t (begin int, end int); INSERT INTO t VALUES (1, 2);").size(), 2U);
  EXPECT_EQ(texts("SELECT CASE 1 WHEN 1 THEN 2 END; SELECT 2").size(), 2U);
}
TEST(MysqlScript, KnowsWhatATransactionHolds) {
  for (const std::string_view held :
       {"INSERT INTO t VALUES (1)", "(SELECT 1)", "WITH a AS (SELECT 1) SELECT * FROM a",
        "REPLACE INTO t SELECT 1", "update t set a = 1", "SAVEPOINT s", "ROLLBACK TO s",
        "CREATE TEMPORARY TABLE x (a int)", "DROP TEMPORARY TABLE x", "LOAD DATA INFILE 'x' INTO TABLE t"})
    EXPECT_EQ(only(held).kind, Kind::ordinary) << held;
  for (const std::string_view alone :
       {"CREATE TABLE t (a int)", "alter table t add b int", "DROP VIEW v", "TRUNCATE t",
        "RENAME TABLE a TO b", "CALL p()", "EXECUTE s", "GRANT SELECT ON t TO u", "ANALYZE TABLE t",
        "OPTIMIZE TABLE t", "SET PASSWORD FOR u = 'x'",
        "SET STATEMENT max_statement_time = 1 FOR ALTER TABLE t ADD c int",
        "CREATE OR REPLACE TABLE t (a int)", "XA START 'x'", "WHATEVER"})
    EXPECT_EQ(only(alone).kind, Kind::apart) << alone;
  for (const std::string_view setting : {"SET @a = 1", "SET NAMES utf8mb4", "SET FOREIGN_KEY_CHECKS = 0",
                                         "USE d", "PREPARE s FROM 'SELECT 1'", "DEALLOCATE PREPARE s"})
    EXPECT_EQ(only(setting).kind, Kind::setting) << setting;
}
TEST(MysqlScript, KnowsWhereTransactionsAndLocksBegin) {
  EXPECT_EQ(only("START TRANSACTION").kind, Kind::begin);
  EXPECT_EQ(only("begin work").kind, Kind::begin);
  EXPECT_EQ(only("SET autocommit=0").kind, Kind::begin);
  EXPECT_EQ(only("SET @@SESSION.autocommit = 1").kind, Kind::commit);
  EXPECT_EQ(only("SET autocommit=0, unique_checks=0").kind, Kind::setting);
  EXPECT_EQ(only("COMMIT").kind, Kind::commit);
  EXPECT_EQ(only("ROLLBACK").kind, Kind::roll_back);
  EXPECT_EQ(only("LOCK TABLES `t` WRITE").kind, Kind::lock);
  EXPECT_EQ(only("UNLOCK TABLES").kind, Kind::unlock);
}
TEST(MysqlScript, NamesTheObject) {
  EXPECT_EQ(object_of("CREATE TABLE IF NOT EXISTS `a``b`.c (x int)"), "table a`b . c");
  EXPECT_EQ(object_of("ALTER ONLINE IGNORE TABLE t ADD x int"), "table t");
  EXPECT_EQ(object_of("DROP TABLE t"), "table t");
  EXPECT_EQ(object_of("DROP TABLE a, b"), "nothing") << "one of them may be gone and the other not";
  EXPECT_EQ(object_of("RENAME TABLE a TO b"), "table a");
  EXPECT_EQ(object_of("CREATE UNIQUE INDEX `i` USING BTREE ON `t`(a)"), "table t");
  EXPECT_EQ(object_of("DROP INDEX IF EXISTS i ON d.t"), "table d . t");
  EXPECT_EQ(
      object_of("CREATE OR REPLACE ALGORITHM=MERGE DEFINER=`r`@`h` SQL SECURITY INVOKER VIEW v AS SELECT 1"),
      "view v");
  EXPECT_EQ(
      object_of("/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`h`*/ /*!50003 TRIGGER `t` BEFORE INSERT ON x FOR "
                "EACH ROW SET @a = 1 */"),
      "trigger t");
  EXPECT_EQ(object_of("DROP PROCEDURE IF EXISTS p"), "procedure p");
  EXPECT_EQ(object_of("CREATE AGGREGATE FUNCTION f(x int) RETURNS int RETURN 1"), "function f");
  EXPECT_EQ(object_of("ALTER EVENT e DISABLE"), "event e");
  EXPECT_EQ(object_of("CREATE USER u"), "nothing");
  EXPECT_EQ(object_of("TRUNCATE TABLE t"), "nothing") << "it does not show";
}

}  // namespace
}  // namespace tenon::sql::mysql
