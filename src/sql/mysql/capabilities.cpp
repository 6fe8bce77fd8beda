#include "sql/mysql/capabilities.h"

namespace tenon::sql::mysql {

namespace {

using Product = ServerVersion::Product;
using StatementTimeout = Capabilities::StatementTimeout;

Capabilities of_mysql(const ServerVersion& server) {
  return {.lateral = server.at_least(8, 0, 14),
          .json_table = server.at_least(8, 0, 4),
          .json_type = true,
          .json_overlaps = server.at_least(8, 0, 17),
          .inserted_row_alias = server.at_least(8, 0, 19),
          .skip_locked = server.at_least(8, 0, 1),
          .for_share = server.at_least(8, 0, 1),
          .check_constraints = server.at_least(8, 0, 16),
          .expression_defaults = server.at_least(8, 0, 13),
          .explain_analyze = server.at_least(8, 0, 18),
          .delete_alias = server.at_least(8, 0, 16),
          .lock_of = server.at_least(8, 0, 1),
          .cast_to_float = server.at_least(8, 0, 17),
          .transaction_isolation_variable = true,
          .escapes_catalog = true,
          .lists_index_expressions = server.at_least(8, 0, 13),
          .statement_timeout = StatementTimeout::milliseconds_of_selects};
}

Capabilities of_mariadb(const ServerVersion& server) {
  return {.insert_returning = server.at_least(10, 5),
          .delete_returning = true,
          .json_table = server.at_least(10, 6),
          .json_overlaps = server.at_least(10, 9),
          .skip_locked = server.at_least(10, 6),
          .check_constraints = true,
          .expression_defaults = true,
          .uuid_type = server.at_least(10, 7),
          .inet_types = server.at_least(10, 5),
          .analyze_statement = true,
          .json_equals = server.at_least(10, 7),
          .cast_to_float = true,
          .idle_transaction_timeout = true,
          .transaction_isolation_variable = server.at_least(11, 1, 1),
          .quotes_defaults = true,
          .checks_name_table = true,
          .statement_timeout = StatementTimeout::seconds};
}

}  // namespace

Capabilities capabilities_of(const ServerVersion& server) {
  if (server.major == 0) return {.json_table = true, .skip_locked = true, .expression_defaults = true};
  return server.product == Product::mariadb ? of_mariadb(server) : of_mysql(server);
}

bool is_supported(const ServerVersion& server) {
  if (server.product == Product::mariadb) return server.at_least(10, 6);
  return server.product == Product::mysql && server.at_least(8, 0, 14);
}

}  // namespace tenon::sql::mysql
