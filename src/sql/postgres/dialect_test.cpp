// Forms of statements that the API's golden plans (tests/golden/plan) do not reach, and every condition.
#include "sql/dialect.h"

#include <gtest/gtest.h>

namespace tenon::sql {
namespace {

using catalog::ColumnId;
using catalog::TypeKind;

// parent(id int, code char(2)), child(id int, parent_id int, code char(2), "od""d" numeric(5,2), tags text[])
class DialectTest : public testing::Test {
 protected:
  DialectTest() {
    catalog_.schemas.push_back({.name = "s"});
    add_table("parent", {column("id", TypeKind::int32, "integer"),
                         column("code", TypeKind::character, "character(2)")});
    add_table("child",
              {column("id", TypeKind::int32, "integer"), column("parent_id", TypeKind::int32, "integer"),
               column("code", TypeKind::character, "character(2)"),
               column("od\"d", TypeKind::decimal, "numeric(5,2)"), array("tags", TypeKind::text, "text"),
               column("doc", TypeKind::json, "json"), column("raw", TypeKind::bytes, "bytea")});
  }

  static catalog::Column column(std::string name, TypeKind kind, std::string native) {
    catalog::Column result;
    result.name = std::move(name);
    result.type = {.kind = kind, .native = std::move(native)};
    return result;
  }
  static catalog::Column array(std::string name, TypeKind kind, std::string native) {
    catalog::Column result = column(std::move(name), kind, std::move(native));
    result.type.array_dimensions = 1;
    return result;
  }
  void add_table(std::string name, std::vector<catalog::Column> columns) {
    catalog_.tables.push_back({.name = std::move(name),
                               .columns = {static_cast<std::uint32_t>(catalog_.columns.size()),
                                           static_cast<std::uint32_t>(columns.size())}});
    for (catalog::Column& one : columns) catalog_.columns.push_back(std::move(one));
  }

  static constexpr catalog::TableId child{1};
  static constexpr ColumnId parent_id{0}, parent_code{1}, id{2}, key{3}, code{4}, odd{5}, tags{6}, doc{7},
      raw{8};

  static Predicate compare(ColumnId column, Comparison comparison) {
    return {.kind = Predicate::Kind::compare,
            .comparison = comparison,
            .columns = {{0, column}},
            .parameters = {{0}}};
  }
  std::string where(Predicate predicate) {
    const Select select{
        .catalog = &catalog_, .from = child, .outputs = {{0, id}}, .where = std::move(predicate)};
    const std::string text = postgres_dialect().render(select).text;
    return text.substr(text.find("WHERE ") + 6);
  }

