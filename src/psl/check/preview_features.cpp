#include "psl/check/preview_features.h"

#include <algorithm>
#include <array>

namespace tenon::psl {

namespace {

using enum FeatureState;

struct FeatureRow {
  std::string_view name;
  FeatureState v6 = finished;
  FeatureState v7 = finished;
};

// In the order of PreviewFeature.
constexpr std::array<FeatureRow, preview_feature_count> features{{
    {.name = "aggregateApi"},
    {.name = "atomicNumberOperations"},
    {.name = "clientExtensions"},
    {.name = "cockroachdb"},
    {.name = "connectOrCreate"},
    {.name = "createMany"},
    {.name = "dataProxy"},
    {.name = "deno"},
    {.name = "distinct"},
    {.name = "driverAdapters"},
    {.name = "extendedIndexes"},
    {.name = "extendedWhereUnique"},
    {.name = "fieldReference"},
    {.name = "filteredRelationCount"},
    {.name = "filterJson"},
    {.name = "fullTextIndex"},
    {.name = "fullTextSearch"},
    {.name = "fullTextSearchPostgres", .v6 = active, .v7 = active},
    {.name = "groupBy"},
    {.name = "improvedQueryRaw"},
    {.name = "interactiveTransactions"},
    {.name = "jsonProtocol"},
    {.name = "metrics", .v6 = leaving, .v7 = unknown},
    {.name = "microsoftSqlServer"},
    {.name = "middlewares"},
    {.name = "mongoDb"},
    {.name = "multiSchema"},
    {.name = "namedConstraints"},
    {.name = "nApi"},
    {.name = "nativeDistinct", .v6 = active, .v7 = active},
    {.name = "nativeTypes"},
    {.name = "omitApi"},
    {.name = "orderByAggregateGroup"},
    {.name = "orderByNulls"},
    {.name = "orderByRelation"},
    {.name = "partialIndexes", .v6 = unknown, .v7 = active},
    {.name = "postgresqlExtensions", .v6 = active, .v7 = active},
    {.name = "prismaSchemaFolder"},
    {.name = "queryCompiler"},
    {.name = "reactNative", .v6 = hidden, .v7 = unknown},
    {.name = "referentialActions"},
    {.name = "referentialIntegrity"},
    {.name = "relationJoins", .v6 = active, .v7 = active},
    {.name = "schemaEngineDriverAdapters", .v6 = active, .v7 = active},
    {.name = "selectRelationCount"},
    {.name = "shardKeys", .v6 = active, .v7 = active},
    {.name = "strictUndefinedChecks", .v6 = active, .v7 = active},
    {.name = "tracing"},
    {.name = "transactionApi"},
    {.name = "typedSql", .v6 = hidden, .v7 = active},
    {.name = "uncheckedScalarInputs"},
    {.name = "views", .v6 = active, .v7 = active},
}};

const FeatureRow& row_of(PreviewFeature feature) { return features[static_cast<std::size_t>(feature)]; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::string_view to_string(PreviewFeature feature) { return row_of(feature).name; }

std::optional<PreviewFeature> find_preview_feature(std::string_view name) {
  for (std::size_t i = 0; i < features.size(); ++i)
    if (equal_ignoring_case(features[i].name, name)) return static_cast<PreviewFeature>(i);
  return std::nullopt;
}

FeatureState feature_state(PreviewFeature feature, PrismaCompat compat, Provider provider) {
  if (feature == PreviewFeature::full_text_search_postgres && provider != Provider::postgresql)
    return unknown;
  const FeatureRow& row = row_of(feature);
  if (compat == PrismaCompat::v6) return row.v6;
  if (compat == PrismaCompat::none && row.v7 == unknown) return row.v6;
  return row.v7;
}

std::string active_features(PrismaCompat compat, Provider provider) {
  std::string names;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const FeatureState state = feature_state(static_cast<PreviewFeature>(i), compat, provider);
    // What is leaving is still advertised.
    if (state != active && state != leaving) continue;
    if (!names.empty()) names += ", ";
    names += features[i].name;
  }
  return names;
}

}  // namespace tenon::psl
