// Scripts that stand for others, and what of a script no catalog knows.
#include "migrate/squash.h"

#include <gtest/gtest.h>

#include "migrate/beyond_catalog.h"
#include "migrate/target.h"

namespace tenon::migrate {
namespace {

Migration migration(std::string name, std::string text) {
  return {.name = name, .file = name + "/migration.sql", .text = std::move(text)};
}

TEST(Squash, NamesWhatItStandsFor) {
  const Migration first = migration("1_a", "SELECT 1");
  const Migration second = migration("2_b", "SELECT 2;\n");
  const std::string text = squash_lines({&first, &second}) + "SELECT 3;";
  EXPECT_EQ(squashed_by(text), (std::vector<std::string>{"1_a", "2_b"}));
  EXPECT_TRUE(squashed_by("SELECT 1;\n-- tenon: squashes 1_a\n").empty());
  EXPECT_TRUE(squashed_by("-- tenon: no-transaction\n-- tenon: squashes 1_a\n").empty());
}

TEST(Squash, JoinsScriptsThatEndWithoutASemicolon) {
  const Migration first = migration("1_a", "SELECT 1 -- one\n");
  const Migration second = migration("2_b", "SELECT 2;\n\n");
  const std::string text = joined({&first, &second});
  EXPECT_EQ(text, "-- 1_a\n\nSELECT 1 -- one\n;\n\n-- 2_b\n\nSELECT 2;\n");
  EXPECT_EQ(split_script(catalog::Engine::postgresql, text).size(), 2U);
}

std::string beyond(std::string_view statement) {
  const auto found = beyond_catalog(statement, split_script(catalog::Engine::postgresql, statement));
  if (found.empty()) return "catalog";
  return found.front().changes_rows ? "rows" : "object";
}

TEST(BeyondCatalog, IsWhatADifferenceWouldMiss) {
  for (const std::string_view known :
       {"CREATE TABLE t (id int)", "CREATE UNIQUE INDEX i ON t (id)", "create or replace view v as select 1",
        "ALTER TABLE t ADD COLUMN a int", "DROP TABLE t", "CREATE TYPE e AS ENUM ('GRANT')",
        "ALTER TABLE \"function\" DROP COLUMN \"trigger\"", "SET search_path = a",
        "COMMENT ON TABLE t IS 'x'"})
    EXPECT_EQ(beyond(known), "catalog") << known;
  for (const std::string_view object :
       {"CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "GRANT SELECT ON t TO a",
        "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW EXECUTE FUNCTION f()", "DROP POLICY p ON t",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a",
        "ALTER TABLE t OWNER TO a"})
    EXPECT_EQ(beyond(object), "object") << object;
  for (const std::string_view rows : {"INSERT INTO t VALUES (1)", "DO $$ BEGIN END $$", "SELECT f()",
                                      "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a"})
    EXPECT_EQ(beyond(rows), "rows") << rows;
}

}  // namespace
}  // namespace tenon::migrate
