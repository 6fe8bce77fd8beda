#include "tests/support/golden.h"

#include <gtest/gtest.h>

#include "api/test_schema.h"
#include "graphql/schema_builder.h"

namespace tenon::api {
namespace {

using catalog::TypeKind;

TEST(ApiSchemaText, OfABlog) {
  const Built built = build(blog().finish());
  EXPECT_EQ(built.messages, "");
  ASSERT_TRUE(built.schema);
  test::expect_golden("tests/golden/api/blog.schema.graphql", graphql::print_schema(*built.schema->graphql));
}

TEST(ApiSchemaText, OfEveryType) {
  TestCatalog c;
  const auto mood = c.add_enum("mood", "mood", {{"sad", "sad"}, {"so so", "so_so"}});
  std::vector<catalog::Column> columns{id_column()};
  for (std::size_t kind = 0; kind <= static_cast<std::size_t>(TypeKind::other); ++kind) {
    const auto type = static_cast<TypeKind>(kind);
    catalog::Column column = test_column("a_" + std::string(catalog::to_string(type)), type);
    if (type == TypeKind::enumeration) column.type.enum_id = mood;
    catalog::Column list = list_of(column);
    list.name = list.field_name = list.name + "_list";
    columns.push_back(std::move(column));
    columns.push_back(std::move(list));
  }
  c.add({.name = "all_types", .model_name = "all_types", .columns = std::move(columns)});
  const Built built = build(c.finish());
  EXPECT_EQ(built.messages, "");
  ASSERT_TRUE(built.schema);
  test::expect_golden("tests/golden/api/all_types.schema.graphql",
                      graphql::print_schema(*built.schema->graphql));
}

}  // namespace
}  // namespace tenon::api
