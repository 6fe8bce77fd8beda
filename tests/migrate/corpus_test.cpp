// Scripts and summaries beside Prisma's, over the pairs of the shared corpus: with Compat::prisma they are
// the same to the byte, by default where Prisma's are right. What differs is listed with its reason in
// tests/migrate/corpus_exceptions.txt. TENON_MIGRATE_VERBOSE=1 prints every difference, TENON_MIGRATE_CASE=id
// one case.
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "migrate/diff.h"
#include "migrate/render.h"
#include "migrate/summary.h"
#include "migrate/warning.h"
#include "tests/migrate/shared.h"

namespace tenon::migrate {
namespace {

using catalog::Catalog;
using test::MigrationPair;

// `introspected`: the side before is a database, as in `migrate dev`; else two schema files are compared.
std::string script(const MigrationPair& pair, Compat compat, bool introspected, bool with_warnings) {
  const bool is_database = introspected && !pair.is_mysql();
  Catalog before = is_database ? test::as_introspected(pair.before) : pair.before;
  // A new database has its schema already.
  if (is_database && pair.from_nothing) before.schemas = {{.name = "public"}};
  DiffOptions options;
  options.origins = {is_database ? Origin::database : Origin::schema_files, Origin::schema_files};
  options.compat = compat;
  options.names_schemas = pair.names_schemas;
  const Difference difference = diff({&before, &pair.after}, options);
  return with_warnings ? to_text(render(difference), check(difference)) : to_text(render(difference));
}

std::string described(const MigrationPair& pair, Compat compat) {
  DiffOptions options;
  options.origins = {Origin::schema_files, Origin::schema_files};
  options.compat = compat;
  options.names_schemas = pair.names_schemas;
  return summary(diff({&pair.before, &pair.after}, options));
}

struct Score {
  std::string kind;
  std::size_t passed = 0;
  std::size_t listed = 0;
  std::string failed;
  std::string needless;

  void print() const {
    const auto count = std::count(failed.begin(), failed.end(), '\n');
    fmt::print("[ SCORE    ] {}: {} passed, {} failed, {} listed\n", kind, passed, count, listed);
  }
};

void compare(const std::string& kind, std::string_view file,
             const std::function<std::string(const MigrationPair&)>& actual) {
  if (!std::filesystem::is_directory(test::migration_pairs()))
    GTEST_SKIP() << "the shared corpus is not here (" << test::migration_pairs()
                 << "); set TENON_SHARED_DIR to run this";
  const std::map<std::string, std::string> exceptions = test::migration_exceptions();
  Score score{.kind = kind};
  for (const MigrationPair& pair : test::load_migration_pairs()) {
    std::string expected = pair.text(file);
    // Some of the recorded outputs have the line's end of the terminal.
    if (expected == "-- This is an empty migration.\n" || expected.ends_with("detected.\n"))
      expected.pop_back();
    const std::string name = fmt::format("{}:{}", kind, pair.id);
    const std::string text = actual(pair);
    const bool same = text == expected;
    const bool is_listed = exceptions.contains(name);
    if (same && !is_listed) ++score.passed;
    if (!same && is_listed) ++score.listed;
    if (same && is_listed) score.needless += '\n' + name;
    if (!same && !is_listed) score.failed += '\n' + name;
    if (!same && std::getenv("TENON_MIGRATE_VERBOSE") != nullptr)
      fmt::print("--- {} ({})\n{}\n--- expected\n{}\n", name, is_listed ? "listed" : "not listed", text,
                 expected);
  }
  score.print();
  EXPECT_EQ(score.failed, "") << "see them with TENON_MIGRATE_VERBOSE=1; those that must differ belong into "
                                 "tests/migrate/corpus_exceptions.txt with a reason";
  if (std::getenv("TENON_MIGRATE_CASE") == nullptr) {
    EXPECT_EQ(score.needless, "") << "listed in tests/migrate/corpus_exceptions.txt, but they are the same";
  }
}

TEST(MigrateCorpus, MigrationsAsPrismaWritesThem) {
  compare("prisma", "migration.sql",
          [](const MigrationPair& pair) { return script(pair, Compat::prisma, true, true); });
}

TEST(MigrateCorpus, ScriptsBetweenSchemaFilesAsPrismaWritesThem) {
  compare("prisma-diff", "diff.sql",
          [](const MigrationPair& pair) { return script(pair, Compat::prisma, false, false); });
}

TEST(MigrateCorpus, SummariesAsPrismaWritesThem) {
  compare("prisma-summary", "summary.txt",
          [](const MigrationPair& pair) { return described(pair, Compat::prisma); });
}

TEST(MigrateCorpus, Migrations) {
  compare("migration", "migration.sql",
          [](const MigrationPair& pair) { return script(pair, Compat::tenon, true, true); });
}

TEST(MigrateCorpus, ScriptsBetweenSchemaFiles) {
  compare("diff", "diff.sql",
          [](const MigrationPair& pair) { return script(pair, Compat::tenon, false, false); });
}

}  // namespace
}  // namespace tenon::migrate
