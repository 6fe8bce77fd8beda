// Files of other tools, as migrations.
#include "migrate/import.h"

#include <fstream>

#include <gtest/gtest.h>

namespace tenon::migrate {
namespace {

namespace fs = std::filesystem;

class Importing : public ::testing::Test {
 protected:
  Importing() : folder(fs::path(::testing::TempDir()) / "tenon_import_test") {
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  ~Importing() override { fs::remove_all(folder); }

  void write(const std::string& name, const std::string& text) { std::ofstream(folder / name) << text; }
  std::string names(Migrator migrator) {
    const auto read = read_migrations_of(migrator, folder);
    if (!read) return std::string(read.error().code.text) + " " + read.error().message;
    std::string text;
    for (const ImportedMigration& each : *read) text += each.name + (each.down.empty() ? " " : "- ");
    return text;
  }

  fs::path folder;
};

TEST_F(Importing, CutsFilesOfDbmate) {
  const auto made = parse_dbmate("20260101000000_users.sql",
                                 "-- users\n-- migrate:up transaction:false\nCREATE TABLE a (id int);\n"
                                 "\n-- migrate:down\nDROP TABLE a;\n");
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->version, "20260101000000");
  EXPECT_EQ(made->name, "20260101000000_users");
  EXPECT_EQ(made->text, "-- tenon: no-transaction\nCREATE TABLE a (id int);\n\n");
  EXPECT_EQ(made->down, "DROP TABLE a;\n");
}
TEST_F(Importing, RefusesWhatIsNoneOfDbmate) {
  EXPECT_FALSE(parse_dbmate("users.sql", "-- migrate:up\n"));
  EXPECT_FALSE(parse_dbmate("1_users.sql", "CREATE TABLE a (id int);\n"));
}
TEST_F(Importing, OrdersFilesOfFlywayByTheirVersion) {
  write("V1.10__b.sql", "SELECT 1;");
  write("V1.9__Add_Users.sql", "SELECT 1;");
  write("V2__c.sql", "SELECT 1;");
  write("U1.9__Add_Users.sql", "SELECT 2;");
  write("R__views.sql", "SELECT 1;");
  write("notes.txt", "");
  EXPECT_EQ(names(Migrator::flyway), "0001_v1_9_add_users- 0002_v1_10_b 0003_v2_c 0004_r_views ");
  EXPECT_TRUE(flyway_before("1.9", "1.10"));
  EXPECT_FALSE(flyway_before("1.0", "1"));
  EXPECT_FALSE(flyway_before("1", "1.0"));
}
TEST_F(Importing, RefusesWhatIsNoneOfFlyway) {
  write("V1_users.sql", "SELECT 1;");
  EXPECT_TRUE(names(Migrator::flyway).starts_with("TN1006 V1_users.sql is no migration of flyway"));
}
TEST_F(Importing, SaysThatAFolderIsNotThere) {
  fs::remove_all(folder);
  EXPECT_TRUE(names(Migrator::dbmate).starts_with("TN1003"));
}

}  // namespace
}  // namespace tenon::migrate
