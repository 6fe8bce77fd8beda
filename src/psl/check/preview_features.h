// The features that generators switch on with `previewFeatures`, and what became of each in the releases of
// Prisma.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "psl/check/connector.h"

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

enum class FeatureState : std::uint8_t {
  unknown,  // not of this release
  hidden,   // accepted, not advertised
  active,
  finished,  // works without being asked for
  leaving,   // will be removed
};

// Names are compared without regard to case.
std::optional<PreviewFeature> find_preview_feature(std::string_view name);
FeatureState feature_state(PreviewFeature feature, PrismaCompat compat, Provider provider);
// Active features in the order of messages: "nativeDistinct, partialIndexes, …".
std::string active_features(PrismaCompat compat, Provider provider);

}  // namespace tenon::psl
