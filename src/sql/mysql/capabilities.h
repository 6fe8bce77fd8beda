// Where MySQL and MariaDB, and their versions, differ for us: one name for each difference, from the version
// that the server gives at connect. Nobody else in this folder looks at a version.
#pragma once

#include <cstdint>

#include "sql/server_version.h"

namespace tenon::sql::mysql {

struct Capabilities {
  // How long a statement may run: a session variable, its unit, and what it holds for.
  enum class StatementTimeout : std::uint8_t {
    none,
    milliseconds_of_selects,  // max_execution_time
    seconds,                  // max_statement_time, with a fraction, of every statement
  };

  bool insert_returning = false;                // INSERT … RETURNING
  bool delete_returning = false;                // DELETE … RETURNING, of one table
  bool json_type = false;                       // JSON is a type of its own, and not a checked text
  bool check_constraints = false;               // enforced, and listed in information_schema
  bool explain_analyze = false;                 // EXPLAIN ANALYZE, of a SELECT
  bool analyze_statement = false;               // ANALYZE FORMAT=JSON, of any statement
  bool delete_alias = false;                    // DELETE FROM t AS t0, of one table
  bool lock_of = false;                         // FOR UPDATE OF t0
  bool json_equals = false;                     // JSON_EQUALS, JSON_NORMALIZE
  bool cast_to_float = false;                   // CAST(x AS FLOAT)
  bool idle_transaction_timeout = false;        // idle_transaction_timeout, seconds
  bool lock_without_wait = false;               // lock timeouts of 0: what is locked is refused at once
  bool transaction_isolation_variable = false;  // @@transaction_isolation; else @@tx_isolation
  // How information_schema shows things.
  bool quotes_defaults = false;          // text in quotes, everything else is an expression; else EXTRA tells
  bool escapes_catalog = false;          // \' for ' in expressions and checks
  bool checks_name_table = false;        // CHECK_CONSTRAINTS has TABLE_NAME; else TABLE_CONSTRAINTS tells
  bool lists_index_expressions = false;  // STATISTICS.EXPRESSION
  StatementTimeout statement_timeout = StatementTimeout::none;
};

// Of a version that is not known: none of them, which the oldest supported ones (MySQL 8.0.14, MariaDB 10.6)
// understand both.
Capabilities capabilities_of(const ServerVersion& server);

}  // namespace tenon::sql::mysql
