// What the checker knows of each kind of database: what it supports, as data. Tenon itself works with
// PostgreSQL and MySQL; the others are here because a schema of theirs is recognised and checked as Prisma
// does when its verdict is asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "catalog/catalog.h"

namespace tenon::psl {

enum class Provider : std::uint8_t { unknown, postgresql, mysql, sqlite, sqlserver, cockroachdb, mongodb };

// With `prisma` the schema's relations are not foreign keys in the database.
enum class RelationMode : std::uint8_t { foreign_keys, prisma };

enum class Capability : std::uint8_t {
  scalar_lists,
  enums,
  json,
  json_lists,
  decimal,
  autoincrement,
  autoincrement_on_non_id,
  multiple_autoincrement,
  autoincrement_without_index,
  relation_fields_in_any_order,
  composite_types,
  auto_default,
  embedded_many_to_many,
  implicit_many_to_many,
  multiple_schemas,
  compound_ids,
  named_primary_keys,
  named_foreign_keys,
  named_defaults,
  cycle_detection,  // foreign keys may not form cycles of cascading actions
  index_length,
  primary_key_sort,
  fulltext_index,
  fulltext_sort,
  several_fulltext_indexes,
  clustering,
  partial_indexes,
  shard_keys,
};

// Where the name of a constraint must be the only one of its kind.
enum class ConstraintScope : std::uint8_t {
  global_key_index,
  global_foreign_key,
  global_primary_key_key_index,
  global_primary_key_foreign_key_default,
  model_key_index,
  model_primary_key_key_index,
  model_primary_key_key_index_foreign_key,
};

struct Connector {
  Provider provider = Provider::unknown;
  std::string_view word;  // in `provider = "…"`
  std::string_view name;  // in messages
  std::uint64_t capabilities = 0;
  std::size_t longest_name = 0;  // of a constraint, in bytes
  std::span<const ConstraintScope> scopes;
  std::span<const catalog::ReferentialAction> actions;           // of foreign keys
  std::span<const catalog::ReferentialAction> emulated_actions;  // with relationMode = "prisma"
  std::span<const RelationMode> relation_modes;                  // the default one first
  std::span<const std::string_view> index_types;
  bool checks_native_types = false;   // whether its native types are known here
  bool warns_missing_indexes = true;  // of relation fields with relationMode = "prisma"

  bool has(Capability capability) const {
    return (capabilities >> static_cast<unsigned>(capability) & 1U) != 0;
  }
  // Whether a relation may have the action in that mode.
  bool allows(RelationMode mode, catalog::ReferentialAction action) const;
  std::span<const catalog::ReferentialAction> allowed_actions(RelationMode mode) const {
    return mode == RelationMode::prisma ? emulated_actions : actions;
  }
};

// The table's row of a provider; `unknown` is a schema without a datasource.
const Connector& connector_of(Provider provider);

// By the word in `provider = "…"`; nullptr for one that nobody knows.
const Connector* find_connector(std::string_view word);

// `Cascade`, as a schema writes it.
std::string_view to_string(catalog::ReferentialAction action);
std::string_view to_string(RelationMode mode);

}  // namespace tenon::psl
