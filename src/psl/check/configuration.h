// What a set of schema files says beside its tables: where the database is and what is generated from it. The
// blocks are also kept as they are written, for `pull` gives them back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/secret.h"
#include "catalog/catalog.h"
#include "psl/check/connector.h"
#include "psl/check/preview_features.h"
#include "psl/tree.h"

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
  base::Span span;
};

struct Datasource {
  std::string name = "db";  // native types are `@db.Text` after it
  std::string provider = "postgresql";
  const Connector* connector = &connector_of(Provider::postgresql);
  catalog::Engine engine = catalog::Engine::postgresql;
  // Absent in schemas of Prisma 7 and later, where the URL is configuration.
  std::optional<UrlSource> url;
  std::optional<UrlSource> direct_url;
  std::optional<UrlSource> shadow_url;
  std::vector<std::string> schemas;  // as written; empty: the one schema of the connection
  std::vector<DeclaredExtension> extensions;
  RelationMode relation_mode = RelationMode::foreign_keys;
  // Every `key = value`, the value as it is written, in order. Empty for a datasource that no file declared.
  std::vector<std::pair<std::string, std::string>> properties;
  base::Span span;
  std::optional<base::Span> schemas_span;     // of the array
  std::optional<base::Span> extensions_span;  // of the property
};

struct Generator {
  std::string name = "client";
  std::vector<std::pair<std::string, std::string>> properties;
  PreviewFeatures preview_features;
};

struct Configuration {
  std::optional<Datasource> datasource;
  std::vector<Generator> generators;
  PreviewFeatures preview_features;  // of all generators

  // The rules of the database that the schema is for; those of no database in particular without a
  // datasource.
  const Connector& connector() const {
    return datasource ? *datasource->connector : connector_of(Provider::unknown);
  }
  RelationMode relation_mode() const {
    return datasource ? datasource->relation_mode : RelationMode::foreign_keys;
  }
};

// Reads the datasource and generator blocks of all files. A block with a fatal error is left out; everything
// else is read, so that all errors are reported at once.
Configuration read_configuration(const base::SourceSet& sources, std::span<const Tree> trees,
                                 PrismaCompat compat, base::Diagnostics& diagnostics);

}  // namespace tenon::psl
