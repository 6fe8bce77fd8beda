#include "sql/mysql/version.h"

#include <gtest/gtest.h>

#include "sql/mysql/capabilities.h"

namespace tenon::sql::mysql {
namespace {

using Product = ServerVersion::Product;

TEST(Version, IsReadFromGreetings) {
  const auto is = [](std::string_view text, Product product, std::uint32_t major, std::uint32_t minor,
                     std::uint32_t patch) {
    EXPECT_EQ(parse_version(text), (ServerVersion{product, major, minor, patch})) << text;
  };
  is("8.0.36", Product::mysql, 8, 0, 36);
  is("8.0.36-28.1", Product::mysql, 8, 0, 36);
  is("8.4.0-commercial", Product::mysql, 8, 4, 0);
  is("8.0.mysql_aurora.3.04.0", Product::mysql, 8, 0, 0);
  is("9", Product::mysql, 9, 0, 0);
  is("10.11.6-MariaDB-1:10.11.6+maria~deb12-log", Product::mariadb, 10, 11, 6);
  is("5.5.5-10.6.18-MariaDB", Product::mariadb, 10, 6, 18);
  is("11.4.2-MariaDB", Product::mariadb, 11, 4, 2);
  is("", Product::mysql, 0, 0, 0);
  is("x.y", Product::mysql, 0, 0, 0);
  is("99999999999.1", Product::mysql, 0, 0, 0);
}

TEST(Version, DecidesCapabilities) {
  const auto of = [](std::string_view text) { return capabilities_of(parse_version(text)); };
  EXPECT_TRUE(of("10.11.6-MariaDB").insert_returning);
  EXPECT_FALSE(of("8.0.36").insert_returning);
  EXPECT_TRUE(of("8.0.16").delete_alias);
  EXPECT_FALSE(of("8.0.15").delete_alias);
  EXPECT_FALSE(of("11.4.2-MariaDB").delete_alias);
  EXPECT_TRUE(of("8.0.18").explain_analyze);
  EXPECT_FALSE(of("8.0.17").explain_analyze);
  EXPECT_TRUE(of("8.0.17").cast_to_float);
  EXPECT_FALSE(of("8.0.16").cast_to_float);
  EXPECT_TRUE(of("8.0.16").check_constraints);
  EXPECT_FALSE(of("8.0.15").check_constraints);
  EXPECT_TRUE(of("10.7.1-MariaDB").json_equals);
  EXPECT_FALSE(of("10.6.18-MariaDB").json_equals);
  EXPECT_FALSE(of("10.11.6-MariaDB").transaction_isolation_variable);
  EXPECT_TRUE(of("11.1.1-MariaDB").transaction_isolation_variable);
}

}  // namespace
}  // namespace tenon::sql::mysql
