#include "sql/dialect.h"

#include <cassert>

namespace tenon::sql {

std::shared_ptr<const Dialect> make_dialect(const ServerVersion& server) {
  assert(server.product == ServerVersion::Product::postgresql);
  // Not owned: there is one for all.
  return {std::shared_ptr<const Dialect>{}, &postgres_dialect()};
}

}  // namespace tenon::sql
