// The pairs of the shared corpus on a real PostgreSQL: our script, run on the database before, makes the
// database after, and a second diff finds nothing.
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "migrate/diff.h"
#include "migrate/render.h"
#include "migrate/summary.h"
#include "psl/names.h"
#include "sql/introspect.h"
#include "sql/url.h"
#include "tests/migrate/shared.h"
#include "tests/support/postgres.h"

namespace tenon::migrate {
namespace {

using catalog::Catalog;
using test::MigrationPair;

std::vector<std::string> schema_names(const MigrationPair& pair) {
  std::vector<std::string> names;
  for (const catalog::Namespace& each : pair.after.schemas) names.push_back(each.name);
  return names;
}

Catalog introspect(const std::string& url, const MigrationPair& pair) {
  const base::Result<sql::DatabaseUrl> parsed = sql::parse_database_url(url);
  EXPECT_TRUE(parsed);
  base::Result<Catalog> catalog = sql::introspect_url(*parsed, {.schemas = schema_names(pair)});
  EXPECT_TRUE(catalog) << base::to_string(catalog.error());
  return catalog ? *std::move(catalog) : Catalog();
}

// What is left to do after the script, or why it did not run.
std::string remainder(const std::string& url, const MigrationPair& pair, const RenderOptions& options) {
  test::run_sql(url,
                "DROP SCHEMA IF EXISTS one CASCADE; DROP SCHEMA IF EXISTS two CASCADE;"
                "DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
  test::run_sql(url, pair.text("before.sql"));
  Catalog before = introspect(url, pair);
  // Models and fields keep their names while their maps change: only the schema files know that.
  for (catalog::Table& table : before.tables)
    if (const auto known = pair.before.find_table(before[table.schema].name, table.name)) {
      table.model_name = pair.before[*known].model_name;
      table.implicit_link = pair.before[*known].implicit_link;
    }
  DiffOptions wanted;
  wanted.names_schemas = pair.names_schemas;
  const Difference difference = diff({&before, &pair.after}, wanted);
  const Script script = render(difference, options);
  std::string problem;
  if (!options.online) {
    problem = test::try_sql(url, to_text(script));
  } else {
    for (const ScriptStep& step : script.steps)
      for (const Statement& statement : step.statements)
        if (problem.empty()) problem = test::try_sql(url, statement.text);
  }
  if (!problem.empty()) return fmt::format("does not run: {}\n{}", problem, to_text(script));
  const Catalog now = introspect(url, pair);
  const Difference rest = diff({&now, &pair.after}, wanted);
  return rest.empty() ? "" : fmt::format("remains:\n{}\nafter\n{}", to_text(render(rest)), to_text(script));
}

void run_all(const RenderOptions& options, std::string_view kind) {
  if (!std::filesystem::is_directory(test::migration_pairs()))
    GTEST_SKIP() << "the shared corpus is not here (" << test::migration_pairs()
                 << "); set TENON_SHARED_DIR to run this";
  const std::string url = test::create_database();
  std::size_t passed = 0;
  std::size_t total = 0;
  for (const MigrationPair& pair : test::load_migration_pairs()) {
    if (pair.is_mysql()) continue;
    ++total;
    const std::string rest = remainder(url, pair, options);
    EXPECT_EQ(rest, "") << pair.id;
    passed += rest.empty() ? 1 : 0;
  }
  fmt::print("[ SCORE    ] {}: {} passed, {} failed, 0 listed\n", kind, passed, total - passed);
}

TEST(MigratePostgres, PairsOfTheCorpusRunAndConverge) { run_all({}, "live"); }
TEST(MigratePostgres, OnlinePairsOfTheCorpusRunAndConverge) { run_all({.online = true}, "live online"); }

}  // namespace
}  // namespace tenon::migrate
