// What a set of schema files says beside its tables: where the database is and what is generated from it. The
// blocks are also kept as they are written, for `pull` gives them back.
#pragma once

#include <bitset>
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
#include "psl/tree.h"

namespace tenon::psl {

// Whose verdict is asked for. `none` is Tenon's own: it takes both forms of the datasource block, with and
// without URLs, and adds checks that Prisma does not make. The others give Prisma's verdict, word for word.
enum class PrismaCompat : std::uint8_t { none, v6, v7 };

// The features of generators' `previewFeatures`, finished ones too, in the order of Prisma's own list.
enum class PreviewFeature : std::uint8_t {
  aggregate_api,
  atomic_number_operations,
  client_extensions,
  cockroachdb,
  connect_or_create,
  create_many,
  data_proxy,
  deno,
  distinct,
  driver_adapters,
  extended_indexes,
  extended_where_unique,
  field_reference,
  filtered_relation_count,
  filter_json,
  full_text_index,
  full_text_search,
  full_text_search_postgres,
  group_by,
  improved_query_raw,
  interactive_transactions,
  json_protocol,
  metrics,
  microsoft_sql_server,
  middlewares,
  mongo_db,
  multi_schema,
  named_constraints,
  n_api,
  native_distinct,
  native_types,
  omit_api,
  order_by_aggregate_group,
  order_by_nulls,
  order_by_relation,
  partial_indexes,
  postgresql_extensions,
  prisma_schema_folder,
  query_compiler,
  react_native,
  referential_actions,
  referential_integrity,
  relation_joins,
  schema_engine_driver_adapters,
  select_relation_count,
  shard_keys,
  strict_undefined_checks,
  tracing,
  transaction_api,
  typed_sql,
  unchecked_scalar_inputs,
  views,
};
inline constexpr std::size_t preview_feature_count = static_cast<std::size_t>(PreviewFeature::views) + 1;

// As it is written in a schema: "partialIndexes".
std::string_view to_string(PreviewFeature feature);

// A set of them.
class PreviewFeatures {
 public:
  void add(PreviewFeature feature) { bits_.set(static_cast<std::size_t>(feature)); }
  void add(const PreviewFeatures& others) { bits_ |= others.bits_; }
  bool has(PreviewFeature feature) const { return bits_.test(static_cast<std::size_t>(feature)); }

 private:
  std::bitset<preview_feature_count> bits_;
};

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
