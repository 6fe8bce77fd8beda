// Real databases: what schema files cannot say about them is never touched, two of them are compared in full,
// and values survive their column's new type.
#include <memory>
#include <regex>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include "migrate/diff.h"
#include "migrate/render.h"
#include "psl/names.h"
#include "psl/read.h"
#include "psl/write.h"
#include "sql/introspect.h"
#include "sql/url.h"
#include "tests/support/golden.h"
#include "tests/support/postgres.h"

namespace tenon::migrate {
namespace {

using catalog::Catalog;

Catalog introspect(const std::string& url) {
  const base::Result<sql::DatabaseUrl> parsed = sql::parse_database_url(url);
  EXPECT_TRUE(parsed);
  base::Result<Catalog> catalog = sql::introspect_url(*parsed, {.all_schemas = true});
  EXPECT_TRUE(catalog) << base::to_string(catalog.error());
  return catalog ? *std::move(catalog) : Catalog();
}

Catalog read(const std::string& text) {
  base::SourceSet sources;
  const std::vector<base::SourceId> ids{sources.add("schema.prisma", text)};
  base::Diagnostics diagnostics;
  std::optional<psl::Schema> schema = psl::read_schema(sources, ids, diagnostics);
  EXPECT_TRUE(schema) << base::render(diagnostics, sources, {}) << text;
  return schema ? std::move(schema->catalog) : Catalog();
}

std::vector<std::filesystem::path> databases() {
  std::vector<std::filesystem::path> files = test::cases("tests/databases", ".sql");
  files.emplace_back("tests/golden/psl/pg_objects.sql");
  return files;
}

// A database and the schema that was pulled from it: nothing to do, whatever the schema had no words for.
TEST(MigrateDatabases, WhatWasPulledNeedsNoMigration) {
  for (const std::filesystem::path& file : databases()) {
    SCOPED_TRACE(file.string());
    const Catalog database = introspect(test::create_database(test::read_file(test::source_dir() / file)));
    Catalog named = database;
    psl::assign_names(named);
    base::Diagnostics diagnostics;
    const std::string text = psl::write_schema(named, {}, diagnostics);
    const Catalog wanted = read(text);
    DiffOptions options;
    options.names_schemas = database.schemas.size() > 1;
    EXPECT_EQ(to_text(render(diff({&database, &wanted}, options))), "-- This is an empty migration.");
  }
}

// Composite types are in no catalog.
std::string composite_types(const std::string& sql) {
  static const std::regex statement(R"(CREATE TYPE \S+ AS \([^;]*;)", std::regex::icase);
  std::string found;
  for (std::sregex_iterator each(sql.begin(), sql.end(), statement), end; each != end; ++each)
    found += each->str();
  return found;
}

// From nothing to each of the databases, by its catalog alone.
TEST(MigrateDatabases, DatabasesAreMadeFromTheirCatalogs) {
  for (const std::filesystem::path& file : databases()) {
    SCOPED_TRACE(file.string());
    const std::string sql = test::read_file(test::source_dir() / file);
    const Catalog wanted = introspect(test::create_database(sql));
    const std::string url = test::create_database(composite_types(sql));
    const Catalog before = introspect(url);
    DiffOptions options;
    options.origins = {Origin::database, Origin::database};
    const std::string script = to_text(render(diff({&before, &wanted}, options)));
    const std::string problem = test::try_sql(url, script);
    EXPECT_EQ(problem, "") << script;
    if (!problem.empty()) continue;
    const Catalog made = introspect(url);
    EXPECT_EQ(to_text(render(diff({&made, &wanted}, options))), "-- This is an empty migration.") << script;
  }
}

std::string value(const std::string& url, const std::string& query) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()), PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), query.c_str()),
                                                             PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) return PQerrorMessage(connection.get());
  std::string text;
  for (int i = 0; i < PQnfields(result.get()); ++i)
    text += fmt::format("{}{}", i == 0 ? "" : " | ",
                        PQgetisnull(result.get(), 0, i) != 0 ? "NULL" : PQgetvalue(result.get(), 0, i));
  return text;
}

TEST(MigrateDatabases, ValuesSurviveAnotherType) {
  const std::string head = "datasource db {\n  provider = \"postgresql\"\n}\n";
  const Catalog before =
      read(head +
           "model T {\n id Int @id\n a String @default(\"7\")\n b Int\n c Boolean\n d E\n e Int\n"
           " f Int[]\n g Json\n h DateTime\n i String? @map(\"old_i\")\n j Decimal\n}\n"
           "enum E {\n X\n Y\n}\n");
  const Catalog after =
      read(head +
           "model T {\n id BigInt @id\n a Int @default(8)\n b String @default(\"q\")\n c Int\n"
           " d String @default(\"X\")\n e Int[]\n f Json\n g String\n h DateTime @db.Date\n"
           " i String? @map(\"new_i\")\n j Boolean\n}\n");
  const std::string url = test::create_database();
  const Catalog nothing = introspect(url);
  test::run_sql(url, to_text(render(diff({&nothing, &before}, {}))));
  test::run_sql(
      url,
      "INSERT INTO \"T\" VALUES (1, '42', 5, true, 'Y', 9, '{1,2}', '\"text\"', '2020-02-03 04:05', "
      "'kept', 3.5)");
  DiffOptions options;
  options.origins.before = Origin::schema_files;
  test::run_sql(url, to_text(render(diff({&before, &after}, options))));
  EXPECT_EQ(value(url, "SELECT * FROM \"T\""),
            "1 | 42 | 5 | 1 | Y | {9} | [1, 2] | \"text\" | 2020-02-03 | kept | t");
  const Catalog now = introspect(url);
  EXPECT_EQ(to_text(render(diff({&now, &after}, {}))), "-- This is an empty migration.");
}

}  // namespace
}  // namespace tenon::migrate
