#include "catalog/text_search.h"

#include <string>

#include <gtest/gtest.h>

namespace tenon::catalog {
namespace {

// A table with one column `body` and one index over an expression.
class TextSearchTest : public testing::Test {
 protected:
  TextSearchTest() {
    catalog_.schemas.push_back({.name = "public"});
    catalog_.columns.push_back({.name = "Body"});
    column().type.kind = TypeKind::text;
    Index index{.name = "i", .method = "gin"};
    index.parts.resize(1);
    catalog_.indexes.push_back(index);
    catalog_.tables.push_back({.name = "t", .columns = {0, 1}, .indexes = {0, 1}});
  }
  Column& column() { return catalog_.columns[0]; }
  Index& index() { return catalog_.indexes[0]; }
  std::optional<TextSearch> with(std::string expression) {
    index().parts[0].expression = std::move(expression);
    return text_search(catalog_, ColumnId{0});
  }

  Catalog catalog_;
};

TEST_F(TextSearchTest, AnIndexOverTheColumnAlone) {
  const auto found = with("to_tsvector('english'::regconfig, \"Body\")");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->configuration, "english");
  EXPECT_FALSE(found->is_vector);
  EXPECT_FALSE(found->coalesced);
  EXPECT_TRUE(with("to_tsvector('pg_catalog.simple'::regconfig, (\"Body\")::text)"));
  EXPECT_TRUE(with("to_tsvector('simple'::regconfig, \"Body\"::text)"));
  EXPECT_TRUE(
      with("to_tsvector('simple'::regconfig, COALESCE(\"Body\", ''::character varying)::text)")->coalesced);
  EXPECT_TRUE(with("to_tsvector('simple'::regconfig, COALESCE(\"Body\", ''::text))")->coalesced);
  EXPECT_TRUE(
      with("to_tsvector('simple'::regconfig, (COALESCE(\"Body\", ''::character varying))::text)")->coalesced);
}

TEST_F(TextSearchTest, OtherExpressionsAreNone) {
  EXPECT_FALSE(with("to_tsvector('english'::regconfig, title)"));
  EXPECT_FALSE(with("to_tsvector('english'::regconfig, ((title || ' '::text) || \"Body\"))"));
  EXPECT_FALSE(with("to_tsvector(language, \"Body\")"));
  EXPECT_FALSE(with("to_tsvector('x'') || evil('::regconfig, \"Body\")"));
  EXPECT_FALSE(with("lower(\"Body\")"));
  index().predicate = "id > 5";
  EXPECT_FALSE(with("to_tsvector('english'::regconfig, \"Body\")"));
  index().predicate.clear();
  index().method = "btree";
  EXPECT_FALSE(with("to_tsvector('english'::regconfig, \"Body\")"));
}

TEST_F(TextSearchTest, AVectorIsSearchedInTheConfigurationItWasMadeWith) {
  column().type.kind = TypeKind::tsvector;
  EXPECT_EQ(with("")->configuration, "");
  column().generated = "setweight(to_tsvector('german'::regconfig, title), 'A'::\"char\")";
  EXPECT_EQ(with("")->configuration, "german");
  EXPECT_TRUE(with("")->is_vector);
}

}  // namespace
}  // namespace tenon::catalog
