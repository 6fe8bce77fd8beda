#include <gtest/gtest.h>

#include "catalog/catalog.h"

namespace tenon::catalog {
namespace {

// Two tables with what introspection never sets: exposed names, values made by the client, MySQL's parts.
Catalog sample() {
  Catalog catalog{.engine = Engine::mysql, .schemas = {{"shop"}}};
  catalog.enums.push_back({.schema = {0}, .name = "mood", .values = {{"sad", "Sad"}}, .enum_name = "Mood"});
  catalog.tables.push_back(
      {.schema = {0}, .name = "users", .columns = {0, 2}, .indexes = {0, 1}, .model_name = "User"});
  catalog.tables.push_back({.schema = {0},
                            .name = "posts",
                            .columns = {2, 1},
                            .foreign_keys = {0, 1},
                            .ignored = true,
                            .implicit_link = true});
  catalog.columns.push_back({.table = {0},
                             .name = "id",
                             .type = {.kind = TypeKind::int8, .native = "tinyint", .is_unsigned = true},
                             .nullable = false,
                             .field_name = "key",
                             .client_default = {.kind = ClientDefault::Kind::nanoid, .argument = 9}});
  catalog.columns.push_back({.table = {0},
                             .name = "at",
                             .type = {.kind = TypeKind::timestamp, .native = "datetime(3)", .precision = 3},
                             .on_update = "CURRENT_TIMESTAMP(3)",
                             .updated_at = true,
                             .ignored = true});
  catalog.columns.push_back(
      {.table = {1}, .name = "user", .type = {.kind = TypeKind::year, .native = "year"}});
  catalog.indexes.push_back({.table = {0},
                             .name = "by_at",
                             .kind = IndexKind::fulltext,
                             .parts = {{.column = ColumnId{1}, .length = 10}},
                             .client_name = "byAt"});
  catalog.foreign_keys.push_back({.table = {1},
                                  .name = "fk",
                                  .columns = {{2}},
                                  .target = {0},
                                  .target_columns = {{0}},
                                  .relation_name = "written",
                                  .field_name = "author",
                                  .back_field_name = "posts"});
  return catalog;
}

TEST(Describe, ShowsWhatTheSchemaLanguageAdds) {
  EXPECT_EQ(describe(sample()), R"list(schema shop
enum shop.mood: sad="Sad" as "Mood"

table shop.users as model "User"
  id tinyint (int8 unsigned) not null as field key client default nanoid(9)
  at datetime(3) (timestamp precision 3) on update "CURRENT_TIMESTAMP(3)" updated at ignored
  fulltext by_at btree (at(10)) as "byAt"

table shop.posts ignored implicit link
  user year (year)
  foreign key fk (user) to shop.users (id) as relation written as field author back field posts
)list");
}

TEST(Describe, DiffersWhenTheCatalogDiffers) {
  const Catalog before = sample();
  Catalog after = before;
  after.columns[2].nullable = false;
  EXPECT_NE(describe(before), describe(after));
  after = before;
  after.foreign_keys[0].on_delete = ReferentialAction::cascade;
  EXPECT_NE(describe(before), describe(after));
}

TEST(TypeKind, HasANameForEachKind) {
  EXPECT_EQ(to_string(TypeKind::boolean), "boolean");
  EXPECT_EQ(to_string(TypeKind::year), "year");
  EXPECT_EQ(to_string(TypeKind::enumeration), "enumeration");
  EXPECT_EQ(to_string(TypeKind::tsquery), "tsquery");
  EXPECT_EQ(to_string(TypeKind::hstore), "hstore");
  EXPECT_EQ(to_string(TypeKind::other), "other");
}

}  // namespace
}  // namespace tenon::catalog
