// The API's schema: a GraphQL type system made from a catalog and an overlay, and for each of its fields and
// inputs what it stands for in the catalog. One immutable value per reload, shared by every request.
//
// Names and semantics are Amplify's, extended additively (docs/api.md).
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/overlay/overlay.h"
#include "base/diagnostic.h"
#include "catalog/catalog.h"
#include "graphql/schema.h"
#include "sql/aggregate.h"
#include "sql/dialect.h"
#include "sql/server_version.h"

namespace tenon::api {

// The table between the two sides of a many-to-many relation; its two foreign keys.
struct LinkTable {
  catalog::TableId table;
  catalog::ForeignKeyId from_key;
  catalog::ForeignKeyId to_key;
  std::vector<catalog::ColumnId> from_columns;  // pairwise equal to Relation::from_columns
  std::vector<catalog::ColumnId> to_columns;    // pairwise equal to Relation::to_columns
};

// From a row of one table to rows of another, along a foreign key (or what an overlay declares as one) in
// either direction, or through a link table.
struct Relation {
  bool forward = true;  // from the table that holds the key to the one it names
  bool many = false;    // a list; otherwise at most one row
  // The rows lie in another database: they are read by their keys, never joined, and no condition, order or
  // nested write follows the relation.
  bool crosses = false;
  catalog::TableId from;
  catalog::TableId to;
  std::vector<catalog::ColumnId> from_columns;  // pairwise equal to, unless `link` stands between
  std::vector<catalog::ColumnId> to_columns;
  std::optional<LinkTable> link;
};

// What an output field stands for.
struct OutputBinding {
  enum class Kind : std::uint8_t {
    none,    // introspection and other fields without a row behind them
    get,     // root: one row of `table` by its key
    list,    // root: a connection over `table`
    create,  // root mutations on `table`
    upsert,
    update,
    remove,
    create_many,
    update_many,
    remove_many,
    column,   // `column`
    to_one,   // `relation`
    to_many,  // `relation`, a connection
    items,    // of a connection
    next_token,
    total_count,
    estimated_count,
    // Aggregates (aggregate_types.h).
    aggregate_list,    // root: groups of `table`
    aggregate,         // of a connection: all its rows as one group
    aggregate_groups,  // of a connection: its rows in groups
    aggregate_count,   // of a group, as those that follow
    aggregate_values,  // an object of `column`s, `function` of each; of `value`: what the rows have in common
    aggregate_column,  // in such an object: `column`
    aggregate_part,    // a number of a date
    affected_count,    // of a write of many rows
    own,               // root: `operation` of the overlay
    own_field,         // of a type of the overlay's: a column of what a statement gives
  };
  Kind kind = Kind::none;
  catalog::TableId table;
  catalog::ColumnId column;
  std::uint32_t relation = 0;  // into Schema::relations
  sql::AggregateFunction function = sql::AggregateFunction::value;
  std::uint32_t operation = 0;  // into Overlay::operations
};

// An operator of a filter input. On array columns `contains` looks for an element.
enum class FilterOperator : std::uint8_t {
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  between,
  in,
  not_in,
  contains,
  not_contains,
  begins_with,
  like,
  not_like,
  ilike,
  not_ilike,
  icontains,
  attribute_exists,
  attribute_type,
  size,
  eqi,  // without regard to case
  has_every,
  has_some,
  is_empty,
  json_path,  // where the other operators look
  search,
};

// What an argument or input field stands for.
struct InputBinding {
  enum class Kind : std::uint8_t {
    none,
    key,        // argument of get and list: `column` equals the value, or meets the conditions of an object
    filter,     // argument with a filter object
    condition,  // argument of a mutation with a filter object
    limit,
    offset,
    next_token,
    order_by,  // list of single-field objects
    sort_direction,
    input,            // argument with the values of a write
    filter_column,    // member of a filter: conditions on `column`
    filter_operator,  // member of a column's conditions (or of its `size`): `filter`
    filter_and,
    filter_or,
    filter_not,
    order_column,  // member of an order object: `column` in the direction given
    order_to_one,  // … an order object for the row of `relation`
    input_column,  // member of a write's input, or of an operator: the value of `column`
    // Of aggregates.
    group_by,          // list of objects
    group_field,       // member of those, or argument: a field's name
    group_part,        // likewise: a part of its date
    having,            // argument with conditions on groups, made of filter_and, filter_or, filter_not and
    aggregate_count,   // member: conditions on the number of rows
    aggregate_values,  // member: an object of conditions or directions, for `function` of
    aggregate_column,  // `column`
    aggregate_order,   // list of single-field objects, whose members are the three above
    count_max,         // argument of totalCount
    filter_to_one,     // member of a filter: a filter for the row of `relation`
    filter_to_many,    // … an object of the next three, filters for its rows
    filter_some,
    filter_every,
    filter_none,
    filter_compare,   // … an object of the next
    compare_column,   // `column` and, for each operator in it, the column it is compared with
    sort_key,         // argument: conditions on the columns of a key after its first, as one value
    sort_key_column,  // a part of that value
    // Arguments of writes beyond Amplify's.
    update,  // of an upsert: what to change when the row exists
    increment,
    multiply,
    push,
    conflict_key,  // the name of a unique key
    skip_duplicates,
    all,           // an empty filter is meant
    own_argument,  // of an operation of the overlay's, or a member of its inputs
    // Nested writes.
    relation,       // member of a write's input: what to do along `relation`
    unique_column,  // member of an object that names one row: `column`
    nested_create,
    nested_connect,
    nested_connect_or_create,
    nested_disconnect,
    nested_set,
    nested_update,
    nested_remove,
    nested_where,  // the row that is meant
    nested_data,   // how to change it
  };
  Kind kind = Kind::none;
  catalog::ColumnId column;
  FilterOperator filter = FilterOperator::eq;
  sql::AggregateFunction function = sql::AggregateFunction::value;
  std::uint32_t relation = 0;  // into Schema::relations
  // The value decides the shape of the statement, so it is part of the plan's cache key; every other leaf is
  // bound.
  bool shapes_statement = false;
};

struct Policy;

struct Schema {
  std::shared_ptr<const catalog::Catalog> catalog;
  std::shared_ptr<const graphql::Schema> graphql;
  std::vector<Relation> relations;
  std::vector<OutputBinding> outputs;  // index: graphql::FieldId
  std::vector<InputBinding> inputs;    // index: graphql::InputValueId
  Overlay overlay;
  std::shared_ptr<const Policy> policy;                       // the overlay's rules (rules/policy.h)
  std::vector<std::shared_ptr<const sql::Dialect>> dialects;  // index: catalog::DatabaseId

