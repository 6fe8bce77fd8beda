// Statements as neutral values: what the API's planner makes, what a Dialect renders. They say which rows,
// columns and keys are wanted, never how an engine spells it. Every value is a parameter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace tenon::sql {

// Position in the statement's parameter list, from zero.
struct ParameterIndex {
  std::uint32_t value = 0;
};

// A column of one of the statement's sources: 0 is Select::from (or the table written to), n is joins[n-1].
struct ColumnRef {
  std::uint32_t source = 0;
  catalog::ColumnId column;
};

enum class Comparison : std::uint8_t {
  equal,
  not_equal,  // also true for NULL against a value (Amplify's `ne`): IS DISTINCT FROM
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  like,  // pattern as given
  not_like,
  ilike,
  contains_text,  // substring; wildcards in the value are escaped by the dialect's binding rule
  not_contains_text,
  contains_text_ci,
  starts_with,
  any_of,  // column = any of one array parameter
  none_of,
  array_contains,  // array column holds the element
  array_not_contains,
};

// A condition on rows. One struct for all shapes keeps trees copyable and printable.
struct Predicate {
  enum class Kind : std::uint8_t {
    always,   // true
    never,    // false: an empty `or`
    compare,  // column <comparison> parameter
    between,  // column between parameters[0] and parameters[1]
    is_null,
    is_not_null,
    size_compare,  // character length of the column <comparison> parameter (an integer)
    row_compare,   // (columns…) less or greater than (parameters…), lexicographic
    and_,
    or_,
    not_,
  };
  Kind kind = Kind::always;
  Comparison comparison = Comparison::equal;
  std::vector<ColumnRef> columns;  // one, or several for row_compare
  std::vector<ParameterIndex> parameters;
  std::vector<Predicate> children;  // and_, or_, not_ (one)
};

struct OrderTerm {
  ColumnRef column;
  bool descending = false;
  catalog::NullsOrder nulls = catalog::NullsOrder::engine_default;
};

// LEFT JOIN of a to-one relation: at most one row of `table` for each row of source `parent`.
struct Join {
  catalog::TableId table;
  std::uint32_t parent = 0;
  std::vector<catalog::ColumnId> parent_columns;  // pairwise equal to
  std::vector<catalog::ColumnId> columns;
  std::optional<Predicate> where;  // further condition on the joined row (policies)
};

// The keys of a child statement: one array parameter for each column; a row is wanted when its columns equal
// one tuple of keys. With `limit_per_key` (Select::limit) each key has its own limit, order and offset.
struct Keys {
  std::vector<catalog::ColumnId> columns;
  std::vector<ParameterIndex> parameters;
  bool limit_per_key = false;
};

struct Select {
  const catalog::Catalog* catalog = nullptr;
  catalog::TableId from;
  std::vector<Join> joins;
  std::vector<ColumnRef> outputs;
  // Instead of columns: the number of rows (by key columns first when `keys` is set). Order and limit are
  // then empty.
  bool count = false;
  std::optional<Predicate> where;
  std::vector<OrderTerm> order;
  std::optional<std::uint64_t> limit;  // written as numbers, not bound: plans depend on them
  std::uint64_t offset = 0;
  std::optional<Keys> keys;  // the key columns come first in the result, before `outputs`
};

struct Assignment {
  catalog::ColumnId column;
  ParameterIndex parameter;
};

// Each write returns `returning` of the rows it touched.
struct Insert {
  const catalog::Catalog* catalog = nullptr;
  catalog::TableId table;
  std::vector<Assignment> values;  // other columns get their defaults
  std::vector<catalog::ColumnId> returning;
};

struct Update {
  const catalog::Catalog* catalog = nullptr;
  catalog::TableId table;
  std::vector<Assignment> values;
  Predicate where;
  std::vector<catalog::ColumnId> returning;
};

struct Delete {
  const catalog::Catalog* catalog = nullptr;
  catalog::TableId table;
  Predicate where;
  std::vector<catalog::ColumnId> returning;
};

}  // namespace tenon::sql
