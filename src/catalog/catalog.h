// The catalog: a description of the tables of a database, as plain values. Introspection makes one from a
// live database, psl/ makes one from schema files; the API, migrations and generators only read it. The API
// may stand on several databases, whose catalogs merge.h makes one of.
//
// Vocabulary. The *name* of a table or column is its name in the database. The *model name*, *field name* and
// *relation name* are what the schema language and the API call it; they are empty until psl::assign_names or
// the schema reader sets them, and a table or column whose exposed name stays empty is not exposed.
//
// Tables, columns and so on are rows of flat vectors, named by 32-bit ids; TableRef and ColumnRef (ref.h)
// pair an id with its catalog so that `table.columns()` reads well.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/id.h"
#include "catalog/type.h"

namespace tenon::catalog {

enum class Engine : std::uint8_t { postgresql, mysql };

// One of those that a merged catalog describes.
struct Database {
  std::string name;  // as tenon.toml calls it
  Engine engine = Engine::postgresql;
  friend bool operator==(const Database&, const Database&) = default;
};

// A schema in PostgreSQL's sense; in MySQL the one database.
struct Namespace {
  std::string name;
  DatabaseId database = {};
  friend bool operator==(const Namespace&, const Namespace&) = default;
};

struct Extension {
  std::string name;
  std::string version;
  std::string schema;
  friend bool operator==(const Extension&, const Extension&) = default;
};

struct EnumValue {
  std::string label;       // in the database
  std::string value_name;  // in the schema language and the API
  friend bool operator==(const EnumValue&, const EnumValue&) = default;
};

struct Enum {
  NamespaceId schema;
  std::string name;
  std::vector<EnumValue> values;  // in the database's order
  std::string comment;
  std::string enum_name;  // exposed
  friend bool operator==(const Enum&, const Enum&) = default;
};

struct Domain {
  NamespaceId schema;
  std::string name;
  ColumnType base;
  bool not_null = false;
  std::string default_expression;
  std::vector<std::string> checks;  // definitions
  friend bool operator==(const Domain&, const Domain&) = default;
};

struct Sequence {
  NamespaceId schema;
  std::string name;
  std::int64_t start = 1;
  std::int64_t increment = 1;
  std::optional<ColumnId> owned_by;
  friend bool operator==(const Sequence&, const Sequence&) = default;
};

struct Default {
  enum class Kind : std::uint8_t {
    none,
    literal,        // `text` is the value itself, unquoted: abc, 12.5, true; for arrays see `items`
    expression,     // `text` is the engine's SQL
    now,            // the statement's timestamp
    autoincrement,  // serial, identity or nextval of any sequence; MySQL auto_increment
  };
  Kind kind = Kind::none;
  std::string text;
  std::vector<std::string> items;  // of a literal array
  bool is_array = false;
  std::string sequence;  // qualified name, for autoincrement by a sequence
  friend bool operator==(const Default&, const Default&) = default;
};

enum class Identity : std::uint8_t { none, always, by_default };

// A value that the client side (here: Tenon) makes on insert; PSL's uuid(), cuid() and friends.
struct ClientDefault {
  enum class Kind : std::uint8_t { none, uuid, cuid, nanoid, ulid };
  Kind kind = Kind::none;
  std::uint8_t argument = 0;  // version, or length of a nanoid; 0: not given
  friend bool operator==(const ClientDefault&, const ClientDefault&) = default;
};

struct Column {
  TableId table;
  std::string name;
  ColumnType type;
  bool nullable = true;
  Default default_value;
  Identity identity = Identity::none;
  std::string generated;  // the expression of a generated column
  bool generated_stored = true;
  std::string on_update;   // MySQL
  std::string collation;   // empty: the type's own, in MySQL the table's
  bool invisible = false;  // MySQL: not part of SELECT *
  std::string comment;

  std::string field_name;  // exposed
  std::string scalar;      // exposed: what an overlay calls its type; empty: by the type itself
  ClientDefault client_default;
  bool updated_at = false;  // PSL's @updatedAt
  bool ignored = false;     // PSL's @ignore
  // Holds an owner's claims joined by `::`, of which clients see the last (an overlay's rules say so).
  bool joined_identity = false;
  friend bool operator==(const Column&, const Column&) = default;
};

enum class NullsOrder : std::uint8_t { engine_default, first, last };

// One part of an index: a column or an expression.
struct IndexPart {
  std::optional<ColumnId> column;
  std::string expression;  // when `column` is absent
  bool descending = false;
  NullsOrder nulls = NullsOrder::engine_default;
  std::string operator_class;  // empty: the type's default
  std::string collation;
  std::optional<std::uint32_t> length;  // MySQL prefix
  friend bool operator==(const IndexPart&, const IndexPart&) = default;
};

enum class IndexKind : std::uint8_t { normal, unique, primary, fulltext, spatial };

struct Index {
  TableId table;
  std::string name;
  IndexKind kind = IndexKind::normal;
  std::string method = "btree";  // btree, hash, gist, gin, spgist, brin …
  std::vector<IndexPart> parts;
  std::vector<ColumnId> included;  // INCLUDE
  std::string predicate;           // WHERE of a partial index
  bool is_constraint = false;      // made by a PRIMARY KEY or UNIQUE constraint
  bool deferrable = false;
  bool initially_deferred = false;
  bool nulls_not_distinct = false;
  std::string client_name;  // PSL's name: of a compound key or unique
  bool has_expressions() const;
  friend bool operator==(const Index&, const Index&) = default;
};

enum class ReferentialAction : std::uint8_t { no_action, restrict, cascade, set_null, set_default };

// One or more columns of `table` that name a row of `target`.
struct ForeignKey {
  TableId table;
  std::string name;
  std::vector<ColumnId> columns;
  TableId target;
  std::vector<ColumnId> target_columns;
  ReferentialAction on_delete = ReferentialAction::no_action;
  ReferentialAction on_update = ReferentialAction::no_action;
  bool deferrable = false;
  bool initially_deferred = false;
  bool validated = true;
  // Known to the schema files alone (relationMode = "prisma", relations of views): the database has no such
  // constraint.
  bool emulated = false;

