// What has to change for one catalog to become another. Pure: no database is asked, and which engine the
// catalogs are of shows only where engines differ in what a column is.
//
// Order of the steps: schemas and extensions, enums, foreign keys and indexes that go, renames, changes of
// tables, tables that go, enums that go, new tables, indexes, foreign keys; views last. Within a kind by
// position. That is Prisma's order with the renames in the middle, and it needs no cycles broken: foreign
// keys are always steps of their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "migrate/pair.h"
#include "migrate/step.h"

namespace tenon::migrate {

// Where a catalog comes from: which decides what it knows. Schema files do not know views, checks, exclusion
// constraints, comments, generated columns, collations, indexes over expressions or sequences of their own,
// so these are compared only between two databases and else left alone.
enum class Origin : std::uint8_t { schema_files, database };

enum class Compat : std::uint8_t {
  tenon,   // no data lost where a conversion exists, every script runs, every diff converges
  prisma,  // what Prisma Migrate would do, defects included
};

// `--rename`: `Post=Article`, `Post.title=Post.headline`, `Status.NEW=Status.OPEN` (an enum's value); names
// in the database, tables and enums with their schema when it is not the default one.
struct Rename {
  std::string from;
  std::string to;
};

// Something that went beside something alike that came: perhaps a rename. A question for people; unanswered
// it is a drop and a creation.
struct RenameCandidate {
  enum class Kind : std::uint8_t { table, column, enumeration, enum_value };
  Kind kind = Kind::table;
  Rename rename;       // the answer yes, as an option
  std::string inside;  // the table or enum of a column or value; empty otherwise
  // 0 to 1: how much of the two is equal. Candidates come with the likeliest first.
  double likeness = 0;
};

struct DiffOptions {
  Pair<Origin> origins{.before = Origin::database, .after = Origin::schema_files};
  Compat compat = Compat::tenon;
  std::vector<Rename> renames;
  // What the search path begins with; tables there are named without a schema.
  std::string default_schema = "public";
  // The schema file names its schemas: then those of every table are written.
  bool names_schemas = false;
  // Whether the order of an enum's values counts. Prisma's does not, and adds new values at the end.
  bool enum_order = false;
  // Tables (as `name` or `schema.name`) that no diff touches. `_prisma_migrations` and PostGIS's own table
  // always are such.
  std::vector<std::string> external_tables;
  // MariaDB stores JSON as longtext, has no RENAME INDEX before 10.5 …; MySQL 8 otherwise.
  bool is_mariadb = false;
};

struct Difference {
  Catalogs catalogs{};
  Pair<Origin> origins{};
  Compat compat = Compat::tenon;
  std::string default_schema;
  bool names_schemas = false;
  bool is_mariadb = false;
  std::vector<Step> steps;
  std::vector<RenameCandidate> candidates;
  // Renames asked for that name nothing.
  std::vector<Rename> unknown_renames;

  bool empty() const { return steps.empty(); }
  const catalog::Catalog& before() const { return *catalogs.before; }
  const catalog::Catalog& after() const { return *catalogs.after; }
};

// Both catalogs must outlive the result and be of the same engine.
Difference diff(Pair<const catalog::Catalog*> catalogs, const DiffOptions& options);

}  // namespace tenon::migrate
