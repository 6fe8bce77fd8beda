// Databases, introspected and written: what Prisma's `db pull` made of the same databases must come out, and
// reading it must give what the schema language can say of them.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
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
#include "tests/support/postgres.h"

namespace tenon::psl {
namespace {

namespace fs = std::filesystem;

std::optional<Schema> read_text(const std::string& text, std::string& problems) {
  base::SourceSet sources;
  const std::vector<base::SourceId> ids{sources.add("schema.prisma", text)};
  base::Diagnostics diagnostics;
  std::optional<Schema> schema = read_schema(sources, ids, diagnostics);
  problems = base::render(diagnostics, sources, {});
  return schema;
}

struct Pulled {
  std::string text;
  bool keeps_the_law = false;
  std::string problems;
};

// Introspects the database and writes its schema with the configuration blocks of `expected`.
Pulled pull(const std::string& url, const std::string& expected) {
  Pulled pulled;
  const std::optional<Schema> like = read_text(expected, pulled.problems);
  if (!like) return pulled;
  const base::Result<sql::DatabaseUrl> parsed = sql::parse_database_url(url);
  if (!parsed) return {.problems = base::to_string(parsed.error())};
  sql::IntrospectOptions options;
  options.schemas = like->datasource.schemas;
  base::Result<catalog::Catalog> catalog = sql::introspect_url(*parsed, std::move(options));
  if (!catalog) return {.problems = base::to_string(catalog.error())};
  assign_names(*catalog);
  base::Diagnostics diagnostics;
  pulled.text =
      write_schema(*catalog, {.datasource = like->datasource, .generators = like->generators}, diagnostics);
  const std::optional<Schema> again = read_text(pulled.text, pulled.problems);
  if (!again) return pulled;
  catalog::Catalog wanted = expressible(*catalog);
  // With relationMode = "prisma" keys of the schema are not keys of the database; none are pulled here.
  pulled.keeps_the_law = expressible(again->catalog) == wanted;
  if (!pulled.keeps_the_law && std::getenv("TENON_CORPUS_VERBOSE") != nullptr)
    pulled.problems = catalog::describe(wanted) + "\n===\n" + catalog::describe(expressible(again->catalog));
  return pulled;
}

TEST(Pull, EveryKindOfObject) {
  const std::string url =
      test::create_database(test::read_file(test::source_dir() / "tests/golden/psl/pg_objects.sql"));
  const Pulled pulled = pull(url, test::read_file(test::source_dir() / "tests/golden/psl/pg_objects.prisma"));
  test::expect_golden("tests/golden/psl/pg_objects.prisma", pulled.text);
  EXPECT_TRUE(pulled.keeps_the_law) << pulled.problems;
}

// Every database of the tests, all schemas: what is written must be read as the same.
TEST(Pull, DatabasesOfTheTests) {
  for (const fs::path& file : test::cases("tests/databases", ".sql")) {
    SCOPED_TRACE(file.string());
    const std::string url = test::create_database(test::read_file(test::source_dir() / file));
    const base::Result<sql::DatabaseUrl> parsed = sql::parse_database_url(url);
    ASSERT_TRUE(parsed);
    sql::IntrospectOptions options;
    options.all_schemas = true;
    base::Result<catalog::Catalog> catalog = sql::introspect_url(*parsed, std::move(options));
    ASSERT_TRUE(catalog) << base::to_string(catalog.error());
    assign_names(*catalog);
    base::Diagnostics diagnostics;
    const std::string text = write_schema(*catalog, {}, diagnostics);
    std::string problems;
    const std::optional<Schema> again = read_text(text, problems);
    ASSERT_TRUE(again) << problems << text;
    EXPECT_EQ(catalog::describe(expressible(again->catalog)), catalog::describe(expressible(*catalog)));
    EXPECT_TRUE(expressible(again->catalog) == expressible(*catalog));
    const char* keep = std::getenv("TENON_KEEP_PULLED");
    if (keep != nullptr) std::ofstream(fs::path(keep) / (file.stem().string() + ".prisma")) << text;
  }
}

std::string optional_file(const fs::path& path) {
  return fs::exists(path) ? test::read_file(path) : std::string();
}

TEST(Pull, MigratedDatabasesOfTheCorpus) {
  const fs::path folder = test::shared_dir() / "corpus" / "migrate" / "pairs";
  if (!fs::is_directory(folder))
    GTEST_SKIP() << "the shared corpus is not here (" << folder << "); set TENON_SHARED_DIR to run this";
  std::vector<fs::path> cases;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (fs::exists(entry.path() / "pulled.prisma") && fs::exists(entry.path() / "migration.sql"))
      cases.push_back(entry.path());
  std::ranges::sort(cases);
  std::size_t passed = 0;
  std::size_t lawful = 0;
  std::string failed;
  for (const fs::path& path : cases) {
    const std::string url =
        test::create_database(optional_file(path / "before.sql") + test::read_file(path / "migration.sql"));
    const std::string expected = test::read_file(path / "pulled.prisma");
    const Pulled pulled = pull(url, expected);
    passed += pulled.text == expected ? 1 : 0;
    lawful += pulled.keeps_the_law ? 1 : 0;
    if (pulled.text == expected && pulled.keeps_the_law) continue;
    failed += ' ' + path.filename().string();
    if (std::getenv("TENON_CORPUS_VERBOSE") != nullptr)
      fmt::print("--- {}\n{}\n{}\n", path.string(), pulled.text, pulled.problems);
  }
  fmt::print("[ SCORE    ] pulled as db pull does: {}/{}; read back the same: {}/{}\n", passed, cases.size(),
             lawful, cases.size());
  EXPECT_EQ(failed, "");
}

}  // namespace
}  // namespace tenon::psl
