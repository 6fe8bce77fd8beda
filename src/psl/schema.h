// What a set of schema files says beside its tables: where the database is and what is generated from it.
// These blocks are kept as they are written, for `pull` gives them back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "catalog/catalog.h"

namespace tenon::psl {

// `url = "…"` or `url = env("NAME")`.
struct UrlSource {
  base::Secret text;        // the URL, when it is written in the file
  std::string environment;  // else the name of the variable that holds it
};

struct DeclaredExtension {
  std::string name;           // in the schema: uuid_ossp
  std::string database_name;  // in the database: uuid-ossp; empty when it is the same
  std::string version;
  std::string schema;
};

// With `prisma` the schema's relations are not foreign keys in the database.
enum class RelationMode : std::uint8_t { foreign_keys, prisma };

struct Datasource {
  std::string name = "db";  // native types are `@db.Text` after it
  std::string provider = "postgresql";
  catalog::Engine engine = catalog::Engine::postgresql;
  // Absent in schemas of Prisma 7 and later, where the URL is configuration.
  std::optional<UrlSource> url;
  std::optional<UrlSource> direct_url;
  std::optional<UrlSource> shadow_url;
  std::vector<std::string> schemas;  // empty: the one schema of the connection
  std::vector<DeclaredExtension> extensions;
  RelationMode relation_mode = RelationMode::foreign_keys;
  // Every `key = value`, the value as it is written, in order. Empty for a datasource that no file declared.
  std::vector<std::pair<std::string, std::string>> properties;
};

struct Generator {
  std::string name = "client";
  std::vector<std::pair<std::string, std::string>> properties;
};

struct Schema {
  catalog::Catalog catalog;
  Datasource datasource;
  std::vector<Generator> generators;
};

}  // namespace tenon::psl
