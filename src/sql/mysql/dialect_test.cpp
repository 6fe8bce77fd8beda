// Forms of statements that the API's golden plans (tests/golden/plan) do not reach, for both products.
#include "sql/dialect.h"

#include <gtest/gtest.h>

#include "sql/mysql/program.h"
#include "sql/mysql/search_text.h"

namespace tenon::sql {
namespace {

using catalog::ColumnId;
using catalog::TypeKind;
using Kind = Predicate::Kind;
using Operation = Assignment::Operation;
using Product = ServerVersion::Product;

constexpr ServerVersion mariadb{Product::mariadb, 10, 11, 6};
constexpr ServerVersion old_mariadb{Product::mariadb, 10, 6, 0};
constexpr ServerVersion mysql8{Product::mysql, 8, 0, 36};
constexpr ServerVersion unknown{.product = Product::mysql};

// node(id int auto_increment, code varchar, kind enum, flags bit(4), place point, weight float, doc json,
// body text with a FULLTEXT index, parent_id int), token(id char(36) default (uuid()), name varchar unique)
class MysqlDialectTest : public testing::Test {
 protected:
  MysqlDialectTest() {
    catalog_.engine = catalog::Engine::mysql;
    catalog_.schemas.push_back({.name = "s`x"});
    catalog_.enums.push_back({.name = "node_kind", .values = {{"a'b", "a_b"}, {"c", "c"}}});
    add_table("node", {column("id", TypeKind::int32), column("code", TypeKind::varchar),
                       column("kind", TypeKind::enumeration), column("flags", TypeKind::bit),
                       column("place", TypeKind::geometry), column("weight", TypeKind::float32),
                       column("doc", TypeKind::json), column("body", TypeKind::text),
                       column("parent_id", TypeKind::int32)});
    add_table("token", {column("id", TypeKind::character), column("name", TypeKind::varchar)});
    catalog_[kind].type.enum_id = catalog::EnumId{0};
    catalog_[id].default_value.kind = catalog::Default::Kind::autoincrement;
    catalog_[token_id].default_value = {.kind = catalog::Default::Kind::expression, .text = "uuid()"};
    add_key(node, id, catalog::IndexKind::primary);
    add_key(token, token_id, catalog::IndexKind::primary);
  }

  static catalog::Column column(std::string column_name, TypeKind type_kind) {
    catalog::Column result;
    result.name = std::move(column_name);
    result.type = {.kind = type_kind};
    return result;
  }
  void add_table(std::string table_name, std::vector<catalog::Column> columns) {
    const catalog::TableId table{static_cast<std::uint32_t>(catalog_.tables.size())};
    catalog_.tables.push_back({.name = std::move(table_name),
                               .columns = {static_cast<std::uint32_t>(catalog_.columns.size()),
                                           static_cast<std::uint32_t>(columns.size())}});
    for (catalog::Column& one : columns) {
      one.table = table;
      catalog_.columns.push_back(std::move(one));
    }
  }
  void add_key(catalog::TableId table, ColumnId column, catalog::IndexKind index_kind) {
    catalog_[table].indexes = {static_cast<std::uint32_t>(catalog_.indexes.size()), 1};
    catalog_.indexes.push_back({.table = table, .kind = index_kind, .parts = {{.column = column}}});
  }

  static constexpr catalog::TableId node{0}, token{1};
  static constexpr ColumnId id{0}, code{1}, kind{2}, flags{3}, place{4}, weight{5}, doc{6}, parent_id{8},
      token_id{9}, name{10};

  static Predicate compare(ColumnId column, Comparison comparison) {
    return {.kind = Kind::compare, .comparison = comparison, .columns = {{0, column}}, .parameters = {{0}}};
  }
  template <class Neutral>
  static std::string text(const ServerVersion& server, const Neutral& statement) {
    return make_dialect(server)->render(statement).text;
  }
  std::string where(Predicate predicate, const ServerVersion& server = mariadb) {
    const Select select{
        .catalog = &catalog_, .from = node, .outputs = {{0, id}}, .where = std::move(predicate)};
    const std::string whole = text(server, select);
    return whole.substr(whole.find("WHERE ") + 6);
  }
  static const mysql::Program& program(const Statement& statement) {
    return static_cast<const mysql::Program&>(*statement.program);
  }

