// How PostgreSQL's catalogs become ours: the statements (introspect_queries.h), the exchange (introspect.cpp)
// and the building of the value (introspect_build.cpp).
#pragma once

#include <span>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "catalog/catalog.h"
#include "sql/introspect.h"

namespace tenon::sql::postgres {

boost::asio::awaitable<DatabaseResult<catalog::Catalog>> introspect(Connection& connection,
                                                                    IntrospectOptions options);

// From the answers to `queries`, in their order.
catalog::Catalog build_catalog(const Results& answers);

}  // namespace tenon::sql::postgres
