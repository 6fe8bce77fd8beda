// Random pairs of schemas on a real PostgreSQL: the script of diff(a, b), run on a database at a, gives one
// at b where a second diff finds nothing; and back again by comparing two databases. TENON_RANDOM_SEED runs
// one pair, TENON_RANDOM_PAIRS another number of them.
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include "migrate/diff.h"
#include "migrate/render.h"
#include "psl/read.h"
#include "sql/introspect.h"
#include "sql/url.h"
#include "tests/migrate/random_schema.h"
#include "tests/support/postgres.h"

namespace tenon::migrate {
namespace {

using catalog::Catalog;

std::optional<Catalog> read(const std::string& text) {
  base::SourceSet sources;
  const std::vector<base::SourceId> ids{sources.add("schema.prisma", text)};
  base::Diagnostics diagnostics;
  std::optional<psl::Schema> schema = psl::read_schema(sources, ids, diagnostics);
  if (!schema) return std::nullopt;
  return std::move(schema->catalog);
}

// One database that every pair begins empty.
class Database {
 public:
  Database() : url_(test::create_database()), connection_(PQconnectdb(url_.c_str()), PQfinish) {
    PQsetNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr);
  }

  void empty() { run("DROP SCHEMA public CASCADE; CREATE SCHEMA public;"); }

  // The server's message; empty when all went well.
  std::string run(const std::string& text) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection_.get(), text.c_str()),
                                                               PQclear);
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return {};
    std::string message = PQerrorMessage(connection_.get());
    PQclear(PQexec(connection_.get(), "ROLLBACK"));
    return message;
  }

  Catalog introspect() const {
    const base::Result<sql::DatabaseUrl> parsed = sql::parse_database_url(url_);
    base::Result<Catalog> catalog = sql::introspect_url(*parsed);
    EXPECT_TRUE(catalog) << base::to_string(catalog.error());
    return catalog ? *std::move(catalog) : Catalog();
  }

 private:
  std::string url_;
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

// Runs what leads from the database to `wanted`; why it failed, or what is left to do.
std::string migrate(Database& database, const Catalog& before, const Catalog& wanted,
                    const DiffOptions& options) {
  const std::string script = to_text(render(diff({&before, &wanted}, options)));
  const std::string problem = database.run(script);
  if (!problem.empty()) return fmt::format("{}\n{}", problem, script);
  const Catalog now = database.introspect();
  const Difference rest = diff({&now, &wanted}, options);
  return rest.empty() ? "" : fmt::format("{}\n--- remains\n{}", script, to_text(render(rest)));
}

// Empty when all is well; nullopt when the dice gave a schema that is none.
std::optional<std::string> try_pair(Database& database, std::uint64_t seed) {
  test::SchemaDice dice(catalog::Engine::postgresql, seed);
  const test::RandomSchema first = dice.schema();
  const std::string one = first.text();
  const std::string other = dice.changed(first).text();
  const std::optional<Catalog> a = read(one);
  const std::optional<Catalog> b = read(other);
  if (!a || !b) return std::nullopt;
  database.empty();
  Catalog before = database.introspect();
  std::string problem = migrate(database, before, *a, {});
  if (!problem.empty()) return fmt::format("to the first: {}\n{}", problem, one);
  before = database.introspect();
  problem = migrate(database, before, *b, {});
  if (!problem.empty()) return fmt::format("to the second: {}\n{}\n---\n{}", problem, one, other);
  // Every tenth also back, from what one database is to what the other was.
  if (seed % 10 != 0) return "";
  const Catalog after = database.introspect();
  DiffOptions exact;
  exact.origins = {Origin::database, Origin::database};
  problem = migrate(database, after, before, exact);
  return problem.empty() ? "" : fmt::format("back: {}\n{}\n---\n{}", problem, one, other);
}

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(MigrateRandom, ApplyingTheDifferenceGivesTheSecond) {
  Database database;
  const bool is_fixed = std::getenv("CI") != nullptr;
  const std::uint64_t start = number_from("TENON_RANDOM_SEED", is_fixed ? 1 : std::random_device()());
  const std::uint64_t pairs =
      std::getenv("TENON_RANDOM_SEED") != nullptr ? 1 : number_from("TENON_RANDOM_PAIRS", 2'000);
  const auto begin = std::chrono::steady_clock::now();
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::uint64_t seed = start;
  for (; passed + failed < pairs && failed < 5; ++seed) {
    const std::optional<std::string> problem = try_pair(database, seed);
    if (!problem) {
      if (pairs == 1) break;
      continue;
    }
    EXPECT_EQ(*problem, "") << "run it again with TENON_RANDOM_SEED=" << seed;
    ++(problem->empty() ? passed : failed);
  }
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin).count();
  fmt::print("[ SCORE    ] random pairs: {} passed, {} failed, seeds {} to {}, {} s\n", passed, failed, start,
             seed - 1, seconds);
}

}  // namespace
}  // namespace tenon::migrate
