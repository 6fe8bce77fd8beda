#include "api/run/rows.h"

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

class Split : public testing::Test {
 protected:
  // The parts' rows, `1,2;3|…`; "refused" where the answer has not their form.
  std::string split(FakeRows rows) {
    const auto parts = api::split(single_, std::make_unique<FakeResultSet>(std::move(rows)));
    if (!parts) return "refused";
    std::string text;
    for (std::size_t i = 0; i < parts->size(); ++i) {
      const sql::ResultSet& part = *(*parts)[i];
      if (i > 0) text += '|';
      EXPECT_EQ(part.column_count(), single_.parts[i].width);
      std::vector<sql::Cell> cells(part.column_count());
      for (std::size_t row = 0; row < part.row_count(); ++row) {
        part.read(row, cells);
        for (const sql::Cell& one : cells) text += one.is_null() ? "-," : std::string(one.text()) + ",";
        text.back() = ';';
      }
    }
    return text;
  }

  SingleStatement single_{
      .statement = {}, .parts = {{.level = 0, .width = 1}, {.level = 1, .width = 2}}, .rows_max = 9};
};

TEST_F(Split, RowsGoToTheirPartsAndKeepTheirOrder) {
  EXPECT_EQ(split({{"a", std::nullopt, "0"}, {"b", std::nullopt, "0"}, {"a", "1", "1"}}), "a;b;|a,1;");
  EXPECT_EQ(split({{"a", "1", "1"}, {"b", "x", "0"}, {"c", std::nullopt, "1"}}), "b;|a,1;c,-;");
  EXPECT_EQ(split({}), "|");
}

TEST_F(Split, WhatNobodyAskedForIsRefused) {
  for (const char* part : {"2", "-1", "", "1x", "99999999999"})
    EXPECT_EQ(split({{"a", "b", part}}), "refused") << part;
  EXPECT_EQ(split({{"a", "b", std::nullopt}}), "refused");
  EXPECT_EQ(split({{"a", "1"}}), "refused");  // a part of two cells
}

}  // namespace
}  // namespace tenon::api
