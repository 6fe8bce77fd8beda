// Migrations on a real MariaDB.
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "sql/introspect.h"
#include "sql/url.h"
#include "tests/migrate/live.h"
#include "tests/support/mariadb.h"

namespace tenon::test {
namespace {

// With what makes tables quick to make and to drop: no files of their own, no statistics.
void restart_for_many_tables() {
  static bool done = false;
  if (std::exchange(done, true)) return;
  mariadb();
  crash_mariadb();
  restart_mariadb({{"innodb-file-per-table", "OFF"}, {"innodb-stats-persistent", "OFF"}});
}

LiveDatabase live_database() {
  restart_for_many_tables();
  const std::string server = mariadb().url;
  const std::string url = server + "migrated";
  return {.engine = catalog::Engine::mysql,
          .empty =
              [server] {
                run_mariadb_sql(server,
                                "DROP DATABASE IF EXISTS migrated; CREATE DATABASE migrated "
                                "CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
              },
          .run = [url](const std::string& sql) { return try_mariadb_sql(url, sql); },
          .introspect =
              [url] {
                auto catalog = sql::introspect_url(*sql::parse_database_url(url));
                EXPECT_TRUE(catalog) << base::to_string(catalog.error());
                return catalog ? *std::move(catalog) : catalog::Catalog();
              }};
}

TEST(MigrateMariadb, PairsOfTheCorpusRunAndConverge) {
  expect_pairs_converge(live_database(), {}, "mariadb");
}
TEST(MigrateMariadb, OnlinePairsOfTheCorpusRunAndConverge) {
  expect_pairs_converge(live_database(), {.online = true}, "mariadb-online");
}
TEST(MigrateMariadb, PairsOfTheCorpusConvergeInTwoSteps) {
  expect_pairs_converge_in_two_steps(live_database(), "mariadb-two-steps");
}
TEST(MigrateMariadb, RandomPairsConverge) { expect_random_pairs_converge(live_database(), 600); }
TEST(MigrateMariadb, RandomPairsConvergeInTwoSteps) {
  expect_random_pairs_converge(live_database(), 150, Steps::two);
}

}  // namespace
}  // namespace tenon::test
