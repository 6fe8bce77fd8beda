// Many-to-many relations: which link tables make lists, and under which names.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "api/schema/exposure.h"
#include "api/test_schema.h"
#include "api/test_shop.h"

namespace tenon::api {
namespace {

catalog::Column int_column(std::string name) {
  return test_column(std::move(name), catalog::TypeKind::int64, "bigint");
}

// post and tag, and between them a link table of the given columns beside its two keys.
TestCatalog linked(std::vector<catalog::Column> post_columns = {}) {
  TestCatalog c;
  post_columns.insert(post_columns.begin(), id_column());
  c.add({.name = "post", .model_name = "Post", .columns = std::move(post_columns)});
  c.add({.name = "tag", .model_name = "Tag", .columns = {id_column(), text_column("name")}});
  return c;
}

TestTable link_table(std::vector<std::string> key = {"post_id", "tag_id"}) {
  return {.name = "post_tag",
          .model_name = "PostTag",
          .columns = {int_column("post_id"), int_column("tag_id"), nullable(text_column("note"))},
          .key = std::move(key),
          .foreign_keys = {{{"post_id"}, "post", {"id"}, "post", "post_tags"},
                           {{"tag_id"}, "tag", {"id"}, "tag", "post_tags"}}};
}

// The fields of a type that are connections, `name: Type`.
std::vector<std::string> lists_of(const Built& built, std::string_view type) {
  std::vector<std::string> found;
  const graphql::Schema& schema = *built.schema->graphql;
  for (const graphql::FieldId id : schema[*schema.find_type(type)].fields)
    if ((*built.schema)[id].kind == OutputBinding::Kind::to_many)
      found.push_back(std::string(schema[id].name) + ": " + schema.to_string(schema[id].type));
  return found;
}

using Names = std::vector<std::string>;

TEST(LinkTables, AreListsOnBothSidesAndStayModels) {
  TestCatalog c = linked();
  c.add(link_table());
  const Built built = build(c.finish());
  EXPECT_EQ(lists_of(built, "Post"),
            (Names{"post_tags: ModelPostTagConnection", "tags: ModelTagConnection"}));
  EXPECT_EQ(lists_of(built, "Tag"),
            (Names{"post_tags: ModelPostTagConnection", "posts: ModelPostConnection"}));
  EXPECT_EQ(built.messages, "");
}

TEST(LinkTables, StepAsideForFieldsOfTheirName) {
  TestCatalog c = linked({text_column("tags")});
  c.add(link_table());
  EXPECT_EQ(lists_of(build(c.finish()), "Post"),
            (Names{"post_tags: ModelPostTagConnection", "tagsViaPostTag: ModelTagConnection"}));
}

TEST(LinkTables, WithoutAFreeNameAreReported) {
  TestCatalog c = linked({text_column("tags"), text_column("tagsViaPostTag")});
  c.add(link_table());
  const Built built = build(c.finish());
  EXPECT_EQ(lists_of(built, "Post"), (Names{"post_tags: ModelPostTagConnection"}));
  EXPECT_NE(built.messages.find("tagsViaPostTag of the model Post is left out"), std::string::npos);
}

TEST(LinkTables, HaveNothingButTheirTwoKeysAsPrimaryKey) {
  TestCatalog c = linked();
  c.add(link_table({"post_id", "tag_id", "note"}));
  EXPECT_EQ(lists_of(build(c.finish()), "Post"), (Names{"post_tags: ModelPostTagConnection"}));
  TestCatalog one = linked();
  one.add(link_table({"post_id"}));
  EXPECT_EQ(lists_of(build(one.finish()), "Tag"), (Names{"post_tags: ModelPostTagConnection"}));
}

TEST(LinkTables, BetweenRowsOfOneTableAreNamedAfterTheirKeys) {
  TestCatalog c;
  c.add({.name = "person", .model_name = "Person", .columns = {id_column()}});
  c.add({.name = "follow",
         .model_name = "Follow",
         .columns = {int_column("follower_id"), int_column("followee_id")},
         .key = {"follower_id", "followee_id"},
         .foreign_keys = {{{"follower_id"}, "person", {"id"}, "follower", "out"},
                          {{"followee_id"}, "person", {"id"}, "followee", "in"}}});
  const Built built = build(c.finish());
  EXPECT_EQ(lists_of(built, "Person"),
            (Names{"out: ModelFollowConnection", "in: ModelFollowConnection",
                   "followees: ModelPersonConnection", "followers: ModelPersonConnection"}));
  // The followees of a person are the rows that his rows as follower name.
  const auto& relations = built.schema->relations;
  const auto through = std::ranges::find_if(relations, [](const Relation& r) { return r.link.has_value(); });
  ASSERT_NE(through, relations.end());
  EXPECT_EQ((*built.schema->catalog)[through->link->from_columns[0]].name, "follower_id");
  EXPECT_EQ((*built.schema->catalog)[through->link->to_columns[0]].name, "followee_id");
}

// A model is closed until a rule opens it, and its rows are what the lists tell.
TEST(LinkTables, OfAClosedModelAreClosed) {
  TestCatalog c = linked();
  c.add(link_table());
  const auto catalog = c.finish();
  Overlay overlay = open_overlay(*catalog);
  overlay.access[2] = {};
  base::Diagnostics diagnostics;
  const Built built{build_schema(catalog, std::move(overlay), diagnostics), {}};
  EXPECT_EQ(lists_of(built, "Post"), Names{});
}

TEST(LinkTables, OfSchemaFilesHaveTheNamesThatTheyGive) {
  const auto schema = test_schema(R"(
model Post {
  id       Int        @id
  topics   Category[]
  next     Post[]     @relation("order")
  previous Post[]     @relation("order")
}
model Category {
  id      String @id
  entries Post[]
}
)");
  const Built built{schema, {}};
  Names lists = lists_of(built, "Post");
  std::ranges::sort(lists);
  EXPECT_EQ(lists, (Names{"next: ModelPostConnection", "previous: ModelPostConnection",
                          "topics: ModelCategoryConnection"}));
  EXPECT_EQ(lists_of(built, "Category"), (Names{"entries: ModelPostConnection"}));
}

// Keys of several columns may share one, such as a tenant's.
TEST(LinkTables, MayShareColumnsBetweenTheirKeys) {
  TestCatalog c;
  for (const char* name : {"post", "tag"})
    c.add({.name = name,
           .model_name = upper_first(name),
           .columns = {int_column("tenant"), int_column("id")},
           .key = {"tenant", "id"}});
  c.add({.name = "post_tag",
         .model_name = "PostTag",
         .columns = {int_column("tenant"), int_column("post_id"), int_column("tag_id")},
         .key = {"tenant", "post_id", "tag_id"},
         .foreign_keys = {{{"tenant", "post_id"}, "post", {"tenant", "id"}, "post", "links"},
                          {{"tenant", "tag_id"}, "tag", {"tenant", "id"}, "tag", "links"}}});
  EXPECT_EQ(lists_of(build(c.finish()), "Tag"),
            (Names{"links: ModelPostTagConnection", "posts: ModelPostConnection"}));
}

}  // namespace
}  // namespace tenon::api
