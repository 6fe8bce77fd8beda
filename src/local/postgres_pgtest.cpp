// The whole life of a project-local PostgreSQL, with real servers in temporary folders.

#include <fstream>
#include <thread>

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "local/postgres.h"
#include "tests/support/postgres.h"

namespace tenon::local {
namespace {

namespace fs = std::filesystem;

TEST(TestSupport, MakesDatabasesAndSurvivesCrashes) {
  const std::string url = test::create_database("CREATE TABLE a (id int); INSERT INTO a VALUES (1)");
  test::run_sql(url, "CHECKPOINT; INSERT INTO a VALUES (2)");
  const auto port = test::postgres().port;
  test::crash_postgres();
  test::restart_postgres();
  EXPECT_EQ(test::postgres().port, port);
  test::run_sql(url, "INSERT INTO a VALUES (3)");
}

}  // namespace
}  // namespace tenon::local
