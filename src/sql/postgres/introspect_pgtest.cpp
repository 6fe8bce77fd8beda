// Introspection: tests/databases/*.sql as catalogs (golden), and what goes beyond a listing.
#include "sql/introspect.h"
#include "sql/postgres/session_fixture.h"
#include "tests/support/golden.h"

namespace tenon::sql::test {
namespace {

using tenon::test::create_database;
using tenon::test::read_file;
using tenon::test::source_dir;

catalog::Catalog read(const std::string& url, IntrospectOptions options = {}) {
  auto found = introspect_url(url_of(url), std::move(options));
  EXPECT_TRUE(found.has_value()) << base::to_string(found.error());
  return found ? std::move(*found) : catalog::Catalog{};
}

TEST(Introspect, ListsEveryKindOfDatabase) {
  const auto files = tenon::test::cases("tests/databases", ".sql");
  EXPECT_GE(files.size(), 5);
  for (const auto& file : files) {
    SCOPED_TRACE(file.string());
    const std::string url = create_database(read_file(source_dir() / file));
    tenon::test::expect_golden("tests/golden/introspect" / file.stem().concat(".catalog.golden"),
                               describe(read(url, {.all_schemas = true})));
  }
}

}  // namespace
}  // namespace tenon::sql::test
