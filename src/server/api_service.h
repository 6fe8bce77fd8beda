// Puts the API's engine behind the server's seam: one engine and one pool of connections for each worker.
#pragma once

#include <memory>

#include "api/engine.h"
#include "server/live_schema.h"
#include "server/server.h"
#include "sql/open.h"
#include "sql/url.h"

namespace tenon::server {

struct ApiServiceOptions {
  sql::DatabaseUrl url;
  sql::SessionOptions session;
  base::PoolLimits pool;
  api::EngineOptions engine;
  bool debug = false;  // errors carry the database's own words
};

// `schema` outlives the server.
ServiceMaker make_api_service(ApiServiceOptions options, const LiveSchema& schema);

}  // namespace tenon::server