  catalog::Catalog catalog_;
};

TEST_F(DialectTest, ChildrenWithoutLimitAreFoundByOneArray) {
  const Select select{.catalog = &catalog_,
                      .from = child,
                      .outputs = {{0, id}},
                      .where = compare(odd, Comparison::greater),
                      .order = {{.column = {0, id}, .descending = true}},
                      .keys = Keys{.columns = {key}, .parent_columns = {parent_id}, .parameters = {{1}}}};
  const Statement statement = postgres_dialect().render(select);
  EXPECT_EQ(
      statement.text,
      R"(SELECT t0."parent_id", t0."id" FROM "s"."child" AS t0 WHERE t0."parent_id" = ANY($2::int4[]) AND )"
      R"(t0."od""d" > $1 ORDER BY t0."parent_id", t0."id" DESC)");
  EXPECT_EQ(statement.parameter_count, 2u);
  EXPECT_EQ(statement.hash, base::hash128(statement.text));
}

// Keys of a type whose equal values may be written differently come back as the parent wrote them.
TEST_F(DialectTest, PaddedAndCompositeKeysAreRows) {
  const Select padded{.catalog = &catalog_,
                      .from = child,
                      .outputs = {{0, id}},
                      .keys = Keys{.columns = {code}, .parent_columns = {parent_code}, .parameters = {{0}}}};
  EXPECT_EQ(
      postgres_dialect().render(padded).text,
      R"(SELECT k.c0, t0."id" FROM unnest($1::bpchar[]) AS k(c0) JOIN "s"."child" AS t0 ON t0."code" = k.c0 )"
      R"(ORDER BY k.c0)");
  const Select count{
      .catalog = &catalog_,
      .from = child,
      .count = true,
      .where = compare(odd, Comparison::less),
      .keys =
          Keys{.columns = {key, code}, .parent_columns = {parent_id, parent_code}, .parameters = {{1}, {2}}}};
  EXPECT_EQ(
      postgres_dialect().render(count).text,
      R"(SELECT k.c0, k.c1, count(*) FROM unnest($2::int4[], $3::bpchar[]) AS k(c0, c1) JOIN "s"."child" AS t0 )"
      R"(ON t0."parent_id" = k.c0 AND t0."code" = k.c1 WHERE t0."od""d" < $1 GROUP BY k.c0, k.c1)");
}

TEST_F(DialectTest, OffsetAloneIsAPageOfItsOwn) {
  const Select select{.catalog = &catalog_, .from = child, .outputs = {{0, id}}, .offset = 7};
  EXPECT_EQ(postgres_dialect().render(select).text, R"(SELECT t0."id" FROM "s"."child" AS t0 OFFSET 7)");
}

TEST_F(DialectTest, NullsAndLocksAreSaid) {
  const Select select{.catalog = &catalog_,
                      .from = child,
                      .outputs = {{0, id}},
                      .order = {{.column = {0, odd}, .nulls = catalog::NullsOrder::first},
                                {.column = {0, id}, .descending = true, .nulls = catalog::NullsOrder::last}},
                      .lock = true};
  EXPECT_EQ(
      postgres_dialect().render(select).text,
      R"(SELECT t0."id" FROM "s"."child" AS t0 ORDER BY t0."od""d" NULLS FIRST, t0."id" DESC NULLS LAST )"
      R"(FOR UPDATE OF t0)");
}

TEST_F(DialectTest, Conditions) {
  using Kind = Predicate::Kind;
  EXPECT_EQ(where({.kind = Kind::never}), "FALSE");
  EXPECT_EQ(where({.kind = Kind::and_}), "TRUE");
  EXPECT_EQ(where({.kind = Kind::or_}), "FALSE");
  EXPECT_EQ(where(compare(odd, Comparison::not_equal)), R"(t0."od""d" IS DISTINCT FROM $1)");
  // A cast to numeric(5,2) would round what is compared.
  EXPECT_EQ(where(compare(odd, Comparison::any_of)), R"(t0."od""d" = ANY($1::numeric[]))");
  EXPECT_EQ(where(compare(code, Comparison::none_of)), R"(t0."code" <> ALL($1::bpchar[]))");
  EXPECT_EQ(where(compare(odd, Comparison::like)), R"(t0."od""d"::text LIKE $1)");
  EXPECT_EQ(where(compare(code, Comparison::not_ilike)), R"(t0."code" NOT ILIKE $1)");
  EXPECT_EQ(where(compare(doc, Comparison::equal)), R"(t0."doc"::jsonb = $1)");
  EXPECT_EQ(where(compare(tags, Comparison::array_not_contains)), R"(NOT t0."tags" @> ARRAY[$1::text])");
  const auto size = [&](ColumnId column) {
    return where({.kind = Kind::size_compare,
                  .comparison = Comparison::less,
                  .columns = {{0, column}},
                  .parameters = {{0}}});
  };
  EXPECT_EQ(size(tags), R"(cardinality(t0."tags") < $1::int4)");
  EXPECT_EQ(size(raw), R"(octet_length(t0."raw") < $1::int4)");
  EXPECT_EQ(size(code), R"(char_length(t0."code") < $1::int4)");
  EXPECT_EQ(size(odd), R"(char_length(t0."od""d"::text) < $1::int4)");
  EXPECT_EQ(where({.kind = Kind::row_compare,
                   .comparison = Comparison::greater,
                   .columns = {{0, odd}, {0, id}},
                   .parameters = {{0}, {1}}}),
            R"((t0."od""d", t0."id") > ($1, $2))");
  EXPECT_EQ(where({.kind = Kind::row_compare,
                   .comparison = Comparison::less,
                   .columns = {{0, id}},
                   .parameters = {{0}}}),
            R"(t0."id" < $1)");
}

TEST_F(DialectTest, NestedConditionsKeepTheirParentheses) {
  using Kind = Predicate::Kind;
  Predicate any{.kind = Kind::or_};
  any.children = {compare(id, Comparison::equal), compare(key, Comparison::equal)};
  Predicate all{.kind = Kind::and_};
  all.children = {any, compare(odd, Comparison::equal)};
  Predicate none{.kind = Kind::not_};
  none.children = {all};
  EXPECT_EQ(where(none), R"(NOT ((t0."id" = $1 OR t0."parent_id" = $1) AND t0."od""d" = $1))");
}

TEST_F(DialectTest, InsertWithoutValuesTakesTheDefaults) {
  EXPECT_EQ(postgres_dialect().render(Insert{.catalog = &catalog_, .table = child, .returning = {id}}).text,
            R"(INSERT INTO "s"."child" AS t0 DEFAULT VALUES RETURNING t0."id")");
  EXPECT_EQ(
      postgres_dialect().render(Insert{.catalog = &catalog_, .table = child, .values = {{odd, {0}}}}).text,
      R"(INSERT INTO "s"."child" AS t0 ("od""d") VALUES ($1))");
}

TEST_F(DialectTest, InsertOfSeveralRowsTakesOneArrayForEachColumn) {
  using Operation = Assignment::Operation;
  const Insert insert{.catalog = &catalog_,
                      .table = child,
                      .values = {{id, {0}, Operation::set},
                                 {odd, {1}, Operation::set_each},
                                 {tags, {2}, Operation::set_each}},
                      .conflict = {},
                      .returning = {id}};
  EXPECT_EQ(postgres_dialect().render(insert).text,
            R"(INSERT INTO "s"."child" AS t0 ("id", "od""d", "tags") )"
            R"(SELECT $1::int4, r.c0, r.c1::text[] FROM unnest($2::numeric[], $3::text[]) )"
            R"(WITH ORDINALITY AS r(c0, c1, n) ORDER BY r.n RETURNING t0."id")");
}

TEST_F(DialectTest, ConflictUpdatesSkipsOrKeepsTheRow) {
  Insert insert{.catalog = &catalog_,
                .table = child,
                .values = {{id, {0}}},
                .conflict = Conflict{.columns = {id, odd}},
                .returning = {id}};
  const auto tail = [&] {
    const std::string text = postgres_dialect().render(insert).text;
    return text.substr(text.find("ON CONFLICT"));
  };
  EXPECT_EQ(tail(), R"(ON CONFLICT ("id", "od""d") DO UPDATE SET "id" = t0."id" RETURNING t0."id")");
  insert.conflict->values = {{odd, {1}, Assignment::Operation::add},
                             {tags, {2}, Assignment::Operation::append},
                             {code, {}, Assignment::Operation::proposed}};
  EXPECT_EQ(tail(), R"(ON CONFLICT ("id", "od""d") DO UPDATE SET "od""d" = t0."od""d" + $2::numeric, )"
                    R"("tags" = coalesce(t0."tags", '{}') || $3::text[], "code" = excluded."code" )"
                    R"(RETURNING t0."id")");
  insert.conflict->skip = true;
  EXPECT_EQ(tail(), R"(ON CONFLICT ("id", "od""d") DO NOTHING RETURNING t0."id")");
}

TEST_F(DialectTest, LimitedDeleteLooksAtTheConditionTwice) {
  catalog_.indexes.push_back(
      {.table = child, .kind = catalog::IndexKind::primary, .parts = {{.column = id}}});
  catalog_[child].indexes = {0, 1};
  const Delete remove{
      .catalog = &catalog_, .table = child, .where = compare(odd, Comparison::less), .limit = 3};
  EXPECT_EQ(postgres_dialect().render(remove).text,
            R"(DELETE FROM "s"."child" AS t0 WHERE t0."od""d" < $1 AND (t0."id") IN )"
            R"((SELECT t0."id" FROM "s"."child" AS t0 WHERE t0."od""d" < $1 LIMIT 3))");
}

TEST_F(DialectTest, AnyRowComparesWithRowsOfArrays) {
  Predicate any{.kind = Predicate::Kind::any_row, .columns = {{0, id}}, .parameters = {{0}}};
  EXPECT_EQ(where(any), R"(t0."id" = ANY($1::int4[]))");
  any.columns.push_back({0, code});
  any.parameters.push_back({1});
  EXPECT_EQ(where(any), R"((t0."id", t0."code") IN (SELECT * FROM unnest($1::int4[], $2::bpchar[])))");
}

// Texts as the server answers the values themselves, whatever a cast makes of them; keys that differ by text.
TEST_F(DialectTest, BundleOfPartsAsTexts) {
  for (catalog::Column column :
       {column("yes", TypeKind::boolean, "boolean"), column("at", TypeKind::inet, "inet"),
        column("wide", TypeKind::decimal, "numeric")})
    catalog_.columns.push_back(column);
  const ColumnId yes{9}, at{10}, wide{11};
  Bundle bundle{.catalog = &catalog_, .width = 4, .rows_max = 9};
  bundle.parts.push_back({.statement = Select{.catalog = &catalog_,
                                              .from = child,
                                              .outputs = {{0, yes}, {0, at}, {0, wide}, {0, code}},
                                              .where = compare(id, Comparison::equal)},
                          .parameters = {{4}}});
  const Keys keys{.columns = {key},
                  .parent_columns = {wide},
                  .parameters = {{0}},
                  .of_part = KeysOfPart{.part = 0, .cells = {2}, .rows_max = 5}};
  bundle.parts.push_back(
      {.statement = Select{.catalog = &catalog_, .from = child, .count = true, .keys = keys},
       .parameters = {{0}}});
  const auto statement = postgres_dialect().render(bundle);
  ASSERT_TRUE(statement);
  EXPECT_EQ(statement->parameter_count, 5u);
  EXPECT_EQ(
      statement->text,
      R"(WITH q0(c0, c1, c2, c3) AS (SELECT t0."yes", t0."at", t0."wide", t0."code" FROM "s"."child" AS t0 )"
      R"(WHERE t0."id" = $5), q1(c0, c1) AS (SELECT k.c0, count(*) FROM (SELECT DISTINCT ON (q0.c2::text) )"
      R"(q0.c2 FROM (SELECT * FROM q0 LIMIT 5) AS q0 WHERE q0.c2 IS NOT NULL) AS k(c0) JOIN "s"."child" AS )"
      R"(t0 ON t0."parent_id" = k.c0 GROUP BY k.c0) )"
      R"(SELECT CASE WHEN q0.c0 IS DISTINCT FROM NULL THEN concat(q0.c0) END, )"
      R"(CASE WHEN q0.c1 IS DISTINCT FROM NULL THEN concat(q0.c1) END, q0.c2::text, )"
      R"(CASE WHEN q0.c3 IS DISTINCT FROM NULL THEN concat(q0.c3) END, 0 FROM q0 )"
      R"(UNION ALL SELECT q1.c0::text, q1.c1::text, NULL, NULL, 1 FROM q1 LIMIT 9)");
}

}  // namespace
}  // namespace tenon::sql
