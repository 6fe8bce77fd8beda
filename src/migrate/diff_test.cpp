#include "migrate/diff.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "migrate/render.h"
#include "tests/support/catalog_builder.h"

namespace tenon::migrate {
namespace {

using catalog::Catalog;
using catalog::IndexKind;

std::string script(const Catalog& before, const Catalog& after, const DiffOptions& options = {}) {
  return to_text(render(diff({&before, &after}, options)));
}

constexpr std::string_view nothing = "-- This is an empty migration.";

Catalog one_table(const std::string& name, const std::string& column) {
  test::CatalogBuilder builder;
  builder.table_with_id(name).required(column, test::text_type());
  return builder.build();
}

TEST(Diff, RenamesThatAreAskedFor) {
  DiffOptions options;
  options.renames = {{"T", "U"}, {"T.a", "b"}};
  EXPECT_EQ(script(one_table("T", "a"), one_table("U", "b"), options),
            "-- RenameTable\nALTER TABLE \"T\" RENAME TO \"U\";\n\n"
            "-- RenameColumn\nALTER TABLE \"U\" RENAME COLUMN \"a\" TO \"b\";\n\n"
            "-- AlterTable\nALTER TABLE \"U\" RENAME CONSTRAINT \"T_pkey\" TO \"U_pkey\";\n");
}

TEST(Diff, RenamesThatNameNothingAreTold) {
  const Catalog before = one_table("T", "a");
  const Catalog after = one_table("T", "b");
  DiffOptions options;
  options.renames = {{"T.x", "T.b"}};
  const Difference difference = diff({&before, &after}, options);
  ASSERT_EQ(difference.unknown_renames.size(), 1U);
  EXPECT_EQ(difference.unknown_renames[0].from, "T.x");
  ASSERT_EQ(difference.candidates.size(), 1U);
  EXPECT_EQ(difference.candidates[0].rename.from, "T.a");
  EXPECT_EQ(difference.candidates[0].rename.to, "T.b");
}

TEST(Diff, TablesThatSwapTheirNames) {
  DiffOptions options;
  options.renames = {{"A", "B"}, {"B", "A"}};
  test::CatalogBuilder builder;
  builder.table("A").required("a", test::int_type());
  builder.table("B").required("b", test::int_type());
  const Catalog before = builder.build();
  test::CatalogBuilder other;
  other.table("A").required("b", test::int_type());
  other.table("B").required("a", test::int_type());
  EXPECT_EQ(script(before, other.build(), options),
            "-- RenameTable\nALTER TABLE \"B\" RENAME TO \"B_renamed\";\n\n"
            "-- RenameTable\nALTER TABLE \"A\" RENAME TO \"B\";\n\n"
            "-- RenameTable\nALTER TABLE \"B_renamed\" RENAME TO \"A\";\n");
}

// What the schema language has no words for stays; between two databases it counts.
TEST(Diff, SchemaFilesDropNothingThatTheyDoNotKnow) {
  test::CatalogBuilder builder;
  auto& table = builder.table_with_id("T");
  table.required("a", test::text_type()).collation = "\"C\"";
  table.index(IndexKind::normal, "by_expression", {""}).parts[0].expression = "lower(a)";
  builder.check("T", "positive");
  builder.exclusion("T", "no_overlap");
  builder.table("V").row.kind = catalog::TableKind::view;
  builder.table("_prisma_migrations");
  Catalog before = builder.build();
  before.sequences.push_back({.name = "free"});
  before.extensions.push_back({.name = "pgcrypto"});
  const Catalog after = one_table("T", "a");
  EXPECT_EQ(script(before, after), nothing);
  DiffOptions exact;
  exact.origins = {Origin::database, Origin::database};
  const std::string all = script(before, after, exact);
  for (const char* part : {"DROP CONSTRAINT \"positive\"", "DROP CONSTRAINT \"no_overlap\"",
                           "DROP VIEW \"V\"", "DROP INDEX \"by_expression\"", "DROP SEQUENCE \"free\""})
    EXPECT_TRUE(all.contains(part)) << part << " is not in\n" << all;
  EXPECT_FALSE(all.contains("_prisma_migrations"));
}

TEST(Diff, ExternalTablesAreLeftAlone) {
  test::CatalogBuilder builder;
  builder.table("theirs").required("a", test::int_type());
  const Catalog before = builder.build();
  Catalog after;
  after.schemas = before.schemas;
  EXPECT_EQ(script(before, after), "-- DropTable\nDROP TABLE \"theirs\";\n");
  DiffOptions options;
  options.external_tables = {"public.theirs"};
  EXPECT_EQ(script(before, after, options), nothing);
}

// InnoDB makes an index for a foreign key; it is the key's.
TEST(Diff, IndexesThatMysqlMadeForForeignKeysStay) {
  const auto build = [](bool with_index, bool with_key) {
    test::CatalogBuilder builder(catalog::Engine::mysql);
    builder.table_with_id("A");
    auto& table = builder.table_with_id("B");
    table.required("a", test::int_type());
    if (with_index) table.index(IndexKind::normal, "B_a_fkey", {"a"});
    if (with_key) table.references("B_a_fkey", {"a"}, "A", {"id"});
    return builder.build();
  };
  EXPECT_EQ(script(build(true, true), build(false, true)), nothing);
  EXPECT_EQ(script(build(true, true), build(false, false)),
            "-- DropForeignKey\nALTER TABLE `B` DROP FOREIGN KEY `B_a_fkey`;\n\n"
            "-- DropIndex\nDROP INDEX `B_a_fkey` ON `B`;\n");
}

Catalog many_tables(std::size_t tables, std::size_t changed) {
  test::CatalogBuilder builder;
  for (std::size_t i = 0; i < tables; ++i) {
    auto& table = builder.table_with_id(fmt::format("table_{}", i));
    for (std::size_t j = 0; j < 11; ++j) table.required(fmt::format("column_{}", j), test::text_type());
    if (i < changed) table.optional("new", test::text_type());
    table.index(IndexKind::normal, fmt::format("index_{}", i), {"column_0"});
  }
  return builder.build();
}

TEST(Diff, OfManyTablesTheChangedOnesAreTold) {
  const Catalog before = many_tables(1'000, 0);
  const Catalog after = many_tables(1'000, 20);
  EXPECT_EQ(diff({&before, &after}, {}).steps.size(), 20U);
}

// What `UNIQUE` in a CREATE TABLE makes is what the schema files' `@unique` makes.
TEST(Diff, AUniqueConstraintIsAUniqueIndex) {
  const auto build = [](bool is_constraint, bool deferrable) {
    test::CatalogBuilder builder;
    auto& table = builder.table_with_id("T");
    table.required("a", test::text_type());
    auto& index = table.index(IndexKind::unique, "T_a_key", {"a"});
    index.is_constraint = is_constraint;
    index.deferrable = deferrable;
    return builder.build();
  };
  DiffOptions exact;
  exact.origins = {Origin::database, Origin::database};
  EXPECT_EQ(script(build(true, false), build(false, false), exact), nothing);
  EXPECT_EQ(script(build(false, false), build(true, false), exact), nothing);
  EXPECT_NE(script(build(true, true), build(false, false), exact), nothing);
}

}  // namespace
}  // namespace tenon::migrate
