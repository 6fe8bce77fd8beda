// The API's schema: a GraphQL type system made from a catalog and an overlay, and for each of its fields and
// inputs what it stands for in the catalog. One immutable value per reload, shared by every request.
//
// Names and semantics are Amplify's, extended additively (docs/api.md).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/overlay.h"
#include "base/diagnostic.h"
#include "catalog/catalog.h"
#include "graphql/schema.h"

namespace tenon::api {

// From a row of one table to rows of another, along a foreign key in either direction.
struct Relation {
  catalog::ForeignKeyId foreign_key;
  bool forward = true;  // from the table that holds the key to the one it names
  bool many = false;    // a list; otherwise at most one row
  catalog::TableId from;
  catalog::TableId to;
  std::vector<catalog::ColumnId> from_columns;  // pairwise equal to
  std::vector<catalog::ColumnId> to_columns;
};

// What an output field stands for.
struct OutputBinding {
  enum class Kind : std::uint8_t {
    none,    // introspection and other fields without a row behind them
    get,     // root: one row of `table` by its key
    list,    // root: a connection over `table`
    create,  // root mutations on `table`
    update,
    remove,
    column,   // `column`
    to_one,   // `relation`
    to_many,  // `relation`, a connection
    items,    // of a connection
    next_token,
    total_count,
  };
  Kind kind = Kind::none;
  catalog::TableId table;
  catalog::ColumnId column;
  std::uint32_t relation = 0;  // into Schema::relations
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
    input_column,  // member of a write's input: the value of `column`
  };
  Kind kind = Kind::none;
  catalog::ColumnId column;
  FilterOperator filter = FilterOperator::eq;
  // The value decides the shape of the statement, so it is part of the plan's cache key; every other leaf is
  // bound.
  bool shapes_statement = false;
};

struct Schema {
  std::shared_ptr<const catalog::Catalog> catalog;
  std::shared_ptr<const graphql::Schema> graphql;
  std::vector<Relation> relations;
  std::vector<OutputBinding> outputs;  // index: graphql::FieldId
  std::vector<InputBinding> inputs;    // index: graphql::InputValueId
  Overlay overlay;

  const OutputBinding& operator[](graphql::FieldId id) const { return outputs[id.value]; }
  const InputBinding& operator[](graphql::InputValueId id) const { return inputs[id.value]; }
};

// Findings (a table without a key, a name that is no GraphQL name, two fields of one name …) go to
// `diagnostics`; what cannot be exposed is left out. nullptr only when nothing is left to serve or the
// findings are errors.
std::shared_ptr<const Schema> build_schema(std::shared_ptr<const catalog::Catalog> catalog, Overlay overlay,
                                           base::Diagnostics& diagnostics);

}  // namespace tenon::api
