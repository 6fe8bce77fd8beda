#include "catalog/merge.h"

#include <gtest/gtest.h>

namespace tenon::catalog {
namespace {

// A table with a column of an enum, a key, a foreign key to itself and a check.
Catalog sample(Engine engine, const std::string& name, const std::string& model) {
  Catalog catalog{.engine = engine, .schemas = {{"main"}}};
  catalog.enums.push_back(
      {.schema = {0}, .name = name + "_mood", .values = {{"sad", "sad"}}, .enum_name = "Mood"});
  catalog.tables.push_back({.schema = {0},
                            .name = name,
                            .columns = {0, 2},
                            .indexes = {0, 1},
                            .foreign_keys = {0, 1},
                            .model_name = model});
  catalog.columns.push_back({.table = {0}, .name = "id", .type = {.kind = TypeKind::int32, .native = "int"}});
  catalog.columns.push_back(
      {.table = {0},
       .name = "mood",
       .type = {.kind = TypeKind::enumeration, .native = "mood", .enum_id = EnumId{0}}});
  catalog.indexes.push_back({.table = {0},
                             .name = "pk",
                             .kind = IndexKind::primary,
                             .parts = {{.column = ColumnId{0}}},
                             .included = {{1}}});
  catalog.foreign_keys.push_back(
      {.table = {0}, .name = "fk", .columns = {{1}}, .target = {0}, .target_columns = {{0}}});
  catalog.checks.push_back({.table = {0}, .name = "c", .definition = "true", .columns = {{1}}});
  catalog.domains.push_back({.schema = {0}, .name = "d", .base = {.enum_id = EnumId{0}}});
  catalog.sequences.push_back({.schema = {0}, .name = "s", .owned_by = ColumnId{0}});
  catalog.exclusions.push_back({.table = {0}, .name = "x", .definition = "y"});
  return catalog;
}

TEST(Merge, KeepsBothAndShiftsEveryId) {
  const Catalog all =
      merge({{"shop", sample(Engine::postgresql, "a", "A")}, {"billing", sample(Engine::mysql, "b", "B")}});
  EXPECT_EQ(describe(all), R"(database shop postgresql
database billing mysql
schema main of shop
schema main of billing
enum main.a_mood: sad=sad as "Mood"
enum main.b_mood: sad=sad as "Mood"
domain main.d  (other main.a_mood)
domain main.d  (other main.b_mood)
sequence main.s start 1 increment 1 owned by main.a.id
sequence main.s start 1 increment 1 owned by main.b.id

table main.a as model "A"
  id int (int32)
  mood mood (enumeration main.a_mood)
  primary key pk btree (id) include (mood)
  foreign key fk (mood) to main.a (id)
  check c true
  exclusion x y

table main.b as model "B"
  id int (int32)
  mood mood (enumeration main.b_mood)
  primary key pk btree (id) include (mood)
  foreign key fk (mood) to main.b (id)
  check c true
  exclusion x y
)");
}

TEST(Merge, KnowsDatabaseAndEngineOfATable) {
  const Catalog all =
      merge({{"shop", sample(Engine::postgresql, "t", "A")}, {"billing", sample(Engine::mysql, "t", "B")}});
  ASSERT_EQ(all.database_count(), 2U);
  EXPECT_EQ(all.database_of(TableId{1}), DatabaseId{1});
  EXPECT_EQ(all.engine_of(TableId{0}), Engine::postgresql);
  EXPECT_EQ(all.engine_of(TableId{1}), Engine::mysql);
  EXPECT_EQ(all.find_table("main", "t"), TableId{0});
  EXPECT_EQ(all.find_table(DatabaseId{1}, "main", "t"), TableId{1});
  EXPECT_EQ(all.find_table(DatabaseId{1}, "main", "a"), std::nullopt);
}

TEST(Merge, ACatalogOfItsOwnIsOneDatabase) {
  const Catalog one = sample(Engine::mysql, "t", "T");
  EXPECT_EQ(one.database_count(), 1U);
  EXPECT_EQ(one.engine_of(TableId{0}), Engine::mysql);
}

TEST(Merge, TellsCollisionsOfNamesAndAPrefixEndsThem) {
  Catalog shop = sample(Engine::postgresql, "t", "T");
  Catalog billing = sample(Engine::mysql, "t", "T");
  const std::vector<NameCollision> both{{"Mood", {0}, {1}}, {"T", {0}, {1}}};
  EXPECT_EQ(name_collisions(merge({{"shop", shop}, {"billing", billing}})), both);
  add_prefix(billing, "Billing");
  EXPECT_EQ(billing.tables[0].model_name, "BillingT");
  EXPECT_EQ(name_collisions(merge({{"shop", shop}, {"billing", billing}})), std::vector<NameCollision>{});
  Catalog hidden = sample(Engine::mysql, "t", "T");
  hidden.tables[0].ignored = true;
  hidden.enums[0].enum_name.clear();
  EXPECT_EQ(name_collisions(merge({{"shop", shop}, {"billing", hidden}})), std::vector<NameCollision>{});
}

}  // namespace
}  // namespace tenon::catalog
