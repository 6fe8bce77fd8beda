// What the engines do not have or do in a way of their own: one list. Whoever starts an API is told what is
// missing (server/), the tests of both engines ask it what to expect, and docs/engines.md prints it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sql/server_version.h"

namespace tenon::sql {

enum class Difference : std::uint8_t {
  // Not on MySQL and MariaDB.
  list_columns,
  infinite_values,
  checks_at_commit,
  one_statement,
  own_types,
  schemas,
  // In another way.
  parents_keys,
  returned_rows,
  upsert_key,
  skipped_duplicates,
  constraint_names,
  expression_keys,
  null_order,
  equal_texts,
  padded_texts,
  word_search,
  json_equality,
  json_order,
  json_containment,
  json_places,
  averages,
  fractions,
  estimates,
  locked_rows,
  isolation,
  server_limits,
  write_analysis,
  migration_units,
};

// Texts are Markdown, as they stand in docs/engines.md.
struct DifferenceText {
  Difference id;
  std::string_view feature;
  std::string_view postgres;
  std::string_view mariadb;
  std::string_view mysql;
  std::string_view reason;

  // Whether MySQL and MariaDB do without it; what they have instead stands in their columns.
  bool missing() const { return id < Difference::parents_keys; }
};

// All, in the order of the enumeration.
std::span<const DifferenceText> differences();

// What is missing on a server, for a person who starts an API on it: "MariaDB 10.11.6 does not have: …; ….".
// Empty when it is nothing.
std::string missing_on(const ServerVersion& server);

}  // namespace tenon::sql