  const OutputBinding& operator[](graphql::FieldId id) const { return outputs[id.value]; }
  const InputBinding& operator[](graphql::InputValueId id) const { return inputs[id.value]; }
  const sql::Dialect& dialect_of(catalog::TableId table) const {
    return *dialects[catalog->database_of(table).value];
  }
  // Whether a query may be one statement: some database has such a form (sql/bundle.h).
  bool bundles() const {
    return std::ranges::any_of(dialects, [](const auto& dialect) { return dialect->bundles(); });
  }
};

// Which servers answer, by DatabaseId; those that are not given are of unknown version.
using ServerVersions = std::vector<std::optional<sql::ServerVersion>>;

// Findings (a table without a key, a name that is no GraphQL name, two fields of one name …) go to
// `diagnostics`; what cannot be exposed is left out. nullptr only when nothing is left to serve or the
// findings are errors.
std::shared_ptr<const Schema> build_schema(const std::shared_ptr<const catalog::Catalog>& catalog,
                                           Overlay overlay, base::Diagnostics& diagnostics,
                                           const ServerVersions& servers = {});

// The same schema, talked to as these servers understand: for databases that answer later than it was built.
std::shared_ptr<const Schema> with_servers(const Schema& schema, const ServerVersions& servers);

}  // namespace tenon::api
