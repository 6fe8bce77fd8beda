// Forms of link tables, related rows, JSON and full text that the API's golden plans do not reach.
#include <gtest/gtest.h>

#include "sql/dialect.h"

namespace tenon::sql {
namespace {

using catalog::ColumnId;
using catalog::TypeKind;
using Kind = Predicate::Kind;

// post(a int, b char(2), doc json, body text indexed for words, words tsvector), link(pa, pb, tag), tag(id)
class RelatedTest : public testing::Test {
 protected:
  RelatedTest() {
    catalog_.schemas.push_back({.name = "s"});
    add_table("post",
              {column("a", TypeKind::int32, "integer"), column("b", TypeKind::character, "character(2)"),
               column("doc", TypeKind::json, "json"), column("body", TypeKind::text, "text"),
               column("words", TypeKind::tsvector, "tsvector")});
    add_table("link",
              {column("pa", TypeKind::int32, "integer"), column("pb", TypeKind::character, "character(2)"),
               column("tag", TypeKind::int32, "integer")});
    add_table("tag", {column("id", TypeKind::int32, "integer")});
    catalog::Index index{.table = post, .name = "i", .method = "gin"};
    index.parts.push_back(
        {.expression = "to_tsvector('pg_catalog.simple'::regconfig, COALESCE(body, ''::text))"});
    catalog_.indexes.push_back(index);
    catalog_.tables[post.value].indexes = {0, 1};
  }

  static catalog::Column column(std::string name, TypeKind kind, std::string native) {
    catalog::Column result;
    result.name = std::move(name);
    result.type = {.kind = kind, .native = std::move(native)};
    return result;
  }
  void add_table(std::string name, std::vector<catalog::Column> columns) {
    const catalog::TableId table{static_cast<std::uint32_t>(catalog_.tables.size())};
    catalog_.tables.push_back({.name = std::move(name),
                               .columns = {static_cast<std::uint32_t>(catalog_.columns.size()),
                                           static_cast<std::uint32_t>(columns.size())}});
    for (catalog::Column& one : columns) {
      one.table = table;
      catalog_.columns.push_back(std::move(one));
    }
  }

  static constexpr catalog::TableId post{0}, link{1}, tag{2};
  static constexpr ColumnId a{0}, b{1}, doc{2}, body{3}, words{4}, pa{5}, pb{6}, link_tag{7}, id{8};

  static Predicate compare(ColumnId column, Comparison comparison) {
    return {.kind = Kind::compare, .comparison = comparison, .columns = {{0, column}}, .parameters = {{0}}};
  }
  static Keys posts_of_tags() {
    return {.columns = {link_tag},
            .link = Link{.table = link, .far_columns = {pa, pb}, .target_columns = {a, b}},
            .parent_columns = {id},
            .parameters = {{0}}};
  }
  static Keys tags_of_posts() {
    return {.columns = {pa, pb},
            .link = Link{.table = link, .far_columns = {link_tag}, .target_columns = {id}},
            .parent_columns = {a, b},
            .parameters = {{0}, {1}}};
  }
  std::string where(Predicate predicate) {
    const Select select{
        .catalog = &catalog_, .from = post, .outputs = {{0, a}}, .where = std::move(predicate)};
    const std::string text = postgres_dialect().render(select).text;
    return text.substr(text.find("WHERE ") + 6);
  }

