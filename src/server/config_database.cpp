#include <fmt/format.h>

#include "server/config_parts.h"

namespace tenon::server {

namespace {

DatabaseConfig read_database(ConfigSection section, std::string name) {
  DatabaseConfig database{.name = std::move(name), .place = section.place()};
  std::optional<Reference> url;
  section.read("url", url);
  section.read("shadow_url", database.shadow_url);
  section.read("schemas", database.schemas);
  section.read("pooler", database.pooler);
  section.read_path("schema_path", database.schema_path);
  section.read_path("migrations_path", database.migrations_path);
  section.read_path("seed", database.seed_command);
  section.read_prefix("prefix", database.prefix);
  section.read_path("ca", database.ca);
  section.finish();
  if (url)
    database.url = std::move(*url);
  else
    section.error(
        fmt::format("The database {} has no url.", database.name),
        "write url = \"env:NAME\"; the project-local database belongs to projects with one [database]");
  return database;
}

// All of [databases], of which the sections for a single database are no part.
void read_several(ConfigSection databases, ConfigSection& database, ConfigSection& schema,
                  ConfigSection& migrations, Config& config) {
  for (std::string& name : databases.names())
    config.databases.push_back(read_database(databases.section(name), name));
  databases.finish();
  if (!databases.is_there()) return;
  if (config.databases.empty()) databases.error("[databases] names no database.", "write [databases.NAME]");
  if (database.is_there())
    database.error("[database] and [databases] cannot stand side by side.",
                   "call this one [databases.NAME] too; the name is yours");
  if (schema.is_there())
    schema.error("[schema] is for projects with one [database].", "write schema_path into [databases.NAME]");
  if (migrations.is_there())
    migrations.error("[migrations] is for projects with one [database].",
                     "write migrations_path and seed into [databases.NAME]");
}

}  // namespace

void read_databases(ConfigSection& root, Config& config) {
  ConfigSection database = root.section("database");
  database.read("url", config.database_url);
  database.read("shadow_url", config.shadow_url);
  database.read("provider", config.provider);
  database.read("schemas", config.schemas);
  database.read("pooler", config.pooler);
  database.read_path("ca", config.database_ca);
  database.read("round_trips", config.round_trips);
  database.finish();

  ConfigSection schema = root.section("schema");
  schema.read_path("path", config.schema_path);
  schema.finish();
  ConfigSection migrations = root.section("migrations");
  migrations.read_path("path", config.migrations_path);
  migrations.read_path("seed", config.seed_command);
  migrations.finish();
  read_several(root.section("databases"), database, schema, migrations, config);
}

}  // namespace tenon::server
