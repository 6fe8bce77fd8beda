// The statements of introspection. Each reads one table of information_schema, and only its rows of the
// connection's database: MariaDB makes those tables anew for every statement, so that a join would make them
// again for every row.
#pragma once

#include <array>
#include <string_view>

#include "sql/mysql/capabilities.h"

namespace tenon::sql::mysql::query {

// In the order of their answers.
enum Answer : std::size_t {
  database,
  tables,
  columns,
  indexes,
  key_columns,
  foreign_keys,
  checks,
  views,
  partitions,
  answer_count,
};

constexpr std::array<std::string_view, answer_count> all(const Capabilities& server) {
  return {
      "SELECT DATABASE()",
      "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_ROWS, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT "
      "FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
      "SELECT TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, "
      "GENERATION_EXPRESSION, COLLATION_NAME, COLUMN_COMMENT "
      "FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()",
      server.lists_index_expressions
          ? "SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, NON_UNIQUE, COLUMN_NAME, COLLATION, SUB_PART, "
            "INDEX_TYPE, EXPRESSION FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()"
          : "SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, NON_UNIQUE, COLUMN_NAME, COLLATION, SUB_PART, "
            "INDEX_TYPE, NULL FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()",
      "SELECT TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION, COLUMN_NAME, REFERENCED_TABLE_NAME, "
      "REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() "
      "AND REFERENCED_TABLE_SCHEMA = DATABASE()",
      "SELECT TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE "
      "FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()",
      !server.check_constraints ? "SELECT NULL, NULL, NULL, NULL FROM (SELECT 1) AS nothing WHERE 1 = 0"
      : server.checks_name_table
          ? "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, 'YES' "
            "FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()"
          : "SELECT t.TABLE_NAME, c.CONSTRAINT_NAME, c.CHECK_CLAUSE, t.ENFORCED "
            "FROM information_schema.CHECK_CONSTRAINTS AS c JOIN information_schema.TABLE_CONSTRAINTS AS t "
            "ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME "
            "WHERE t.TABLE_SCHEMA = DATABASE() AND t.CONSTRAINT_TYPE = 'CHECK'",
      "SELECT TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()",
      "SELECT DISTINCT TABLE_NAME, PARTITION_METHOD, PARTITION_EXPRESSION "
      "FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = DATABASE() AND PARTITION_NAME IS NOT NULL",
  };
}

}  // namespace tenon::sql::mysql::query
