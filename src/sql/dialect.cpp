#include "sql/dialect.h"

namespace tenon::sql {

std::shared_ptr<const Dialect> make_dialect(const ServerVersion& server) {
  if (server.product != ServerVersion::Product::postgresql) return mysql_dialect(server);
  // Not owned: there is one for all.
  return {std::shared_ptr<const Dialect>{}, &postgres_dialect()};
}

}  // namespace tenon::sql