  std::string relation_name;    // exposed; empty when the schema language leaves it out
  std::string field_name;       // exposed on `table`
  std::string back_field_name;  // exposed on `target`
  friend bool operator==(const ForeignKey&, const ForeignKey&) = default;
};

struct CheckConstraint {
  TableId table;
  std::string name;
  std::string definition;
  std::vector<ColumnId> columns;  // that it looks at; empty for one over the whole row
  bool validated = true;
  friend bool operator==(const CheckConstraint&, const CheckConstraint&) = default;
};

struct ExclusionConstraint {
  TableId table;
  std::string name;
  std::string definition;
  friend bool operator==(const ExclusionConstraint&, const ExclusionConstraint&) = default;
};

enum class TableKind : std::uint8_t {
  table,
  partitioned_table,
  view,
  materialized_view,
  foreign_table,
  versioned_table,  // MariaDB's, WITH SYSTEM VERSIONING
};

struct Table {
  NamespaceId schema;
  std::string name;
  TableKind kind = TableKind::table;
  IdRange<ColumnId> columns;  // in the table's order
  IdRange<IndexId> indexes;
  IdRange<ForeignKeyId> foreign_keys;
  std::string definition;     // the SELECT of a view
  std::string partition_key;  // of a partitioned table
  bool row_level_security = false;
  bool has_subclasses = false;  // other tables inherit from it
  bool inherits = false;
  bool unlogged = false;
  std::string storage_engine;  // MySQL, when it is not InnoDB
  std::string collation;       // MySQL, of columns that name none
  double estimated_rows = -1;  // from the engine's statistics; negative: unknown. Not part of equality
  std::string comment;

  std::string model_name;  // exposed
  bool ignored = false;    // PSL's @@ignore
  // An implicit many-to-many link table (`_AToB`): no model of its own; its two foreign keys carry the list
  // fields in `back_field_name`.
  bool implicit_link = false;

  bool is_view() const { return kind == TableKind::view || kind == TableKind::materialized_view; }
  friend bool operator==(const Table& a, const Table& b);
};

struct Catalog {
  // Of the only database. In a merged catalog it means nothing: ask engine_of.
  Engine engine = Engine::postgresql;
  std::vector<Database> databases;  // of a merged catalog; empty: there is one, without a name
  std::vector<Namespace> schemas;
  std::vector<Extension> extensions;
  std::vector<Enum> enums;
  std::vector<Domain> domains;
  std::vector<Sequence> sequences;
  std::vector<Table> tables;
  std::vector<Column> columns;           // those of one table lie together
  std::vector<Index> indexes;            // likewise; a primary key comes first
  std::vector<ForeignKey> foreign_keys;  // likewise
  std::vector<CheckConstraint> checks;
  std::vector<ExclusionConstraint> exclusions;

  const Namespace& operator[](NamespaceId id) const { return schemas[id.value]; }
  const Enum& operator[](EnumId id) const { return enums[id.value]; }
  const Table& operator[](TableId id) const { return tables[id.value]; }
  const Column& operator[](ColumnId id) const { return columns[id.value]; }
  const Index& operator[](IndexId id) const { return indexes[id.value]; }
  const ForeignKey& operator[](ForeignKeyId id) const { return foreign_keys[id.value]; }
  Enum& operator[](EnumId id) { return enums[id.value]; }
  Table& operator[](TableId id) { return tables[id.value]; }
  Column& operator[](ColumnId id) { return columns[id.value]; }
  Index& operator[](IndexId id) { return indexes[id.value]; }
  ForeignKey& operator[](ForeignKeyId id) { return foreign_keys[id.value]; }

  std::size_t database_count() const { return databases.empty() ? 1 : databases.size(); }
  DatabaseId database_of(TableId table) const { return (*this)[(*this)[table].schema].database; }
  Engine engine_of(DatabaseId database) const {
    return databases.empty() ? engine : databases[database.value].engine;
  }
  Engine engine_of(TableId table) const {
    return databases.empty() ? engine : databases[database_of(table).value].engine;
  }

  // Of databases that have such a table, the first.
  std::optional<TableId> find_table(std::string_view schema, std::string_view name) const;
  std::optional<TableId> find_table(DatabaseId database, std::string_view schema,
                                    std::string_view name) const;
  std::optional<TableId> find_model(std::string_view model_name) const;
  std::optional<ColumnId> find_column(TableId table, std::string_view name) const;
  std::optional<ColumnId> find_field(TableId table, std::string_view field_name) const;
  std::optional<EnumId> find_enum(std::string_view schema, std::string_view name) const;

  // The primary key of a table; nullopt when it has none.
  std::optional<IndexId> primary_key(TableId table) const;
  // Foreign keys of other tables (and of this one) that point at `table`, in id order.
  std::vector<ForeignKeyId> referencing(TableId table) const;
  // Whether some unique or primary index without predicate or expressions has exactly these columns, in any
  // order: at most one row can match them.
  bool is_unique(TableId table, const std::vector<ColumnId>& columns) const;

  friend bool operator==(const Catalog&, const Catalog&) = default;
};

// Readable listing of everything in the catalog, for `tenon explain`, golden files and failing tests.
std::string describe(const Catalog& catalog);

}  // namespace tenon::catalog
