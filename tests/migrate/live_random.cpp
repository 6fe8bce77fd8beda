#include <chrono>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "migrate/diff.h"
#include "migrate/render.h"
#include "psl/read.h"
#include "tests/migrate/live.h"
#include "tests/migrate/random_schema.h"

namespace tenon::test {

using namespace migrate;
using catalog::Catalog;

namespace {

std::optional<Catalog> read(const std::string& text) {
  base::SourceSet sources;
  const std::vector<base::SourceId> ids{sources.add("schema.prisma", text)};
  base::Diagnostics diagnostics;
  std::optional<psl::Schema> schema = psl::read_schema(sources, ids, diagnostics);
  if (!schema) return std::nullopt;
  return std::move(schema->catalog);
}

constexpr std::size_t changes_of_one_seed = 10;

// The database on its way: what it is, or what went wrong.
struct State {
  Catalog catalog;
  std::string problem;
};

// Runs what leads from the database to `wanted`.
State migrate(const LiveDatabase& database, const Catalog& before, const Catalog& wanted,
              const DiffOptions& options) {
  const std::string script = to_text(render(diff({&before, &wanted}, options)));
  const std::string problem = database.run(script);
  if (!problem.empty()) return {.catalog = {}, .problem = fmt::format("{}\n{}", problem, script)};
  State state{.catalog = database.introspect(), .problem = {}};
  const Difference rest = diff({&state.catalog, &wanted}, options);
  if (!rest.empty()) state.problem = fmt::format("{}\n--- remains\n{}", script, to_text(render(rest)));
  return state;
}

State migrate_in_two_steps(const LiveDatabase& database, const Catalog& before, const Catalog& wanted) {
  const std::string problem = change_in_two_steps(database, before, wanted, {});
  return {.catalog = problem.empty() ? database.introspect() : Catalog(), .problem = problem};
}

struct Outcome {
  std::size_t pairs = 0;
  std::string problem;
};

// A schema and then others, each made by changing the one before: pairs that begin where the last one ended.
// At the end the database goes back to its first state, told by that state's catalog alone.
Outcome try_seed(const LiveDatabase& database, std::uint64_t seed, Steps steps) {
  SchemaDice dice(database.engine, seed);
  RandomSchema schema = dice.schema();
  database.empty();
  State state{.catalog = database.introspect(), .problem = {}};
  std::optional<Catalog> first;
  std::string last_text;
  Outcome outcome;
  for (std::size_t i = 0; i <= changes_of_one_seed; ++i) {
    const std::string text = schema.text();
    if (const std::optional<Catalog> wanted = read(text)) {
      state = steps == Steps::one ? migrate(database, state.catalog, *wanted, {})
                                  : migrate_in_two_steps(database, state.catalog, *wanted);
      if (!state.problem.empty()) {
        outcome.problem = fmt::format("change {}: {}\n{}\n---\n{}", i, state.problem, last_text, text);
        return outcome;
      }
      ++outcome.pairs;
      if (!first) first = state.catalog;
      last_text = text;
    }
    schema = dice.changed(schema);
  }
  if (!first) return outcome;
  DiffOptions exact;
  exact.origins = {Origin::database, Origin::database};
  const State back = migrate(database, state.catalog, *first, exact);
  if (!back.problem.empty()) outcome.problem = fmt::format("back: {}\n{}", back.problem, last_text);
  return outcome;
}

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace

void expect_random_pairs_converge(const LiveDatabase& database, std::uint64_t pairs, Steps steps) {
  const bool one_seed = std::getenv("TENON_RANDOM_SEED") != nullptr;
  const bool is_fixed = std::getenv("CI") != nullptr;
  const std::uint64_t start = number_from("TENON_RANDOM_SEED", is_fixed ? 1 : std::random_device()());
  const std::uint64_t wanted = one_seed ? 1 : number_from("TENON_RANDOM_PAIRS", pairs);
  const auto begin = std::chrono::steady_clock::now();
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::uint64_t seed = start;
  for (; passed < wanted && failed < 5; ++seed) {
    const Outcome outcome = try_seed(database, seed, steps);
    EXPECT_EQ(outcome.problem, "") << "run it again with TENON_RANDOM_SEED=" << seed;
    passed += outcome.pairs;
    failed += outcome.problem.empty() ? 0 : 1;
    if (one_seed) break;
  }
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin).count();
  fmt::print("[ SCORE    ] random pairs: {} passed, {} failed, seeds {} to {}, {} s\n", passed, failed, start,
             seed, seconds);
}

}  // namespace tenon::test
