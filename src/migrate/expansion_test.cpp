// What scripts say of changes in two steps, which are open, and how a catalog looks to schema files
// meanwhile.
#include "migrate/expansion.h"

#include <gtest/gtest.h>

namespace tenon::migrate {
namespace {

using Kind = Expansion::Kind;
using namespace catalog;

TEST(Expansion, IsReadAsItIsWritten) {
  const std::vector<Expansion> all{
      {.kind = Kind::rename_column, .table = "order", .column = "title", .to = "headline"},
      {.kind = Kind::rename_column, .schema = "s", .table = "a \"b\"", .column = "c.d", .to = "e\" to \"f"},
      {.kind = Kind::change_type, .table = "order", .column = "n", .to = "n_new"},
      {.kind = Kind::rename_table, .schema = "s", .table = "a", .to = "b"},
      {.kind = Kind::drop_column, .table = "order", .column = "n"},
      {.kind = Kind::drop_table, .schema = "s", .table = "drop-table"}};
  for (const Expansion& each : all) EXPECT_EQ(read_expansion(to_string(each)), each) << to_string(each);
  EXPECT_EQ(to_string(all[0]), R"(column "order"."title" to "headline")");
}

TEST(Expansion, IsNothingElse) {
  for (const char* text :
       {"", "column", "column order.title to headline", R"(column "order" to "b")", R"(column "a"."b" to)",
        R"(column "a"."b" to "c" now)", R"(column "a"."b"."c"."d" to "e")", R"(type "a"."b" to "c")",
        R"(table "a)", R"(table "" to "b")", R"(drop-table "a" to "b")", R"(columns "a"."b" to "c")"})
    EXPECT_FALSE(read_expansion(text)) << text;
}

Migration script(std::string text) { return {.name = "m", .text = std::move(text)}; }

TEST(Expansion, IsOpenUntilItIsContracted) {
  const Migration one = script(
      "-- tenon: expand column \"a\".\"b\" to \"c\"\n-- tenon: expand table \"t\" to \"u\"\nSELECT 1;\n");
  const Migration two = script("-- tenon: contract column \"a\".\"b\" to \"c\"\r\nSELECT 1;\n");
  const Migration other =
      script("-- tenon: contract column \"a\".\"b\" to \"d\"\n-- tenon: expand nonsense\n");
  EXPECT_EQ(open_expansions({&one}).size(), 2U);
  EXPECT_EQ(open_expansions({&one, &one, &other}).size(), 2U);
  ASSERT_EQ(open_expansions({&one, &two}).size(), 1U);
  EXPECT_EQ(open_expansions({&one, &two})[0].kind, Kind::rename_table);
  EXPECT_EQ(open_expansions({&two, &one}).size(), 2U);
  EXPECT_TRUE(speaks_of_expansions(*two.text));
  EXPECT_FALSE(speaks_of_expansions("-- tenon: expand nonsense\n-- expand table \"t\" to \"u\"\n"));
}

// Table item(id, old, new) with an index over each of the last two, and a view.
Catalog catalog_between() {
  Catalog catalog;
  catalog.schemas.push_back({.name = "public"});
  catalog.tables.push_back({.schema = {0}, .name = "item"});
  catalog.tables.push_back({.schema = {0}, .name = "thing", .kind = TableKind::view});
  for (const char* name : {"id", "old", "new"}) {
    catalog.columns.push_back({.table = {0}, .name = name});
    catalog.columns.back().type.kind = TypeKind::int32;
  }
  catalog.columns[1].default_value = {.kind = Default::Kind::literal, .text = "1"};
  catalog.columns.push_back({.table = {1}, .name = "id"});
  catalog.tables[0].columns = {0, 3};
  catalog.tables[1].columns = {3, 1};
  for (const std::uint32_t column : {1U, 2U})
    catalog.indexes.push_back(
        {.table = {0}, .name = column == 1 ? "i" : "i_new", .parts = {{.column = ColumnId{column}}}});
  catalog.tables[0].indexes = {0, 2};
  catalog.tables[1].indexes = {2, 0};
  return catalog;
}

TEST(Expansion, IsSeenAsIfItWereEnded) {
  const Catalog seen =
      settled(catalog_between(),
              {{.kind = Kind::rename_column, .table = "item", .column = "old", .to = "new"}}, "public");
  ASSERT_EQ(seen.tables[0].columns.size(), 2U);
  EXPECT_EQ(seen.columns[1].name, "new");
  EXPECT_EQ(seen.columns[1].default_value.text, "1");
  EXPECT_EQ(seen.columns[2].table, TableId{1});
  EXPECT_EQ(seen.tables[1].columns.first, 2U);
  ASSERT_EQ(seen.indexes.size(), 1U);
  EXPECT_EQ(seen.indexes[0].name, "i");
  EXPECT_EQ(seen.indexes[0].parts[0].column, ColumnId{1});
}

TEST(Expansion, GivesTheNameOfAColumnWhoseTypeChanges) {
  const Catalog seen =
      settled(catalog_between(), {{.kind = Kind::change_type, .table = "item", .column = "old", .to = "new"}},
              "public");
  ASSERT_EQ(seen.tables[0].columns.size(), 2U);
  EXPECT_EQ(seen.columns[1].name, "old");
  EXPECT_EQ(seen.columns[1].default_value.kind, Default::Kind::none);
}

TEST(Expansion, HidesWhatGoes) {
  EXPECT_EQ(
      settled(catalog_between(), {{.kind = Kind::drop_column, .table = "item", .column = "old"}}, "public")
          .columns.size(),
      3U);
  EXPECT_EQ(settled(catalog_between(), {{.kind = Kind::drop_table, .table = "item"}}, "public").tables.size(),
            1U);
  EXPECT_EQ(
      settled(catalog_between(), {{.kind = Kind::rename_table, .table = "thing", .to = "item"}}, "public")
          .tables.size(),
      1U);
}

TEST(Expansion, PassesOverWhatIsNotThere) {
  const Catalog before = catalog_between();
  for (const Expansion& each : std::vector<Expansion>{
           {.kind = Kind::rename_column, .table = "item", .column = "old", .to = "none"},
           {.kind = Kind::change_type, .table = "none", .column = "old", .to = "new"},
           {.kind = Kind::rename_table, .table = "item", .to = "thing"},
           {.kind = Kind::drop_column, .schema = "other", .table = "item", .column = "old"}})
    EXPECT_EQ(settled(before, {each}, "public"), before) << to_string(each);
}

TEST(Expansion, NamesWhatStandsBesideSomethingWithinTheLimit) {
  EXPECT_EQ(name_beside("title", "_new"), "title_new");
  EXPECT_EQ(name_beside(std::string(63, 'x'), "_new").size(), 63U);
  EXPECT_EQ(name_beside(std::string(58, 'x') + "ää", "_new"), std::string(58, 'x') + "_new");
}

}  // namespace
}  // namespace tenon::migrate
