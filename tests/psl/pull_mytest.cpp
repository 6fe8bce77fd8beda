// Databases of MariaDB, introspected and written: the schema is held by golden files (which the program tests
// give to Prisma's validator), and reading it must give what the schema language can say of the database.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "psl/expressible.h"
#include "psl/names.h"
#include "psl/read.h"
#include "psl/write.h"
#include "sql/introspect.h"
#include "sql/url.h"
#include "tests/psl/shared.h"
#include "tests/support/golden.h"
#include "tests/support/mariadb.h"

namespace tenon::psl {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view database = "shop";

struct Pulled {
  std::string text;
  std::string warnings;
  std::string before;  // what the language can say of the database …
  std::string after;   // … and what it says
};

// A database made by `sql`, pulled, and read back.
Pulled pull(const std::string& sql) {
  test::run_mariadb_sql(test::mariadb().url,
                        "DROP DATABASE IF EXISTS shop; CREATE DATABASE shop CHARACTER SET utf8mb4 COLLATE "
                        "utf8mb4_unicode_ci");
  const std::string url = test::mariadb().url + std::string(database);
  test::run_mariadb_sql(url, sql);
  auto catalog = sql::introspect_url(*sql::parse_database_url(url));
  if (!catalog) {
    ADD_FAILURE() << base::to_string(catalog.error());
    return {};
  }
  assign_names(*catalog);
  base::Diagnostics diagnostics;
  Pulled pulled{.text = write_schema(*catalog, {}, diagnostics)};
  base::SourceSet sources;
  pulled.warnings = base::render(diagnostics, sources, {});
  pulled.before = describe(expressible(*catalog));
  const std::vector<base::SourceId> ids{sources.add("schema.prisma", pulled.text)};
  base::Diagnostics problems;
  const auto again = read_schema(sources, ids, problems, {.default_schema = std::string(database)});
  pulled.after = again ? describe(expressible(again->catalog)) : base::render(problems, sources, {});
  return pulled;
}

TEST(PullMySql, WritesEveryKindOfDatabase) {
  const auto files = test::cases("tests/databases/mysql", ".sql");
  EXPECT_GE(files.size(), 5);
  for (const auto& file : files) {
    SCOPED_TRACE(file.string());
    const Pulled pulled = pull(test::read_file(test::source_dir() / file));
    EXPECT_EQ(pulled.before, pulled.after);
    test::expect_golden("tests/golden/psl/mysql" / file.stem().concat(".prisma"), pulled.text);
    test::expect_golden("tests/golden/psl/mysql" / file.stem().concat(".warnings"), pulled.warnings);
  }
}

// Databases that Prisma's own migrations made.
TEST(PullMySql, ReadsBackTheDatabasesOfTheCorpus) {
  const fs::path folder = test::shared_dir() / "corpus" / "migrate" / "pairs";
  if (!fs::is_directory(folder))
    GTEST_SKIP() << "the shared corpus is not here (" << folder << "); set TENON_SHARED_DIR to run this";
  std::vector<fs::path> cases;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const bool is_mysql = entry.path().filename().string().ends_with("-my");
    if (is_mysql && fs::exists(entry.path() / "before.sql") &&
        test::read_file(entry.path() / "case.json").find("\"appliesOnMariaDB_10_11\": true") !=
            std::string::npos)
      cases.push_back(entry.path());
  }
  std::ranges::sort(cases);
  EXPECT_GE(cases.size(), 50U);
  std::string failed;
  for (const fs::path& path : cases) {
    const Pulled pulled =
        pull(test::read_file(path / "before.sql") + test::read_file(path / "migration.sql"));
    if (pulled.before == pulled.after) continue;
    failed += ' ' + path.filename().string();
    if (std::getenv("TENON_CORPUS_VERBOSE") != nullptr)
      fmt::print("--- {}\n{}\n{}\n{}\n", path.string(), pulled.text, pulled.before, pulled.after);
  }
  fmt::print("[ SCORE    ] pulled from MariaDB and read back the same: {} databases\n", cases.size());
  EXPECT_EQ(failed, "");
}

}  // namespace
}  // namespace tenon::psl
