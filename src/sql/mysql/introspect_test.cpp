// The building of a catalog from rows as MySQL 8 gives them (its manual, "INFORMATION_SCHEMA Tables"), which
// differ from MariaDB's, whose are read from a server in introspect_mytest.cpp.
#include "sql/mysql/introspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/mysql/default.h"
#include "sql/mysql/introspect_queries.h"
#include "sql/mysql/introspect_types.h"
#include "tests/support/golden.h"

namespace tenon::sql::mysql {
namespace {

using catalog::ColumnType;
using catalog::Default;
using catalog::TypeKind;
using testing::ElementsAre;
using Field = std::optional<std::string>;
using Row = std::vector<Field>;

constexpr Capabilities mysql_8 = Capabilities{
    .json_type = true, .check_constraints = true, .escapes_catalog = true, .lists_index_expressions = true};
constexpr Capabilities mariadb =
    Capabilities{.check_constraints = true, .quotes_defaults = true, .checks_name_table = true};

class Rows : public ResultSet {
 public:
  explicit Rows(std::vector<Row> rows) : fields_(std::move(rows)) {
    rows_ = fields_.size();
    columns_ = fields_.empty() ? 0 : fields_.front().size();
  }
  void read(std::size_t row, std::span<Cell> cells) const override {
    for (std::size_t i = 0; i < cells.size() && i < fields_[row].size(); ++i) {
      const Field& field = fields_[row][i];
      cells[i] =
          field ? Cell{.data = field->data(), .size = static_cast<std::int32_t>(field->size())} : Cell{};
    }
  }
  std::string_view column_name(std::size_t) const override { return {}; }

