// Scripts are cut where PostgreSQL cuts them, and each statement's kind is known.
#include "sql/postgres/script.h"

#include <gtest/gtest.h>

#include "sql/postgres/script_actions.h"

namespace tenon::sql::postgres {
namespace {

using Kind = ScriptStatementKind;

std::vector<std::string> texts(std::string_view script) {
  std::vector<std::string> found;
  for (const ScriptStatement& statement : split_script(script)) found.emplace_back(statement.text(script));
  return found;
}

Kind kind_of(std::string_view script) {
  const auto statements = split_script(script);
  EXPECT_EQ(statements.size(), 1U) << script;
  return statements.empty() ? Kind::ordinary : statements.front().kind;
}

TEST(ScriptStatements, AreCutAtSemicolonsThatEndThem) {
  EXPECT_EQ(texts(""), std::vector<std::string>{});
  EXPECT_EQ(texts("-- nothing\n/* here */ ;;"), std::vector<std::string>{});
  EXPECT_EQ(texts("SELECT 1; -- a\n SELECT ';'/* ; */;"),
            (std::vector<std::string>{"SELECT 1", "SELECT ';'/* ; */"}));
  EXPECT_EQ(texts("DO $x$ BEGIN PERFORM 1; END $x$; SELECT E'\\';'"),
            (std::vector<std::string>{"DO $x$ BEGIN PERFORM 1; END $x$", "SELECT E'\\';'"}));
  EXPECT_EQ(texts("/* a /* nested ; */ ; */ SELECT 1").size(), 1U);
  EXPECT_EQ(texts("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3").size(), 2U);
}
TEST(ScriptStatements, KeepAFunctionBodyTogether) {
  const std::string_view script =
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;\nSELECT 3;";
  ASSERT_EQ(texts(script).size(), 2U);
  EXPECT_EQ(texts(script).back(), "SELECT 3");
}
TEST(ScriptStatements, OfWhichOneIsUnknownToTheGrammarAreCutAllTheSame) {
  EXPECT_EQ(texts("CREATE TABLE t (id int); CREATE WONDER w; DROP TABLE t"),
            (std::vector<std::string>{"CREATE TABLE t (id int)", "CREATE WONDER w", "DROP TABLE t"}));
  EXPECT_EQ(texts("SELECT 'open").size(), 1U);
  EXPECT_EQ(texts(std::string_view("SELECT 1;\0SELECT 2", 18)).size(), 1U)
      << "refused as a whole by the server";
}
TEST(ScriptStatements, MayStandBehindAnEditorsMark) {
  EXPECT_EQ(texts("\xEF\xBB\xBFSELECT 1;"), std::vector<std::string>{"SELECT 1"});
}
TEST(ScriptStatements, ThatCannotRunInATransactionAreKnown) {
  for (const std::string_view apart :
       {"CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "DROP INDEX CONCURRENTLY i",
        "REINDEX INDEX CONCURRENTLY i", "REINDEX DATABASE d", "VACUUM t", "CLUSTER", "CREATE DATABASE d",
        "DROP DATABASE d", "DISCARD ALL", "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
        "ALTER SYSTEM SET work_mem = '1MB'", "CREATE TABLESPACE s LOCATION '/x'", "-- why\nvacuum (full) t;"})
    EXPECT_EQ(kind_of(apart), Kind::apart) << apart;
  for (const std::string_view inside :
       {"CREATE INDEX i ON t (a)", "DROP INDEX i", "REINDEX INDEX i", "ANALYZE t", "CLUSTER t USING i",
        "ALTER TABLE t DETACH PARTITION p", "REFRESH MATERIALIZED VIEW CONCURRENTLY v", "SAVEPOINT s"})
    EXPECT_EQ(kind_of(inside), Kind::ordinary) << inside;
}
TEST(ScriptStatements, OfTransactionsAndSessionsAreKnown) {
  EXPECT_EQ(kind_of("BEGIN"), Kind::begin);
  EXPECT_EQ(kind_of("start transaction"), Kind::begin);
  EXPECT_EQ(kind_of("COMMIT"), Kind::commit);
  EXPECT_EQ(kind_of("END"), Kind::commit);
  EXPECT_EQ(kind_of("ABORT"), Kind::roll_back);
  EXPECT_EQ(kind_of("ROLLBACK TO SAVEPOINT s"), Kind::ordinary);
  EXPECT_EQ(kind_of("SET search_path = a"), Kind::setting);
  EXPECT_EQ(kind_of("SET LOCAL search_path = a"), Kind::ordinary);
  EXPECT_EQ(kind_of("COPY t FROM stdin"), Kind::copy_data);
  EXPECT_EQ(kind_of("COPY t FROM '/x'"), Kind::ordinary);
}
TEST(ScriptStatements, NameTheIndexAndTheEnumValueTheyAreAbout) {
  using What = ScriptObject::What;
  EXPECT_EQ(split_script("CREATE INDEX CONCURRENTLY \"I\" ON s.t (a)")[0].object,
            (ScriptObject{.what = What::index_made, .schema = "s", .name = "I", .table = "t"}));
  EXPECT_EQ(split_script("DROP INDEX CONCURRENTLY s.i")[0].object,
            (ScriptObject{.what = What::index_dropped, .schema = "s", .name = "i"}));
  EXPECT_EQ(split_script("REINDEX INDEX CONCURRENTLY i")[0].object,
            (ScriptObject{.what = What::index_rebuilt, .name = "i"}));
  EXPECT_EQ(split_script("ALTER TYPE e ADD VALUE IF NOT EXISTS 'x' BEFORE 'y'")[0].enum_value, "x");
  EXPECT_EQ(kind_of("ALTER TYPE e RENAME VALUE 'x' TO 'y'"), Kind::ordinary);
}
TEST(ScriptStatements, WithoutAKeywordAreNotPassedOver) {
  EXPECT_EQ(texts("CREATE TABLE a (id int); foo bar; ; SELECT 1 NONSENSE x; baz"),
            (std::vector<std::string>{"CREATE TABLE a (id int)", "foo bar", "SELECT 1 NONSENSE x", "baz"}));
  EXPECT_EQ(texts("foo"), std::vector<std::string>{"foo"});
  EXPECT_EQ(texts("SELECT 1 NONSENSE x; -- c\n /* d */ ;"), std::vector<std::string>{"SELECT 1 NONSENSE x"});
}
// What script_actions and split_script say one by one.
TEST(ScriptStatements, AreReadWithWhatTheyDo) {
  const std::string script =
      "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\nALTER TABLE a DROP COLUMN id, ADD b int;\n"
      "CREATE INDEX CONCURRENTLY i ON a (b);\nSET x.y = 1;\nDO $$BEGIN END$$;\nVACUUM FULL a;\nALTER TABLE a "
      "NONSENSE here";
  const auto places = split_script(script);
  const auto read = read_script(script);
  ASSERT_EQ(read.size(), places.size());
  std::vector<std::size_t> counts;
  for (std::size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].place.text(script), places[i].text(script));
    EXPECT_EQ(read[i].place.kind, places[i].kind);
    EXPECT_EQ(read[i].place.object, places[i].object);
    const auto alone = script_actions(std::string(places[i].text(script)));
    ASSERT_EQ(read[i].actions.size(), alone.size());
    for (std::size_t k = 0; k < alone.size(); ++k) EXPECT_EQ(read[i].actions[k].act, alone[k].act);
    counts.push_back(alone.size());
  }
  EXPECT_EQ(counts, (std::vector<std::size_t>{1, 0, 2, 1, 0, 1, 1, 1}));
  EXPECT_EQ(read[2].actions[0].act, Act::drop_column);
}
TEST(PlacesInScripts, CountCharactersFromOne) {
  const std::string_view script = "SELECT 'é',\n  'ü' x";
  EXPECT_EQ(place_in(script, 0), (ScriptPlace{1, 1}));
  EXPECT_EQ(place_in(script, script.find('x')), (ScriptPlace{2, 7}));
  EXPECT_EQ(place_in(script, byte_of_character(script, 11)), (ScriptPlace{1, 11}));
  EXPECT_EQ(byte_of_character("é", 9), 2U);
}

}  // namespace
}  // namespace tenon::sql::postgres
