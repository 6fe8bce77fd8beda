#include "psl/check/connector.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>

namespace tenon::psl {

namespace {

using enum Capability;
using enum ConstraintScope;
using enum catalog::ReferentialAction;
using catalog::ReferentialAction;

constexpr std::uint64_t set(std::initializer_list<Capability> capabilities) {
  std::uint64_t bits = 0;
  for (const Capability capability : capabilities) bits |= 1ULL << static_cast<unsigned>(capability);
  return bits;
}

// In the order of Prisma's messages.
constexpr ReferentialAction all_actions[] = {cascade, restrict, no_action, set_null, set_default};
constexpr ReferentialAction all_but_default[] = {cascade, restrict, no_action, set_null};
constexpr ReferentialAction all_but_restrict[] = {cascade, no_action, set_null, set_default};
constexpr ReferentialAction certain_actions[] = {cascade, restrict, set_null};

constexpr RelationMode both_modes[] = {RelationMode::foreign_keys, RelationMode::prisma};
constexpr RelationMode prisma_only[] = {RelationMode::prisma};

constexpr ConstraintScope postgresql_scopes[] = {global_primary_key_key_index,
                                                 model_primary_key_key_index_foreign_key};
constexpr ConstraintScope mysql_scopes[] = {global_foreign_key, model_key_index};
constexpr ConstraintScope sqlite_scopes[] = {global_key_index};
constexpr ConstraintScope sqlserver_scopes[] = {global_primary_key_foreign_key_default,
                                                model_primary_key_key_index};
constexpr ConstraintScope cockroachdb_scopes[] = {model_primary_key_key_index_foreign_key};
constexpr ConstraintScope mongodb_scopes[] = {model_key_index};

constexpr std::string_view btree_only[] = {"BTree"};
constexpr std::string_view btree_and_gin[] = {"BTree", "Gin"};
constexpr std::string_view postgresql_indexes[] = {"BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"};

constexpr std::array<Connector, 7> connectors{{
    {.provider = Provider::unknown,
     .capabilities = set({autoincrement, compound_ids, enums, json, implicit_many_to_many}),

     .longest_name = std::numeric_limits<std::size_t>::max(),
     .actions = all_actions,
     .emulated_actions = all_but_default,
     .relation_modes = both_modes,
     .index_types = btree_only},
    {.provider = Provider::postgresql,
     .word = "postgresql",
     .name = "Postgres",
     .capabilities =
         set({autoincrement, autoincrement_on_non_id, multiple_autoincrement, autoincrement_without_index,
              compound_ids, enums, json, json_lists, multiple_schemas, named_foreign_keys, named_primary_keys,
              relation_fields_in_any_order, scalar_lists, implicit_many_to_many, decimal, partial_indexes}),
     .longest_name = 63,
     .scopes = postgresql_scopes,
     .actions = all_actions,
     .emulated_actions = certain_actions,
     .relation_modes = both_modes,
     .index_types = postgresql_indexes,
     .checks_native_types = true},
    {.provider = Provider::mysql,
     .word = "mysql",
     .name = "MySQL",
     .capabilities = set({enums, json, autoincrement_on_non_id, relation_fields_in_any_order, autoincrement,
                          compound_ids, named_foreign_keys, index_length, fulltext_index,
                          several_fulltext_indexes, implicit_many_to_many, decimal, shard_keys}),
     .longest_name = 64,
     .scopes = mysql_scopes,
     .actions = all_actions,
     .emulated_actions = all_but_default,
     .relation_modes = both_modes,
     .index_types = btree_only,
     .checks_native_types = true},
    {.provider = Provider::sqlite,
     .word = "sqlite",
     .name = "sqlite",
     .capabilities = set({autoincrement, compound_ids, relation_fields_in_any_order, implicit_many_to_many,
                          decimal, enums, json, partial_indexes}),
     .longest_name = 10000,
     .scopes = sqlite_scopes,
     .actions = all_actions,
     .emulated_actions = certain_actions,
     .relation_modes = both_modes,
     .index_types = btree_only,
     .checks_native_types = true},
    {.provider = Provider::sqlserver,
     .word = "sqlserver",
     .name = "SQL Server",
     .capabilities = set({autoincrement, autoincrement_on_non_id, multiple_autoincrement,
                          autoincrement_without_index, compound_ids, multiple_schemas, named_defaults,
                          named_foreign_keys, named_primary_keys, cycle_detection, primary_key_sort,
                          implicit_many_to_many, decimal, clustering, partial_indexes}),
     .longest_name = 128,
     .scopes = sqlserver_scopes,
     .actions = all_but_restrict,
     .emulated_actions = all_but_default,
     .relation_modes = both_modes,
     .index_types = btree_only},
    {.provider = Provider::cockroachdb,
     .word = "cockroachdb",
     .name = "CockroachDB",
     .capabilities =
         set({autoincrement, autoincrement_on_non_id, multiple_autoincrement, autoincrement_without_index,
              compound_ids, enums, json, named_primary_keys, named_foreign_keys, relation_fields_in_any_order,
              scalar_lists, implicit_many_to_many, decimal, multiple_schemas, partial_indexes}),
     .longest_name = 63,
     .scopes = cockroachdb_scopes,
     .actions = all_actions,
     .emulated_actions = all_but_default,
     .relation_modes = both_modes,
     .index_types = btree_and_gin},
    {.provider = Provider::mongodb,
     .word = "mongodb",
     .name = "MongoDB",
     .capabilities =
         set({json, enums, relation_fields_in_any_order, scalar_lists, json_lists, composite_types,
              fulltext_index, fulltext_sort, auto_default, embedded_many_to_many}),
     .longest_name = 127,
     .scopes = mongodb_scopes,
     .emulated_actions = all_but_default,
     .relation_modes = prisma_only,
     .index_types = btree_only,
     .warns_missing_indexes = false},
}};

}  // namespace

bool Connector::allows(RelationMode mode, ReferentialAction action) const {
  return std::ranges::find(allowed_actions(mode), action) != allowed_actions(mode).end();
}

const Connector& connector_of(Provider provider) { return connectors[static_cast<std::size_t>(provider)]; }

const Connector* find_connector(std::string_view word) {
  if (word == "postgres") return &connector_of(Provider::postgresql);
  const auto* const found = std::ranges::find(connectors, word, &Connector::word);
  return word.empty() || found == connectors.end() ? nullptr : &*found;
}

std::string_view to_string(ReferentialAction action) {
  switch (action) {
    case no_action:
      return "NoAction";
    case restrict:
      return "Restrict";
    case cascade:
      return "Cascade";
    case set_null:
      return "SetNull";
    case set_default:
      return "SetDefault";
  }
  return {};
}

std::string_view to_string(RelationMode mode) {
  return mode == RelationMode::prisma ? "prisma" : "foreignKeys";
}

}  // namespace tenon::psl