 private:
  std::vector<Row> fields_;
};

Results answers(std::array<std::vector<Row>, query::answer_count> tables) {
  Results results;
  for (auto& rows : tables) results.push_back(std::make_unique<Rows>(std::move(rows)));
  return results;
}

// One column: table, position, name, type, nullable, default, extra, generation, collation, comment.
Row column(const char* table, int position, const char* name, const char* type, const char* nullable,
           Field value, const char* extra = "", const char* generation = "", Field collation = std::nullopt) {
  return {table,      std::to_string(position), name, type, nullable, std::move(value), extra,
          generation, std::move(collation),     ""};
}

TEST(MySqlCatalog, IsBuiltFromTheRowsOfVersion8) {
  constexpr const char* collation = "utf8mb4_0900_ai_ci";
  std::array<std::vector<Row>, query::answer_count> rows;
  rows[query::database] = {{"shop"}};
  rows[query::tables] = {
      {"item", "BASE TABLE", "InnoDB", "42", collation, "", "things"},
      {"cheap", "VIEW", std::nullopt, std::nullopt, std::nullopt, std::nullopt, "VIEW"},
      {"log", "BASE TABLE", "InnoDB", "0", collation, "row_format=DYNAMIC partitioned", ""}};
  rows[query::columns] = {
      column("item", 2, "name", "varchar(191)", "NO", "", "", "", collation),
      column("item", 1, "id", "bigint unsigned", "NO", std::nullopt, "auto_increment"),
      column("item", 3, "state", "enum('new','it''s')", "NO", "new", "", "", collation),
      column("item", 4, "body", "json", "YES", "_utf8mb4\\'{\"a\": 1}\\'", "DEFAULT_GENERATED"),
      column("item", 5, "uid", "char(36)", "NO", "uuid()", "DEFAULT_GENERATED", "", "ascii_bin"),
      column("item", 6, "at", "datetime(3)", "NO", "CURRENT_TIMESTAMP(3)",
             "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)"),
      column("item", 7, "flag", "tinyint(1)", "NO", "1"),
      column("item", 8, "code", "binary(2)", "YES", "0x6162"),
      column("item", 9, "label", "varchar(40)", "YES", std::nullopt, "VIRTUAL GENERATED",
             "concat(`name`,_utf8mb4\\'(\\')", collation),
      column("item", 10, "secret", "int", "YES", "3", "INVISIBLE"),
      column("cheap", 1, "id", "bigint unsigned", "NO", "0"),
      column("log", 1, "id", "int", "NO", std::nullopt),
      column("log", 2, "item_id", "bigint unsigned", "YES", std::nullopt)};
  rows[query::indexes] = {{"item", "PRIMARY", "1", "0", "id", "A", std::nullopt, "BTREE", std::nullopt},
                          {"item", "by_name", "2", "1", "at", "D", std::nullopt, "BTREE", std::nullopt},
                          {"item", "by_name", "1", "1", "name", "A", "20", "BTREE", std::nullopt},
                          {"item", "lowered", "1", "0", std::nullopt, "A", std::nullopt, "BTREE",
                           "(lower(`name`) = _utf8mb4\\'x\\')"},
                          {"log", "PRIMARY", "1", "0", "id", "A", std::nullopt, "BTREE", std::nullopt}};
  rows[query::key_columns] = {{"log", "log_item", "1", "Item_ID", "item", "ID"}};
  rows[query::foreign_keys] = {{"log", "log_item", "SET NULL", "NO ACTION"}};
  rows[query::checks] = {{"item", "positive", "((`id` > 0) and (`name` <> _utf8mb4\\'\\'))", "NO"}};
  rows[query::views] = {
      {"cheap", "select `shop`.`item`.`id` AS `id`,'`shop`.' AS `shop` from `shop`.`item`"}};
  rows[query::partitions] = {{"log", "HASH", "`id`"}};
  tenon::test::expect_golden("tests/golden/introspect/mysql/mysql_8.catalog.golden",
                             describe(build_catalog(answers(std::move(rows)), mysql_8)));
}

std::string native_of(std::string_view text) { return column_type(parse_type_text(text), {}).native; }

TEST(MySqlTypes, AreTakenApart) {
  const TypeText text = parse_type_text("decimal(10,2) unsigned zerofill");
  EXPECT_EQ(text.name, "decimal");
  EXPECT_THAT(text.numbers, ElementsAre(10, 2));
  EXPECT_TRUE(text.is_unsigned);
  EXPECT_TRUE(text.is_zerofill);
  EXPECT_THAT(parse_type_text("enum('a','it''s','','a,b',')','x\\\\y')").labels,
              ElementsAre("a", "it's", "", "a,b", ")", "x\\y"));
  EXPECT_EQ(parse_type_text("datetime /* mariadb-5.3 */").name, "datetime");
  EXPECT_EQ(parse_type_text("enum('").name, "enum");
}

TEST(MySqlTypes, AreToldAsTheEngineWantsThem) {
  EXPECT_EQ(native_of("int(11)"), "int");
  EXPECT_EQ(native_of("int(10) unsigned"), "int unsigned");
  EXPECT_EQ(native_of("int(5) unsigned zerofill"), "int(5) unsigned zerofill");
  EXPECT_EQ(native_of("tinyint(1)"), "tinyint(1)");
  EXPECT_EQ(native_of("year(4)"), "year");
  EXPECT_EQ(native_of("enum('it''s','b')"), "enum('it''s','b')");
  EXPECT_EQ(native_of("vector(3)"), "vector(3)");
  EXPECT_EQ(column_type(parse_type_text("tinyint(1)"), {.is_boolean = false}).kind, TypeKind::int8);
  EXPECT_EQ(column_type(parse_type_text("longtext"), {.is_json = true}).kind, TypeKind::json);
  EXPECT_EQ(column_type(parse_type_text("bit(1)"), {}).kind, TypeKind::boolean);
  EXPECT_EQ(column_type(parse_type_text("bit(2)"), {}).kind, TypeKind::bit);
  EXPECT_EQ(column_type(parse_type_text("datetime"), {}).precision, 0U);
}

std::string shown(const Default& value) {
  switch (value.kind) {
    case Default::Kind::none:
      return "none";
    case Default::Kind::literal:
      return "literal " + value.text;
    case Default::Kind::expression:
      return "expression " + value.text;
    case Default::Kind::now:
      return "now";
    default:
      return "other";
  }
}

std::string in_mariadb(const Field& text, const char* type) {
  return shown(parse_default(text, false, column_type(parse_type_text(type), {}), mariadb));
}
std::string in_mysql(const Field& text, const char* type, bool generated = false) {
  return shown(parse_default(text, generated, column_type(parse_type_text(type), {}), mysql_8));
}

TEST(MySqlDefaults, OfMariaDbAreQuotedWhenTheyAreText) {
  EXPECT_EQ(in_mariadb(std::nullopt, "int"), "none");
  EXPECT_EQ(in_mariadb("NULL", "varchar(10)"), "none");
  EXPECT_EQ(in_mariadb("'NULL'", "varchar(10)"), "literal NULL");
  EXPECT_EQ(in_mariadb("'it''s \\\\ \\n'", "varchar(10)"), "literal it's \\ \n");
  EXPECT_EQ(in_mariadb("'a') or ('b'", "varchar(10)"), "expression ('a') or ('b')");
  EXPECT_EQ(in_mariadb("00007", "int(5) unsigned zerofill"), "literal 7");
  EXPECT_EQ(in_mariadb("-0.50", "decimal(8,2)"), "literal -0.50");
  EXPECT_EQ(in_mariadb("(1 + 2) * 3", "int(11)"), "expression ((1 + 2) * 3)");
  EXPECT_EQ(in_mariadb("(1 + 2)", "int(11)"), "expression (1 + 2)");
  EXPECT_EQ(in_mariadb("uuid()", "uuid"), "expression (uuid())");
  EXPECT_EQ(in_mariadb("current_timestamp(3)", "datetime(3)"), "now");
  EXPECT_EQ(in_mariadb("current_timestamp()", "varchar(30)"), "expression (current_timestamp())");
  EXPECT_EQ(in_mariadb("(current_timestamp() + interval 1 day)", "datetime"),
            "expression (current_timestamp() + interval 1 day)");
  EXPECT_EQ(in_mariadb("1", "tinyint(1)"), "literal true");
  EXPECT_EQ(in_mariadb("b'0'", "bit(1)"), "literal false");
  EXPECT_EQ(in_mariadb("b'1010'", "bit(8)"), "expression b'1010'");
  EXPECT_EQ(in_mariadb("'ab'", "binary(2)"), "literal \\x6162");
  EXPECT_EQ(in_mariadb("'\\0?'", "varbinary(10)"), "expression ") << "the byte is lost";
}

TEST(MySqlDefaults, OfMySqlAreBareUnlessTheyAreExpressions) {
  EXPECT_EQ(in_mysql(std::nullopt, "int"), "none");
  EXPECT_EQ(in_mysql("NULL", "varchar(10)"), "literal NULL");
  EXPECT_EQ(in_mysql("it's", "varchar(10)"), "literal it's");
  EXPECT_EQ(in_mysql("uuid()", "varchar(36)"), "literal uuid()");
  EXPECT_EQ(in_mysql("uuid()", "varchar(36)", true), "expression (uuid())");
  EXPECT_EQ(in_mysql("CURRENT_TIMESTAMP", "timestamp", true), "now");
  EXPECT_EQ(in_mysql("2020-01-01 00:00:00", "datetime"), "literal 2020-01-01 00:00:00");
  EXPECT_EQ(in_mysql("_utf8mb4\\'{}\\'", "json", true), "literal {}");
  EXPECT_EQ(in_mysql("concat(_utf8mb4\\'a\\',_utf8mb4\\'b\\')", "text", true),
            "expression (concat(_utf8mb4'a',_utf8mb4'b'))");
  EXPECT_EQ(in_mysql("0x6162", "varbinary(4)"), "literal \\x6162");
  EXPECT_EQ(in_mysql("b'1'", "bit(1)"), "literal true");
}

// What each server has of the tables that are read.
TEST(IntrospectQueries, ReadWhatTheServerHas) {
  const auto of = [](ServerVersion::Product product, std::uint32_t major, std::uint32_t minor,
                     std::uint32_t patch) {
    return query::all(capabilities_of({product, major, minor, patch}));
  };
  const auto mysql8 = of(ServerVersion::Product::mysql, 8, 0, 36);
  EXPECT_TRUE(mysql8[query::indexes].contains("INDEX_TYPE, EXPRESSION FROM"));
  EXPECT_TRUE(mysql8[query::checks].contains("c.CHECK_CLAUSE, t.ENFORCED FROM"));
  const auto mysql_without_checks = of(ServerVersion::Product::mysql, 8, 0, 15);
  EXPECT_TRUE(mysql_without_checks[query::checks].contains("WHERE 1 = 0"));
  const auto mariadb10 = of(ServerVersion::Product::mariadb, 10, 11, 6);
  EXPECT_TRUE(mariadb10[query::indexes].contains("INDEX_TYPE, NULL FROM"));
  EXPECT_TRUE(
      mariadb10[query::checks].starts_with("SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, 'YES' "));
}

}  // namespace
}  // namespace tenon::sql::mysql
