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
  friend bool operator==(ParameterIndex, ParameterIndex) = default;
};

// A column of one of the statement's sources: 0 is Select::from (or the table written to), n is joins[n-1].
// In the condition below an `exists`, 0 is the related rows' table, so that a condition on a table's rows
// reads the same wherever it stands.
struct ColumnRef {
  std::uint32_t source = 0;
  catalog::ColumnId column;
  friend bool operator==(const ColumnRef&, const ColumnRef&) = default;
};

enum class Comparison : std::uint8_t {
  equal,
  not_equal,  // also true for NULL against a value (Amplify's `ne`): IS DISTINCT FROM
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  like,  // pattern as bound: whoever binds a user's text escapes its wildcards with a backslash
  not_like,
  ilike,
  not_ilike,
  any_of,  // column = any of one array parameter
  none_of,
  any_identical,   // … to the letter, whatever the column's collation takes for equal
  array_contains,  // array column holds the element
  array_not_contains,
  array_contains_all,  // array column holds every element of the array parameter
  array_overlaps,      // … some element; of a JSON column: its value is an array with some of these texts
  equal_ignoring_case,
  json_contains,  // the value, or the part of it at Predicate::path, holds what the parameter holds
  json_not_contains,
  search,  // full text: the parameter is what people type into a search box (catalog/text_search.h)
};

// The table between the two sides of a many-to-many relation.
struct Link {
  catalog::TableId table;
  std::vector<catalog::ColumnId> far_columns;     // of `table`, pairwise equal to
  std::vector<catalog::ColumnId> target_columns;  // those of the table that is reached through it
  friend bool operator==(const Link&, const Link&) = default;
};

// The rows of `table` that belong to a row of source 0.
struct RelatedRows {
  catalog::TableId table;
  std::vector<catalog::ColumnId> parent_columns;  // of source 0, pairwise equal to
  std::vector<catalog::ColumnId> columns;         // those of `table`, or of the link's table
  std::optional<Link> link;
  friend bool operator==(const RelatedRows&, const RelatedRows&) = default;
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
    size_compare,     // length of the column <comparison> parameter (an integer): characters of a text, bytes
                      // of a binary, elements of an array
    row_compare,      // (columns…) less or greater than (parameters…), lexicographic
    any_row,          // (columns…) equal to one row of (parameters…), each an array of that column's type
    columns_compare,  // columns[0] <comparison> columns[1]: equality and order
    is_empty,         // an array column without elements; NULL is none
    exists,           // some row of `related` meets children[0], by way of a row of its link that meets
                      // children[1], if there is one, whose source 0 is the link
    and_,
    or_,
    not_,
    not_true,  // its one child is false or unknown
  };
  Kind kind = Kind::always;
  Comparison comparison = Comparison::equal;
  std::vector<ColumnRef> columns;  // one, or several for row_compare
  std::vector<ParameterIndex> parameters;
  std::vector<Predicate> children;     // and_, or_; one: not_, not_true, exists
  std::optional<RelatedRows> related;  // exists
  // Of a JSON column: the way to the part of its value that is meant, an array of texts. Order then compares
  // only values of one JSON type.
  std::optional<ParameterIndex> path;
  friend bool operator==(const Predicate&, const Predicate&) = default;
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
  // Which of the rows are joined at all; `table` is source 0 of it.
  std::optional<Predicate> where = std::nullopt;
};

// A condition of a row as a value of the result.
struct Test {
  std::uint32_t source = 0;
  Predicate predicate;  // this source is source 0 of it
  friend bool operator==(const Test&, const Test&) = default;
};

// Keys that another statement of the same bundle (bundle.h) gives, instead of parameters: cells of its rows.
// NULLs are no keys, and no key is given twice.
struct KeysOfPart {
  std::uint32_t part = 0;                 // an earlier one
  std::vector<std::uint32_t> cells;       // pairwise Keys::columns
  std::optional<std::uint64_t> rows_max;  // only of the first rows, of a part without keys
};