  catalog::Catalog catalog_;
};

TEST_F(RelatedTest, RowsThroughALinkTableByOneArray) {
  const Select select{.catalog = &catalog_,
                      .from = post,
                      .outputs = {{0, a}},
                      .order = {{.column = {0, a}}},
                      .keys = posts_of_tags()};
  EXPECT_EQ(postgres_dialect().render(select).text,
            R"(SELECT l0."tag", t0."a" FROM "s"."post" AS t0 JOIN "s"."link" AS l0 ON t0."a" = l0."pa" AND )"
            R"(t0."b" = l0."pb" WHERE l0."tag" = ANY($1::int4[]) ORDER BY l0."tag", t0."a")");
}

TEST_F(RelatedTest, RowsThroughALinkTableByKeysOfSeveralColumns) {
  Select select{.catalog = &catalog_, .from = tag, .outputs = {{0, id}}, .keys = tags_of_posts()};
  EXPECT_EQ(
      postgres_dialect().render(select).text,
      R"(SELECT k.c0, k.c1, t0."id" FROM unnest($1::int4[], $2::bpchar[]) AS k(c0, c1) JOIN "s"."link" AS )"
      R"(l0 ON l0."pa" = k.c0 AND l0."pb" = k.c1 JOIN "s"."tag" AS t0 ON t0."id" = l0."tag" ORDER BY )"
      R"(k.c0, k.c1)");
  select.limit = 2;
  EXPECT_EQ(
      postgres_dialect().render(select).text,
      R"(SELECT k.c0, k.c1, t0."id" FROM unnest($1::int4[], $2::bpchar[]) AS k(c0, c1) CROSS JOIN LATERAL )"
      R"((SELECT t0."id" FROM "s"."tag" AS t0 JOIN "s"."link" AS l0 ON t0."id" = l0."tag" WHERE )"
      R"(l0."pa" = k.c0 AND l0."pb" = k.c1 LIMIT 2) AS t0)");
}

// An EXISTS inside of an EXISTS, and beside it: each has a name of its own, and each row is compared with the
// one right around it.
TEST_F(RelatedTest, ScopesNestAndEnd) {
  const auto tags = [](Predicate condition) {
    Predicate result{
        .kind = Kind::exists,
        .related = RelatedRows{
            .table = tag, .parent_columns = {a, b}, .columns = {pa, pb}, .link = tags_of_posts().link}};
    result.children = {std::move(condition)};
    return result;
  };
  Predicate posts{
      .kind = Kind::exists,
      .related = RelatedRows{
          .table = post, .parent_columns = {id}, .columns = {link_tag}, .link = posts_of_tags().link}};
  Predicate exception{.kind = Kind::not_true};
  exception.children = {compare(a, Comparison::greater)};
  posts.children = {exception};
  Predicate all{.kind = Kind::and_};
  all.children = {tags(posts), tags({}), compare(a, Comparison::less)};
  EXPECT_EQ(
      where(all),
      R"(EXISTS (SELECT 1 FROM "s"."tag" AS e1 JOIN "s"."link" AS l1 ON e1."id" = l1."tag" WHERE )"
      R"(l1."pa" = t0."a" AND l1."pb" = t0."b" AND EXISTS (SELECT 1 FROM "s"."post" AS e2 JOIN "s"."link" AS )"
      R"(l2 ON e2."a" = l2."pa" AND e2."b" = l2."pb" WHERE l2."tag" = e1."id" AND (e2."a" > $1) IS NOT TRUE)) )"
      R"(AND EXISTS (SELECT 1 FROM "s"."tag" AS e3 JOIN "s"."link" AS l3 ON e3."id" = l3."tag" WHERE )"
      R"(l3."pa" = t0."a" AND l3."pb" = t0."b") AND t0."a" < $1)");
}

TEST_F(RelatedTest, JsonTextIsComparedAsJson) {
  EXPECT_EQ(where(compare(doc, Comparison::json_contains)), R"(t0."doc"::jsonb @> $1)");
  EXPECT_EQ(where(compare(doc, Comparison::like)), R"((t0."doc"::jsonb #>> '{}'::text[]) LIKE $1)");
  Predicate part = compare(doc, Comparison::not_equal);
  part.path = {{1}};
  EXPECT_EQ(where(part), R"((t0."doc"::jsonb #> $2::text[]) IS DISTINCT FROM $1)");
}

TEST_F(RelatedTest, WordsAreSearchedAsTheIndexHasThem) {
  EXPECT_EQ(where(compare(body, Comparison::search)),
            R"(to_tsvector('pg_catalog.simple'::regconfig, COALESCE(t0."body", '')) @@ )"
            R"(websearch_to_tsquery('pg_catalog.simple'::regconfig, $1))");
  EXPECT_EQ(where(compare(words, Comparison::search)), R"(t0."words" @@ websearch_to_tsquery($1))");
}

}  // namespace
}  // namespace tenon::sql
