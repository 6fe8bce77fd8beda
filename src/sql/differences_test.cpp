#include "sql/differences.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/golden.h"

namespace tenon::sql {
namespace {

TEST(Differences, AreInTheirOrder) {
  std::size_t i = 0;
  for (const DifferenceText& one : differences()) EXPECT_EQ(static_cast<std::size_t>(one.id), i++);
}

// docs/engines.md has these tables, letter by letter.
TEST(Differences, AreTheOnesOfTheDocumentation) {
  std::string missing =
      "| what is missing | PostgreSQL | MariaDB | MySQL 8 | why |\n| --- | --- | --- | --- | --- |\n";
  std::string other = "| feature | PostgreSQL | MariaDB | MySQL 8 | why |\n| --- | --- | --- | --- | --- |\n";
  for (const DifferenceText& one : differences())
    (one.missing() ? missing : other) += fmt::format("| {} | {} | {} | {} | {} |\n", one.feature,
                                                     one.postgres, one.mariadb, one.mysql, one.reason);
  const std::string page = test::read_file(test::source_dir() / "docs/engines.md");
  EXPECT_TRUE(page.contains("\n" + missing + "\n")) << "docs/engines.md needs this table:\n" << missing;
  EXPECT_TRUE(page.contains("\n" + other + "\n")) << "docs/engines.md needs this table:\n" << other;
}

TEST(Differences, AreToldAtTheStart) {
  using Product = ServerVersion::Product;
  EXPECT_EQ(missing_on({.product = Product::postgresql, .major = 15}), "");
  EXPECT_EQ(missing_on({.product = Product::mariadb, .major = 10, .minor = 11, .patch = 6}),
            "MariaDB 10.11.6 does not have: lists of values in a column; infinity, NaN, years beyond 1 to "
            "9999; constraints checked at the end of a transaction; all levels of a query in one statement; "
            "inet, interval, ranges, xml, composite and other types of PostgreSQL; schemas within a "
            "database.");
  EXPECT_TRUE(missing_on({.product = Product::mysql}).starts_with("MySQL and MariaDB do not have: "));
}

}  // namespace
}  // namespace tenon::sql
