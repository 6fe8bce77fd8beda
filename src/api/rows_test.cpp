#include "api/rows.h"

#include <gtest/gtest.h>

#include "api/fake_database.h"

namespace tenon::api {
namespace {

sql::Cell cell(std::string_view text) { return {text.data(), static_cast<std::int32_t>(text.size())}; }

TEST(KeyGroups, SameKeySameGroup) {
  KeyGroups keys;
  const sql::Cell a[] = {cell("1")};
  const sql::Cell b[] = {cell("2")};
  const sql::Cell null[] = {{}};
  EXPECT_EQ(keys.add(a), 0u);
  EXPECT_EQ(keys.add(b), 1u);
  EXPECT_EQ(keys.add(a), 0u);
  EXPECT_EQ(keys.add(null), LevelRows::no_group);
  EXPECT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys.array(0), "{1,2}");
}

TEST(KeyGroups, PartsOfAKeyDoNotRunTogether) {
  KeyGroups keys;
  const sql::Cell a[] = {cell("ab"), cell("c")};
  const sql::Cell b[] = {cell("a"), cell("bc")};
  EXPECT_EQ(keys.add(a), 0u);
  EXPECT_EQ(keys.add(b), 1u);
  EXPECT_EQ(keys.find(b), 1u);
  EXPECT_EQ(keys.array(0), R"({"ab","a"})");
  EXPECT_EQ(keys.array(1), R"({"c","bc"})");
}

TEST(KeyGroups, ArraysHoldAnyText) {
  KeyGroups keys;
  for (const std::string_view text : {"NULL", "null", "", "a,b", "q\"\\", "{}", "-1.5", " x"}) {
    const sql::Cell key[] = {cell(text)};
    keys.add(key);
  }
  EXPECT_EQ(keys.array(0), R"({"NULL","null","","a,b","q\"\\","{}",-1.5," x"})");
}

TEST(GroupRows, ExtraRowOfAPageHasNoChildren) {
  const Level parent{.width = 1, .page = 2};
  LevelRows parents;
  parents.rows = std::make_unique<FakeResultSet>(FakeRows{{"1"}, {"2"}, {"3"}});
  parents.starts = {0, 3};
  const Level child{.parent_cells = {0}, .key_count = 1};
  LevelRows children;
  const KeyGroups keys = collect_keys(parent, parents, child, children);
  EXPECT_EQ(keys.array(0), "{1,2}");
  EXPECT_EQ(children.group_of_parent_row[2], LevelRows::no_group);
}

}  // namespace
}  // namespace tenon::api
