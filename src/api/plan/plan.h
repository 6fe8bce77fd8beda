// A plan: which statements answer an operation, in which order, and how their rows become its JSON.
// Immutable, shared by all requests of the same shape (shape.h), printable (describe).
//
// Each list is a level: one statement for all its parents together, with every to-one relation on the way as
// a join; what lies in another database is a level of its own. Levels of one depth and one database travel
// together in one exchange; or all levels are parts of one statement (sql/bundle.h), when the database is far
// away.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/plan/parameters.h"
#include "api/plan/write_plan.h"
#include "api/schema/schema.h"
#include "api/values/key_form.h"
#include "api/values/scalars.h"
#include "base/source.h"
#include "graphql/operation.h"
#include "sql/aggregate.h"
#include "sql/connection.h"
#include "sql/dialect.h"
#include "sql/statement.h"

namespace tenon::api {

using LevelIndex = std::uint32_t;

// Rows that a statement of the owner's gives (overlay/operations.h).
struct OwnRows {
  enum class Form : std::uint8_t {
    objects,    // `columns` are the cells
    value,      // the first cell counts
    json,       // the whole row, as a JSON object
    json_text,  // … as a string with its text
  };
  // A column of the result, by one name or else the other.
  struct Column {
    std::string name;
    std::string other_name;
    friend bool operator==(const Column&, const Column&) = default;
  };
  Form form = Form::objects;
  std::vector<Column> columns;
};

// Rows of one table (and of what is joined to them) for one selection, or groups of them.
struct Level {
  catalog::TableId table;
  std::uint32_t depth = 0;                  // which exchange it belongs to, from zero
  std::optional<LevelIndex> parent;         // absent: the root
  std::uint32_t root_field = 0;             // the one of Plan::fields it answers a part of
  catalog::DatabaseId database;             // that of `table`
  bool beyond = false;                      // another database lies between it and its root
  std::vector<std::uint32_t> parent_cells;  // where the parent's rows hold the key, as in Select::keys

  std::optional<PlannedStatement> rows;   // absent when only the count is asked for, or a write gives the row
  std::optional<PlannedStatement> count;  // totalCount
  sql::Select select;                     // what `rows` was rendered from
  sql::Select count_select;
  // `rows` is the owner's statement, or that of a write of theirs; there is no `select`.
  std::optional<OwnRows> own;
  // Instead of `select`, when the rows are groups.
  std::optional<sql::Aggregate> aggregate;

  std::uint32_t key_count = 0;  // key columns that precede the outputs in a row
  // When the parent lies in another database: what the keys must be like, one for each key column.
  std::vector<KeyForm> key_forms;
  std::uint32_t width = 0;  // cells of a row
  // Rows to show for each parent. The statement fetches one more when `next_token` is wanted.
  std::optional<std::uint64_t> page;
  bool next_token = false;
  std::vector<std::uint32_t> order_cells;  // the order values of a row, for its token
  std::string ordering;                    // identifies table and order in tokens
};

// One key of an object of the answer.
struct OutputField {
  enum class Kind : std::uint8_t {
    column,      // cell `cell` of the level's row
    type_name,   // `text`
    object,      // a to-one relation, joined: null when cell `cell` is NULL
    row,         // the one row of `level`, or null, with the error `text` if that is not empty; below the
                 // root, of the parent's row at hand
    connection,  // of `level`
    items,
    next_token,
    total_count,
    raw,     // `text`: JSON made when the plan was made (introspection)
    denied,  // null, and the error `text`
    // Of a level of groups, whose parent is that of the connection it is in:
    group,   // the only one, an object; nothing but zeros and nulls when there are no rows
    groups,  // all, as a list
    part,    // an object with cells of the same row
    count,   // cell `cell`; zero when there is no row, unless it may be null
    // Of a level of the owner's rows:
    results,     // all, as a list of objects, values or JSON
    result_row,  // the first, or null
    result,      // cell `cell`, which need not be what was promised
  };
  Kind kind = Kind::raw;
  bool non_null = false;
  bool item_non_null = false;  // items
  // Shown only in rows where cell `guard` is true; else null, with the error `text` unless that is empty.
  bool guarded = false;
  OutputFormat format = OutputFormat::string;
  CellCopy copy = CellCopy::converted;
  catalog::ColumnId column;
  std::uint32_t cell = 0;
  std::uint32_t guard = 0;
  LevelIndex level = 0;
  std::uint32_t first_child = 0;  // rows of Plan::fields
  std::uint32_t child_count = 0;
  std::string key;      // the response key
  std::string literal;  // `,"key":`
  std::string text;
  base::LineColumn location;
};

// A root field that cannot be answered: its value is null.
struct FieldFailure {
  std::uint32_t field = 0;  // of Plan::fields
  graphql::Error error;     // without path; the field's own location when it has none
};

// All statements of a query as one, for a database that is far away.
struct SingleStatement {
  struct Part {
    LevelIndex level = 0;
    bool count = false;       // of the level's two statements the one for totalCount
    std::uint32_t width = 0;  // cells of a row
  };
  sql::Statement statement;
  std::vector<Part> parts;     // as in the bundle; parameters follow one another, without parent keys
  std::uint64_t rows_max = 0;  // that the statement gives; as many are too many for an answer
  // It also reads what is below rows that only tell of a next page. Too many rows may then be none too many.
  bool overshoots = false;
};

struct Rights;

struct Plan {
  std::shared_ptr<const Schema> schema;
  std::shared_ptr<const Rights> rights;               // of whom it may be run for
  std::shared_ptr<const graphql::Document> document;  // origins refer to its variables
  std::uint32_t operation = 0;                        // into document->operations
  graphql::OperationKind kind = graphql::OperationKind::query;
  std::vector<OutputField> fields;  // rows [0, root_count) are the root's
  std::uint32_t root_count = 0;
  std::vector<Level> levels;  // parents before children
  // Instead of the levels' own statements, unless a value keeps one of them from being run.
  std::optional<SingleStatement> single;
  std::vector<Write> writes;  // in the order of the root fields
  // mutation @transaction: all root fields in one transaction that begins like this.
  std::optional<sql::Begin> transaction;
  // Fields whose arguments ask for what cannot be: a limit too high, a value that its column does not take.
  // They have neither levels nor writes; the others are answered (section 6.4.4, "Handling Execution
  // Errors").
  std::vector<FieldFailure> refused;
  std::uint32_t parameter_count = 0;
  std::uint64_t cost = 0;  // cost.h

  const catalog::Catalog& catalog() const { return *schema->catalog; }
  // About how much memory it holds, for the cache.
  std::size_t weight() const;
};

// One line for each level and field, for people and golden files.
std::string describe(const Plan& plan);
// The texts of all statements in the order they are sent, one after another.
std::string describe_statements(const Plan& plan);

}  // namespace tenon::api