  catalog::Catalog catalog_;
};

TEST_F(MysqlDialectTest, NamesAndValuesAreWrittenAsTheirTypesNeed) {
  const Select select{.catalog = &catalog_,
                      .from = node,
                      .outputs = {{0, flags}, {0, place}, {0, kind}},
                      .where = compare(flags, Comparison::equal),
                      .offset = 7};
  EXPECT_EQ(text(mariadb, select),
            "SELECT (t0.`flags` + 0), ST_AsText(t0.`place`), t0.`kind` FROM `s``x`.`node` AS t0 WHERE "
            "t0.`flags` = ?1:uint LIMIT 18446744073709551615 OFFSET 7");
  EXPECT_EQ(where(compare(weight, Comparison::equal)), "t0.`weight` = CAST(?1:float AS FLOAT)");
  EXPECT_EQ(where(compare(weight, Comparison::equal), unknown), "t0.`weight` = ?1:float");
  EXPECT_EQ(where(compare(kind, Comparison::less)), "t0.`kind` + 0 < FIELD(?1, 'a''b', 'c')");
  EXPECT_EQ(where(compare(code, Comparison::not_equal)), "NOT (t0.`code` <=> ?1)");
}

TEST_F(MysqlDialectTest, ListsWithoutElementsAreFalseAndNotNull) {
  const Select select{
      .catalog = &catalog_, .from = node, .outputs = {{0, id}}, .where = compare(id, Comparison::none_of)};
  const Statement statement = make_dialect(mariadb)->render(select);
  EXPECT_EQ(statement.text, "SELECT t0.`id` FROM `s``x`.`node` AS t0 WHERE t0.`id` NOT IN ({?1[]:int})");
  EXPECT_EQ(statement.parameter_count, 1U);
  const mysql::Step& step = program(statement).steps.front();
  EXPECT_EQ(step.text, "SELECT t0.`id` FROM `s``x`.`node` AS t0 WHERE t0.`id` NOT IN (?)");
  ASSERT_EQ(step.repeats.size(), 1U);
  EXPECT_EQ(step.text.substr(step.repeats[0].begin, step.repeats[0].end - step.repeats[0].begin), "?");
  EXPECT_EQ(step.repeats[0].empty, "SELECT NULL FROM DUAL WHERE FALSE");
  EXPECT_EQ(step.repeats[0].padding, mysql::Repeat::Padding::last);
  EXPECT_FALSE(step.repeats[0].may_split) << "each part would find what the others leave out";
}

TEST_F(MysqlDialectTest, ComparisonsOfRowsAreSpelledOut) {
  Predicate rows{.kind = Kind::row_compare,
                 .comparison = Comparison::less,
                 .columns = {{0, code}, {0, parent_id}, {0, id}},
                 .parameters = {{0}, {1}, {2}}};
  EXPECT_EQ(where(rows),
            "(t0.`code` <= ?1 AND (t0.`code` < ?1 OR (t0.`code` = ?1 AND t0.`parent_id` < ?2:int) OR "
            "(t0.`code` = ?1 AND t0.`parent_id` = ?2:int AND t0.`id` < ?3:int)))");
  rows.columns = {{0, id}};
  EXPECT_EQ(where(rows), "t0.`id` < ?1:int");
  const Predicate any{.kind = Kind::any_row, .columns = {{0, id}, {0, code}}, .parameters = {{0}, {1}}};
  EXPECT_EQ(where(any), "({(t0.`id` = ?1[]:int AND t0.`code` = ?2[])}{ OR })");
}

TEST_F(MysqlDialectTest, NullsGoWhereTheyAreWanted) {
  catalog_[id].nullable = false;
  Select select{.catalog = &catalog_, .from = node, .outputs = {{0, id}}};
  using enum catalog::NullsOrder;
  const auto order = [&](ColumnId column, bool descending, catalog::NullsOrder nulls) {
    select.order = {{.column = {0, column}, .descending = descending, .nulls = nulls}};
    const std::string whole = text(mariadb, select);
    return whole.substr(whole.find("BY ") + 3);
  };
  EXPECT_EQ(order(code, false, first), "t0.`code`");
  EXPECT_EQ(order(code, false, last), "t0.`code` IS NULL, t0.`code`");
  EXPECT_EQ(order(code, true, first), "t0.`code` IS NULL DESC, t0.`code` DESC");
  EXPECT_EQ(order(code, true, last), "t0.`code` DESC");
  EXPECT_EQ(order(code, true, engine_default), "t0.`code` DESC");
  EXPECT_EQ(order(id, false, last), "t0.`id`");
}

TEST_F(MysqlDialectTest, JsonIsATypeOrText) {
  EXPECT_EQ(where(compare(doc, Comparison::equal)), "(JSON_EQUALS(t0.`doc`, ?1) = 1)");
  EXPECT_EQ(where(compare(doc, Comparison::equal), mysql8), "t0.`doc` = CAST(?1 AS JSON)");
  for (const ServerVersion& server : {old_mariadb, unknown})
    EXPECT_EQ(where(compare(doc, Comparison::equal), server),
              "(JSON_CONTAINS(t0.`doc`, ?1) AND JSON_CONTAINS(?1, t0.`doc`))");
  EXPECT_EQ(where(compare(doc, Comparison::like)), "JSON_UNQUOTE(t0.`doc`) LIKE ?1 COLLATE utf8mb4_bin");
}

// Keys that a collation could write in another way come back as they were given.
TEST_F(MysqlDialectTest, KeysOfTextAreAUnion) {
  Select select{.catalog = &catalog_,
                .from = node,
                .outputs = {{0, id}},
                .where = compare(parent_id, Comparison::any_of),
                .order = {{.column = {0, id}}},
                .keys = Keys{.columns = {code}, .parent_columns = {name}, .parameters = {{1}}}};
  const Statement statement = make_dialect(mariadb)->render(select);
  EXPECT_EQ(statement.text,
            "{(SELECT ?2[] AS k0, t0.`id` AS c0 FROM `s``x`.`node` AS t0 WHERE t0.`code` = ?2[] AND "
            "t0.`parent_id` IN ({?1[]:int}) ORDER BY t0.`id` LIMIT 18446744073709551615)}{ UNION ALL }");
  const mysql::Step& step = program(statement).steps.front();
  ASSERT_EQ(step.repeats.size(), 2U);
  EXPECT_EQ(step.repeats[0].argument_count, 3U);
  EXPECT_EQ(step.repeats[1].first_argument, 2U);
  EXPECT_TRUE(step.repeats[0].may_split);
  select.count = true;
  select.order.clear();
  EXPECT_EQ(text(mariadb, select),
            "{(SELECT ?2[] AS k0, count(*) FROM `s``x`.`node` AS t0 WHERE t0.`code` = ?2[] AND "
            "t0.`parent_id` IN ({?1[]:int}) HAVING count(*) > 0)}{ UNION ALL }");
}

TEST_F(MysqlDialectTest, NumbersOfTheDatabaseAreReadBack) {
  using enum Operation;
  Insert insert{
      .catalog = &catalog_, .table = node, .values = {{code, {0}}, {place, {1}}}, .returning = {id, place}};
  const std::string head = "INSERT INTO `s``x`.`node` (`code`, `place`) VALUES (?1, ST_GeomFromText(?2))";
  EXPECT_EQ(text(mariadb, insert), head + " RETURNING `s``x`.`node`.`id`, ST_AsText(`s``x`.`node`.`place`)");
  EXPECT_EQ(text(mysql8, insert),
            head +
                "; SELECT t0.`id`, ST_AsText(t0.`place`) FROM `s``x`.`node` AS t0 WHERE t0.`id` = "
                "LAST_INSERT_ID()");
  insert.values = {{code, {0}, set_each}};
  insert.returning = {id};
  EXPECT_EQ(text(mysql8, insert),
            "INSERT INTO `s``x`.`node` (`code`) VALUES {(?1[])}; SELECT t0.`id` FROM `s``x`.`node` AS t0 "
            "WHERE t0.`id` >= LAST_INSERT_ID() AND t0.`id` < LAST_INSERT_ID() + ROW_COUNT() * "
            "@@auto_increment_increment ORDER BY t0.`id`");
  insert.values.push_back({id, {1}, set_each});
  EXPECT_EQ(text(mysql8, insert),
            "INSERT INTO `s``x`.`node` (`code`, `id`) VALUES {(?1[], ?2[]:int)}; {(SELECT t0.`id` FROM "
            "`s``x`.`node` AS t0 WHERE t0.`id` = ?2[]:int)}{ UNION ALL }");
}

TEST_F(MysqlDialectTest, KeysMadeByExpressionsAreEvaluatedBefore) {
  const Insert insert{.catalog = &catalog_, .table = token, .values = {{name, {0}}}, .returning = {token_id}};
  EXPECT_EQ(text(mysql8, insert),
            "SELECT (uuid()); INSERT INTO `s``x`.`token` (`name`, `id`) VALUES (?1, ?#0.0); SELECT t0.`id` "
            "FROM `s``x`.`token` AS t0 WHERE t0.`id` = ?#0.0");
  EXPECT_EQ(text(mariadb, insert),
            "INSERT INTO `s``x`.`token` (`name`) VALUES (?1) RETURNING `s``x`.`token`.`id`");
}

TEST_F(MysqlDialectTest, ConflictsChangeTheRowOrSkipIt) {
  using enum Operation;
  Insert insert{
      .catalog = &catalog_,
      .table = node,
      .values = {{code, {0}}},
      .conflict = Conflict{.columns = {code}, .values = {{parent_id, {1}, add}, {code, {}, proposed}}},
      .returning = {id}};
  const std::string head =
      "INSERT INTO `s``x`.`node` (`code`) VALUES (?1) ON DUPLICATE KEY UPDATE `parent_id` = "
      "`s``x`.`node`.`parent_id` + ?2:int, `code` = VALUES(`code`)";
  EXPECT_EQ(text(mariadb, insert), head + " RETURNING `s``x`.`node`.`id`");
  EXPECT_EQ(text(mysql8, insert),
            head +
                ", `id` = LAST_INSERT_ID(`id`); SELECT t0.`id` FROM `s``x`.`node` AS t0 WHERE t0.`id` = "
                "LAST_INSERT_ID()");
  insert.conflict = Conflict{.skip = true};
  EXPECT_EQ(text(mariadb, insert),
            "DO LAST_INSERT_ID(1); INSERT INTO `s``x`.`node` (`code`) VALUES (?1) ON DUPLICATE KEY UPDATE "
            "`id` = IF(LAST_INSERT_ID(0) = 0, `id`, `id`); SELECT t0.`id` FROM `s``x`.`node` AS t0 WHERE "
            "LAST_INSERT_ID() <> 0 AND t0.`id` = LAST_INSERT_ID()");
}

// Prisma's link tables have had a unique key and no primary one.
TEST_F(MysqlDialectTest, TablesWithoutAPrimaryKeyAreKnownByAUniqueOne) {
  const Insert insert{.catalog = &catalog_,
                      .table = token,
                      .values = {{token_id, {0}}, {name, {1}}},
                      .conflict = Conflict{.skip = true},
                      .returning = {token_id}};
  const std::string head =
      "DO LAST_INSERT_ID(1); INSERT INTO `s``x`.`token` (`id`, `name`) VALUES (?1, ?2) ON DUPLICATE KEY "
      "UPDATE ";
  const std::string rows = "SELECT t0.`id` FROM `s``x`.`token` AS t0 WHERE LAST_INSERT_ID() <> 0 AND ";
  add_key(token, name, catalog::IndexKind::unique);
  catalog_[name].nullable = false;
  EXPECT_EQ(text(mariadb, insert),
            head + "`name` = IF(LAST_INSERT_ID(0) = 0, `name`, `name`); " + rows + "t0.`name` = ?2");
}

// A condition that looks at the table itself must not see what has been removed or changed already.
TEST_F(MysqlDialectTest, RowsFoundByTheirOwnTableAreFoundBefore) {
  Predicate siblings{.kind = Kind::exists,
                     .related = RelatedRows{.table = node, .parent_columns = {id}, .columns = {parent_id}}};
  siblings.children.emplace_back();
  const std::string found =
      "FROM `s``x`.`node` AS t0 WHERE EXISTS (SELECT 1 FROM `s``x`.`node` AS e1 WHERE e1.`parent_id` = "
      "t0.`id`) FOR UPDATE; [if #0] ";
  const Delete remove{.catalog = &catalog_, .table = node, .where = siblings, .returning = {code}};
  const Statement removed = make_dialect(mariadb)->render(remove);
  EXPECT_EQ(removed.text, "SELECT t0.`code`, t0.`id` " + found +
                              "DELETE FROM `s``x`.`node` WHERE `s``x`.`node`.`id` IN ({?#0.1[]:int})");
  EXPECT_EQ(program(removed).result_step, 0U);
  EXPECT_EQ(program(removed).affected_step, 0U);
  const Update update{
      .catalog = &catalog_, .table = node, .values = {{id, {0}}}, .where = siblings, .returning = {code}};
  const Statement changed = make_dialect(mysql8)->render(update);
  EXPECT_EQ(changed.text,
            "SELECT t0.`id` " + found +
                "UPDATE `s``x`.`node` AS t0 SET t0.`id` = ?1:int WHERE t0.`id` IN ({?#0.0[]:int}); "
                "[if #0] SELECT t0.`code` FROM `s``x`.`node` AS t0 WHERE t0.`id` IN ({?1:int})");
  EXPECT_EQ(program(changed).result_step, 2U);
}

TEST_F(MysqlDialectTest, ExplainsTheStepThatLooksForRows) {
  const Update update{.catalog = &catalog_,
                      .table = node,
                      .values = {{code, {0}}},
                      .where = compare(id, Comparison::any_of),
                      .returning = {code}};
  const auto explained = [&](const ServerVersion& server) {
    const auto dialect = make_dialect(server);
    return dialect->explained(dialect->render(update));
  };
  const Statement of_mariadb = explained(mariadb);
  const mysql::Step& step = program(of_mariadb).steps.front();
  EXPECT_EQ(step.text,
            "ANALYZE FORMAT=JSON SELECT t0.`id` FROM `s``x`.`node` AS t0 WHERE t0.`id` IN (?) FOR UPDATE");
  EXPECT_EQ(step.text[step.repeats[0].begin], '?');
  EXPECT_TRUE(program(explained(mysql8)).steps.front().text.starts_with("EXPLAIN ANALYZE SELECT"));
  EXPECT_TRUE(program(explained(unknown)).steps.front().text.starts_with("EXPLAIN SELECT"));
}

// A statement without values is no program.
TEST_F(MysqlDialectTest, ExplainsTheOwnersStatement) {
  const OwnStatement own{
      .catalog = &catalog_, .table = node, .text = "SELECT 1", .places = {}, .columns = {}};
  const auto dialect = make_dialect(mariadb);
  const Statement explained = dialect->explained(dialect->render(own));
  EXPECT_EQ(explained.text, "ANALYZE FORMAT=JSON SELECT 1");
  EXPECT_EQ(explained.program, nullptr);
}

// What only sets a variable has no plan.
TEST_F(MysqlDialectTest, ExplainsTheInsertOfWhatMayBeThereAlready) {
  const Insert insert{.catalog = &catalog_,
                      .table = node,
                      .values = {{.column = id, .parameter = {0}}},
                      .conflict = Conflict{.columns = {}, .skip = true, .values = {}},
                      .returning = {id}};
  const auto dialect = make_dialect(mariadb);
  const Statement explained = dialect->explained(dialect->render(insert));
  EXPECT_TRUE(program(explained).steps.front().text.starts_with("ANALYZE FORMAT=JSON INSERT INTO"));
}

TEST_F(MysqlDialectTest, AnalyzesTheReadOfEachKeyToo) {
  const Select select{
      .catalog = &catalog_,
      .from = node,
      .joins = {},
      .outputs = {{.source = 0, .column = id}},
      .where = std::nullopt,
      .order = {},
      .limit = 2,
      .total_limit = std::nullopt,
      .keys = Keys{.columns = {id}, .link = std::nullopt, .parent_columns = {id}, .parameters = {{0}}}};
  const auto dialect = make_dialect(mysql8);
  const Statement explained = dialect->explained(dialect->render(select));
  EXPECT_TRUE(program(explained).steps.front().text.starts_with("EXPLAIN ANALYZE (SELECT"));
}

TEST(MysqlSearchText, BecomesTheBooleanModesForm) {
  using mysql::boolean_search;
  EXPECT_EQ(boolean_search("lamp \"warm  light\" -old oak or elm OR ash"),
            "+lamp +\"warm light\" -old +(oak elm ash)");
  EXPECT_EQ(boolean_search("-\"bad luck\" e-mail"), "-\"bad luck\" +\"e mail\"");
  EXPECT_EQ(boolean_search("') || 1/0 --"), "+\"1 0\"");
  EXPECT_EQ(boolean_search("or or x or"), "+x");
  EXPECT_EQ(boolean_search("a or -b"), "+a -b");
  EXPECT_EQ(boolean_search(" +*() \"\" @~<> "), "");
  EXPECT_EQ(boolean_search("\"unclosed phrase"), "+\"unclosed phrase\"");
}

}  // namespace
}  // namespace tenon::sql
