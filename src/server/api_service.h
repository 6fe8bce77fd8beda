// Puts the API's engine behind the server's seam: one engine for each worker, and one pool of connections for
// each worker and database.
#pragma once

#include <vector>

#include "server/live_api.h"
#include "server/server.h"
#include "sql/open.h"
#include "sql/url.h"

namespace tenon::server {

struct ServedDatabase {
  sql::DatabaseUrl url;
  sql::SessionOptions session;
  base::PoolLimits pool;
};

// `databases` in the order of the schema's catalog. `live` outlives the server.
ServiceMaker make_api_service(std::vector<ServedDatabase> databases, const LiveApi& live);

}  // namespace tenon::server
