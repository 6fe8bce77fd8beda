#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "migrate/diff.h"
#include "migrate/render.h"
#include "tests/migrate/live.h"
#include "tests/migrate/shared.h"

namespace tenon::test {

using namespace migrate;
using catalog::Catalog;

namespace {

std::string run_script(const LiveDatabase& database, const Script& script, bool at_once) {
  if (at_once) return database.run(to_text(script));
  for (const ScriptStep& step : script.steps)
    for (const Statement& statement : step.statements)
      if (std::string problem = database.run(statement.text); !problem.empty()) return problem;
  return {};
}

// Models and fields keep their names while their maps change: only the schema files know that.
void take_names(const Catalog& known, Catalog& introspected) {
  for (catalog::Table& table : introspected.tables)
    for (const catalog::Table& other : known.tables)
      if (other.name == table.name) {
        table.model_name = other.model_name;
        table.implicit_link = other.implicit_link;
      }
}

DiffOptions options_of(const MigrationPair& pair) {
  DiffOptions wanted;
  wanted.names_schemas = pair.names_schemas;
  return wanted;
}

// Makes the database what the pair has before, by Prisma's own script where it runs. Why not, or nothing.
std::string make_before(const LiveDatabase& database, const MigrationPair& pair) {
  database.empty();
  std::string problem = pair.from_nothing ? "" : database.run(pair.text("before.sql"));
  if (problem.empty()) return {};
  database.empty();
  const Catalog nothing = database.introspect();
  problem = run_script(database, render(diff({&nothing, &pair.before}, options_of(pair))), true);
  return problem.empty() ? "" : fmt::format("before: {}", problem);
}

// What is left to do after the script, or why it did not run.
std::string remainder(const LiveDatabase& database, const MigrationPair& pair, const RenderOptions& options) {
  if (std::string problem = make_before(database, pair); !problem.empty()) return problem;
  const DiffOptions wanted = options_of(pair);
  Catalog before = database.introspect();
  take_names(pair.before, before);
  const Script script = render(diff({&before, &pair.after}, wanted), options);
  const std::string problem = run_script(database, script, !options.online);
  if (!problem.empty()) return fmt::format("does not run: {}\n{}", problem, to_text(script));
  const Catalog now = database.introspect();
  const Difference rest = diff({&now, &pair.after}, wanted);
  return rest.empty() ? "" : fmt::format("remains:\n{}\nafter\n{}", to_text(render(rest)), to_text(script));
}

std::string remainder_in_two_steps(const LiveDatabase& database, const MigrationPair& pair) {
  if (std::string problem = make_before(database, pair); !problem.empty()) return problem;
  Catalog before = database.introspect();
  take_names(pair.before, before);
  return change_in_two_steps(database, before, pair.after, options_of(pair));
}

template <class Remainder>
void expect_nothing_remains(const LiveDatabase& database, std::string_view kind, Remainder remainder_of) {
  if (!std::filesystem::is_directory(migration_pairs()))
    GTEST_SKIP() << "the shared corpus is not here (" << migration_pairs()
                 << "); set TENON_SHARED_DIR to run this";
  const std::map<std::string, std::string> exceptions = migration_exceptions();
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t listed = 0;
  for (const MigrationPair& pair : load_migration_pairs()) {
    if (pair.after.engine != database.engine) continue;
    const std::string rest = remainder_of(pair);
    if (exceptions.contains(fmt::format("{}:{}", kind, pair.id))) {
      EXPECT_NE(rest, "") << pair.id << " is listed in tests/migrate/corpus_exceptions.txt, but it converges";
      ++listed;
      continue;
    }
    EXPECT_EQ(rest, "") << pair.id;
    ++(rest.empty() ? passed : failed);
  }
  fmt::print("[ SCORE    ] {}: {} passed, {} failed, {} listed\n", kind, passed, failed, listed);
}

}  // namespace

void expect_pairs_converge(const LiveDatabase& database, const RenderOptions& options,
                           std::string_view kind) {
  expect_nothing_remains(database, kind,
                         [&](const MigrationPair& pair) { return remainder(database, pair, options); });
}

void expect_pairs_converge_in_two_steps(const LiveDatabase& database, std::string_view kind) {
  expect_nothing_remains(database, kind,
                         [&](const MigrationPair& pair) { return remainder_in_two_steps(database, pair); });
}

}  // namespace tenon::test
