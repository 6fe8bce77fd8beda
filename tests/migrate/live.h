// The tests of migrations that run on both engines' servers.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "catalog/catalog.h"
#include "migrate/diff.h"
#include "migrate/render.h"

namespace tenon::test {

// One database of a running server, as the tests use it.
struct LiveDatabase {
  catalog::Engine engine = catalog::Engine::postgresql;
  std::function<void()> empty;
  // The server's message; empty when all went well.
  std::function<std::string(const std::string& sql)> run;
  std::function<catalog::Catalog()> introspect;
};

// Our script of every pair of the shared corpus, run on the database before, makes the database after, and a
// second diff finds nothing. Prints the score; `kind` is also the kind of listed exceptions.
void expect_pairs_converge(const LiveDatabase& database, const migrate::RenderOptions& options,
                           std::string_view kind);

// The same in two steps: behind the first one nothing is left to do as schema files see it, and behind the
// second nothing at all.
void expect_pairs_converge_in_two_steps(const LiveDatabase& database, std::string_view kind);

// Both steps, one behind the other; what remains behind either, or why it did not run.
std::string change_in_two_steps(const LiveDatabase& database, const catalog::Catalog& before,
                                const catalog::Catalog& wanted, const migrate::DiffOptions& options);

// Random schemas and changes of them: the script of diff(a, b), run on a database at a, gives one at b where
// a second diff finds nothing; and back again by comparing two databases. TENON_RANDOM_SEED runs one seed,
// TENON_RANDOM_PAIRS another number of pairs.
enum class Steps : std::uint8_t { one, two };
void expect_random_pairs_converge(const LiveDatabase& database, std::uint64_t pairs,
                                  Steps steps = Steps::one);

}  // namespace tenon::test
