// Introspection: tests/databases/*.sql as catalogs (golden), and what goes beyond a listing.
#include "sql/introspect.h"
#include "sql/session_fixture.h"
#include "tests/support/golden.h"
#include "tests/support/postgres.h"

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

std::string names_of(const catalog::Catalog& catalog) {
  std::string names;
  for (const catalog::Table& table : catalog.tables)
    names += (names.empty() ? "" : " ") + catalog[table.schema].name + "." + table.name;
  return names;
}

TEST(Introspect, ReadsTheSchemasAskedFor) {
  const std::string url = create_database(read_file(source_dir() / "tests/databases/schemas.sql"));
  EXPECT_EQ(names_of(read(url)), "public.person");
  EXPECT_EQ(names_of(read(url + (url.find('?') == std::string::npos ? "?" : "&") + "schema=hr,sales")),
            "sales.bill sales.open_bill hr.person sales.person");
  EXPECT_EQ(names_of(read(url, {.schemas = {"types", "absent", "we\"i{r,d\\"}})), "types.lookup");
  EXPECT_EQ(names_of(read(url, {.schemas = {"absent"}})), "");
  const catalog::Catalog person = read(url);
  EXPECT_TRUE(person.find_enum("types", "status")) << "a type from a schema that was not asked for";
  EXPECT_TRUE(read(url, {.schemas = {"sales"}}).foreign_keys.size() == 1)
      << "no key to a table that was left out";
}

TEST(Introspect, NeedsNoRightsOnTheTables) {
  std::string url =
      create_database(read_file(source_dir() / "tests/databases/indexes.sql") +
                      "\n;do $$ begin if not exists (select from pg_roles where rolname = 'onlooker') then "
                      "create role onlooker login password 'x'; end if; end $$;"
                      "revoke all on schema public, other from public;");
  DatabaseUrl limited = url_of(url);
  limited.user = "onlooker";
  limited.password = base::Secret("x");
  const auto found = introspect_url(limited, {.all_schemas = true});
  EXPECT_TRUE(found.has_value()) << base::to_string(found.error());
  if (found) EXPECT_EQ(*found, read(url, {.all_schemas = true}));
}

TEST(Introspect, FailsWithPrismasCodes) {
  DatabaseUrl absent = url_of(create_database());
  absent.database = "absent";
  const auto missing = introspect_url(absent);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, base::code::database_missing);
  const auto nowhere = introspect_url(url_of("postgresql://u@127.0.0.1:1/d"));
  ASSERT_FALSE(nowhere.has_value());
  EXPECT_EQ(nowhere.error().code, base::code::database_unreachable);
}

// A thousand tables of twelve columns, with keys, foreign keys and indexes, take as many statements as one.
TEST(Introspect, NeedsAsManyStatementsForAThousandTablesAsForOne) {
  const auto make = [](int count) {
    std::string sql = "begin;";
    for (int i = 0; i < count; ++i) {
      const std::string name = "t" + std::to_string(i);
      sql += "create table " + name +
             " (id bigserial primary key, a int not null default 1, b text default 'x', c varchar(20), d "
             "numeric(10,2), "
             "e timestamptz default now(), f jsonb default '{}', g boolean not null, h uuid, i text[], "
             "parent_id bigint" +
             (i > 0 ? " references t" + std::to_string(i - 1) : std::string()) +
             ", code text unique); create index on " + name + " (lower(b), a desc) where g;";
    }
    return create_database(sql + "commit");
  };
  std::vector<std::size_t> statements;
  for (const int count : {1, 1000}) {
    run_to_end([&, url = make(count)]() -> asio::awaitable<void> {
      auto connection = co_await open(url);
      auto found = co_await introspect(*connection, {.deadline = patiently()});
      EXPECT_TRUE(found.has_value());
      if (!found) co_return;
      EXPECT_EQ(found->tables.size(), count);
      EXPECT_EQ(found->columns.size(), count * 12);
      EXPECT_EQ(found->indexes.size(), count * 3);
      EXPECT_EQ(found->foreign_keys.size(), count - 1);
      auto held = co_await connection->run_text("select count(*) from pg_prepared_statements", patiently());
      EXPECT_TRUE(held.has_value());
      statements.push_back(held ? std::stoul(cell(*held->front())) : 0);
      EXPECT_EQ(co_await value(*connection, "show search_path"), "\"$user\", public")
          << "the session is as it was";
    });
  }
  EXPECT_EQ(statements[0], statements[1]);
  EXPECT_LE(statements[0], 16);
}

}  // namespace
}  // namespace tenon::sql::test
