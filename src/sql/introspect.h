// A live database as a catalog. The number of statements does not depend on the number of tables.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/error.h"
#include "catalog/catalog.h"
#include "sql/connection.h"
#include "sql/url.h"

namespace tenon::sql {

struct IntrospectOptions {
  // Names of schemas; empty: `public`. One that does not exist is left out of the catalog. MySQL has none:
  // the connection's database is read, whatever stands here.
  std::vector<std::string> schemas;
  // All but the engine's own; `schemas` is then not looked at.
  bool all_schemas = false;
  Clock::time_point deadline = Clock::time_point::max();
  std::function<void(std::string_view step)> progress;  // may be empty
};

// Reads everything in one snapshot (MariaDB has no snapshots of its information_schema). Left out: partitions
// (their parent stands for them), objects of extensions, foreign keys to tables outside of the schemas asked
// for, invalid indexes. Order: schemas, enums and tables by name (bytes), columns as in the table, the
// primary key and then the other indexes by name, foreign keys by name.
boost::asio::awaitable<DatabaseResult<catalog::Catalog>> introspect(Connection& connection,
                                                                    IntrospectOptions options);

// The same for commands: connects, reads and disconnects. Without `options.schemas` those of the URL are
// read. Errors carry Prisma's codes (P1001 …).
base::Result<catalog::Catalog> introspect_url(const DatabaseUrl& url, IntrospectOptions options = {});

}  // namespace tenon::sql
