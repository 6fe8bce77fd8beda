// What a statement of a script does to tables that are in use, as far as its text says: the vocabulary in
// which migrations are linted. Neutral; engines read their own language (postgres/script_actions.h,
// mysql/script_actions.h). What is not here (grants, functions, new types …) hurts nobody.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/type.h"

namespace tenon::sql {

// As the script writes it, unquoted; without a schema the search path decides.
struct ObjectName {
  std::string schema;
  std::string name;
  friend auto operator<=>(const ObjectName&, const ObjectName&) = default;
};

enum class Act : std::uint8_t {
  create_table,
  drop_table,
  drop_view,
  drop_schema,  // MySQL: a database
  drop_database,
  drop_type,
  drop_extension,
  drop_routine,
  drop_sequence,
  truncate,
  delete_rows,  // without WHERE
  update_rows,  // without WHERE
  rename_table,
  rename_column,
  rename_type,
  rename_value,  // of an enum
  move_table,    // to another schema
  add_column,
  drop_column,
  alter_type,
  set_not_null,
  drop_default,
  add_foreign_key,
  add_check,
  add_unique,
  add_primary_key,
  drop_primary_key,
  add_exclusion,
  validate_constraint,
  create_index,
  drop_index,
  rebuild_index,
  rewrite_table,  // VACUUM FULL, CLUSTER, SET LOGGED …; MySQL: ENGINE=, CONVERT TO …
  lock_table,
  refresh_view,
  attach_partition,
  detach_partition,
  enable_row_security,
  revoke,
  unknown,  // not understood, or code of its own (DO, CALL)
};

struct ScriptAction {
  Act act = Act::unknown;
  ObjectName object;     // the table, or what is dropped
  std::string name;      // of the column, constraint, index or value
  std::string to;        // the new name; the table that a foreign key names
  std::uint32_t at = 0;  // byte of the statement where the clause stands, when the parser tells
  bool concurrently = false;
  bool cascade = false;
  bool not_valid = false;                   // a constraint whose rows are not looked at yet
  bool using_index = false;                 // a constraint made of an index that is there
  bool unique = false;                      // of create_index
  bool required = false;                    // add_column: NOT NULL, and no value for rows that are there
  bool writes_rows = false;                 // every row is written again, for its text says so
  std::optional<catalog::ColumnType> type;  // of alter_type
  // add_check: the column that the check proves to be NOT NULL.
  std::string proves_not_null;
  // MySQL: how the statement asks to be done, in upper case: INPLACE, INSTANT, COPY; NONE, SHARED, EXCLUSIVE.
  std::string algorithm;
  std::string lock;
};

}  // namespace tenon::sql
