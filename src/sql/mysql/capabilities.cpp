#include "sql/mysql/capabilities.h"

namespace tenon::sql::mysql {

namespace {

using Product = ServerVersion::Product;
using StatementTimeout = Capabilities::StatementTimeout;

Capabilities of_mysql(const ServerVersion& server) {
  return {.json_type = true,
          .check_constraints = server.at_least(8, 0, 16),
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
          .check_constraints = true,
          .analyze_statement = true,
          .json_equals = server.at_least(10, 7),
          .cast_to_float = true,
          .idle_transaction_timeout = true,
          .lock_without_wait = true,
          .transaction_isolation_variable = server.at_least(11, 1, 1),
          .quotes_defaults = true,
          .checks_name_table = true,
          .statement_timeout = StatementTimeout::seconds};
}

}  // namespace

Capabilities capabilities_of(const ServerVersion& server) {
  if (server.major == 0) return {};
  return server.product == Product::mariadb ? of_mariadb(server) : of_mysql(server);
}

}  // namespace tenon::sql::mysql
