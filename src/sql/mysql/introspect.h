// How information_schema becomes our catalog: the statements (introspect_queries.h), the exchange
// (introspect.cpp) and the building of the value (introspect_build.cpp).
#pragma once

#include <boost/asio/awaitable.hpp>

#include "catalog/catalog.h"
#include "sql/introspect.h"
#include "sql/mysql/capabilities.h"

namespace tenon::sql::mysql {

// Reads the database of the connection. There are no schemas within it, so those of the options are not
// looked at.
boost::asio::awaitable<DatabaseResult<catalog::Catalog>> introspect(Connection& connection,
                                                                    IntrospectOptions options);

// From the answers to `query::all`, in their order.
catalog::Catalog build_catalog(const Results& answers, const Capabilities& server);

}  // namespace tenon::sql::mysql