// The keys of a child statement: one array parameter for each column; a row is wanted when its columns equal
// one tuple of keys. Select::limit and offset then count for each key on its own.
struct Keys {
  std::vector<catalog::ColumnId> columns;  // of source 0, or of the link's table
  std::optional<Link> link;
  // Where the keys come from, pairwise: the arrays have these columns' types, and the keys come back in the
  // result as those types write them.
  std::vector<catalog::ColumnId> parent_columns;
  std::vector<ParameterIndex> parameters;
  std::optional<KeysOfPart> of_part = std::nullopt;
  std::optional<Predicate> link_where = std::nullopt;  // of the link's rows, which are source 0 of it
};

struct Select {
  const catalog::Catalog* catalog = nullptr;
  catalog::TableId from;
  std::vector<Join> joins;
  std::vector<ColumnRef> outputs;
  std::vector<Test> tests = {};  // truth values, which come after `outputs`
  // Instead of columns: the number of rows (by key when `keys` is set). Joins, order and limit are then
  // empty.
  bool count = false;
  // On source 0; a position in the order, on the sources of that order.
  std::optional<Predicate> where;
  // By columns of any source; one of a join makes the rows be joined before they are limited.
  std::vector<OrderTerm> order;
  std::optional<std::uint64_t> limit;  // written as numbers, not bound: plans depend on them
  std::uint64_t offset = 0;
  // With keys: rows of the whole result, whatever the number of keys. Which ones is not said: who gets so
  // many has to refuse them all.
  std::optional<std::uint64_t> total_limit;
  std::optional<Keys> keys;  // the key columns come first in the result, before `outputs`
  bool lock = false;         // the rows of source 0, until the end of the transaction
};

struct Assignment {
  enum class Operation : std::uint8_t {
    set,
    set_each,  // of an insert of several rows: the parameter is an array with a value for each row
    add,       // the column's value plus the parameter; NULL stays NULL
    multiply,
    append,    // the parameter, an array, behind the column's elements; NULL counts as empty
    proposed,  // of an insert's conflict: the value that was to be inserted, without a parameter
  };
  catalog::ColumnId column;
  ParameterIndex parameter;
  Operation operation = Operation::set;
};

// What an insert does about a row that holds the same unique key already.
struct Conflict {
  // Of a unique index without predicate or expressions. With `skip` none means: of any.
  std::vector<catalog::ColumnId> columns;
  bool skip = false;               // leave that row alone and return nothing
  std::vector<Assignment> values;  // changes to that row; none: it stays and is returned
};

// Each write returns `returning` of the rows it touched.
struct Insert {
  const catalog::Catalog* catalog = nullptr;
  catalog::TableId table;
  // Other columns get their defaults. With one `set_each` there are as many rows as its array has elements,
  // and they are inserted and returned in that order.
  std::vector<Assignment> values;
  std::optional<Conflict> conflict;
  std::vector<catalog::ColumnId> returning;
};

struct Update {
  const catalog::Catalog* catalog = nullptr;
  catalog::TableId table;
  std::vector<Assignment> values;  // not empty
  Predicate where;
  std::vector<catalog::ColumnId> returning;
  // At most so many of the rows; which ones is not said: who gets as many has to undo the whole.
  std::optional<std::uint64_t> limit;
};

struct Delete {
  const catalog::Catalog* catalog = nullptr;
  catalog::TableId table;
  Predicate where;
  std::vector<catalog::ColumnId> returning;
  std::optional<std::uint64_t> limit;  // as in Update
};

// A statement that the owner of the database wrote (named_parameters.h). Its text is the owner's, what is
// bound is not.
struct OwnStatement {
  struct Place {
    std::uint32_t begin = 0;  // bytes of `text` that the parameter takes the place of
    std::uint32_t end = 0;
    ParameterIndex parameter;
  };
  const catalog::Catalog* catalog = nullptr;
  catalog::TableId table;  // stands for it in the catalog; none of the database
  std::string text;
  std::vector<Place> places;               // in the order of the text
  std::vector<catalog::ColumnId> columns;  // by parameter: one that its values are like
};

// How people read a condition in a plan: `status = $1 and (a, b) < ($2, $3)`. Names are the database's.
std::string describe(const catalog::Catalog& catalog, const Predicate& predicate);
std::string describe(const catalog::Catalog& catalog, const std::vector<OrderTerm>& order);

}  // namespace tenon::sql
