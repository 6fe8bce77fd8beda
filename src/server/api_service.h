// Puts the API's engine behind the server's seam: one engine and one pool of connections for each worker.
#pragma once

#include <memory>

#include "server/live_api.h"
#include "server/server.h"
#include "sql/open.h"
#include "sql/url.h"

namespace tenon::server {

struct ApiServiceOptions {
  sql::DatabaseUrl url;
  sql::SessionOptions session;
  base::PoolLimits pool;
};

// `live` outlives the server.
ServiceMaker make_api_service(ApiServiceOptions options, const LiveApi& live);

}  // namespace tenon::server
