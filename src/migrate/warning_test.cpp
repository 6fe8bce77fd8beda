#include "migrate/warning.h"

#include <string>

#include <gtest/gtest.h>

#include "migrate/diff.h"
#include "tests/support/catalog_builder.h"

namespace tenon::migrate {
namespace {

using catalog::Catalog;
using catalog::ColumnId;
using catalog::TableId;

std::vector<std::string> messages(const std::vector<Finding>& findings) {
  std::vector<std::string> list;
  for (const Finding& finding : findings) list.push_back(finding.message);
  return list;
}

struct Pairs {
  Catalog before;
  Catalog after;
  Difference difference() const { return diff({&before, &after}, {}); }
};

// T(id, gone, text, maybe) becomes T(id, text varchar(10), maybe required, added); U goes.
Pairs pairs() {
  Pairs pairs;
  for (Catalog* catalog : {&pairs.before, &pairs.after}) {
    test::CatalogBuilder builder;
    auto& table = builder.table_with_id("T");
    const bool is_before = catalog == &pairs.before;
    if (is_before) table.optional("gone", test::int_type());
    catalog::ColumnType text = test::text_type();
    if (!is_before) {
      text = test::type(catalog::TypeKind::varchar, "character varying(10)");
      text.length = 10;
    }
    table.required("text", text);
    if (is_before) table.optional("maybe", test::int_type());
    if (!is_before) table.required("maybe", test::int_type());
    if (!is_before) table.required("added", test::int_type());
    if (is_before) builder.table_with_id("U");
    *catalog = builder.build();
  }
  return pairs;
}

TEST(Warning, WithoutCountsTablesAreTakenToHaveRows) {
  const Pairs both = pairs();
  const Findings findings = check(both.difference());
  EXPECT_EQ(
      messages(findings.warnings),
      (std::vector<std::string>{
          "You are about to drop the column `gone` on the `T` table. All the data in the column will be "
          "lost.",
          "You are about to alter the column `text` on the `T` table. The data in that column could be lost. "
          "The data in that column will be cast from `Text` to `VarChar(10)`.",
          "You are about to drop the `U` table. If the table is not empty, all the data it contains will be "
          "lost."}));
  EXPECT_EQ(
      messages(findings.unexecutable),
      (std::vector<std::string>{
          "Added the required column `added` to the `T` table without a default value. This is not possible "
          "if "
          "the table is not empty.",
          "Made the column `maybe` on table `T` required. This step will fail if there are existing NULL "
          "values in that column."}));
}

TEST(Warning, WithCountsTheyAreExact) {
  const Pairs both = pairs();
  const Difference difference = both.difference();
  Statistics statistics;
  std::uint64_t count = 10;
  for (const CountQuestion& question : questions(difference)) statistics.set(question, count++);
  const Findings findings = check(difference, statistics);
  EXPECT_EQ(
      messages(findings.warnings),
      (std::vector<std::string>{
          "You are about to drop the column `gone` on the `T` table, which still contains 10 non-null "
          "values.",
          "You are about to alter the column `text` on the `T` table, which contains 12 non-null values. The "
          "data in that column will be cast from `Text` to `VarChar(10)`.",
          "You are about to drop the `U` table, which is not empty (14 rows)."}));
  EXPECT_EQ(
      messages(findings.unexecutable),
      (std::vector<std::string>{
          "Added the required column `added` to the `T` table without a default value. There are 11 rows in "
          "this table, it is not possible to execute this step.",
          "Made the column `maybe` on table `T` required, but there are 13 existing NULL values."}));
}

TEST(Warning, WhatIsEmptyLosesNothing) {
  const Pairs both = pairs();
  const Difference difference = both.difference();
  Statistics statistics;
  for (const CountQuestion& question : questions(difference)) statistics.set(question, 0);
  const Findings findings = check(difference, statistics);
  EXPECT_TRUE(findings.warnings.empty());
  EXPECT_TRUE(findings.unexecutable.empty());
}

}  // namespace
}  // namespace tenon::migrate
