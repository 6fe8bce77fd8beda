// Requests in, answers out: the first pipeline of docs/architecture.md in one place, with its caches. One
// engine for each worker thread; nothing in it is shared but the schema, which is immutable.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "api/lru.h"
#include "api/plan/plan.h"
#include "api/plan/shape.h"
#include "api/run/execute.h"
#include "api/run/round_trips.h"
#include "api/schema/schema.h"
#include "base/limits.h"
#include "graphql/json.h"
#include "policy/principal.h"
#include "sql/connection.h"

namespace tenon::api {

struct EngineOptions {
  base::DocumentLimits document;
  base::OperationLimits operation;
  RoundTrips round_trips = RoundTrips::measured;
  std::size_t document_cache_bytes = 32 * 1024 * 1024;
  std::size_t plan_cache_bytes = 64 * 1024 * 1024;
  std::size_t rights_cache_bytes = 16 * 1024 * 1024;
};

// One GraphQL request. The texts must live until execute returns.
struct Request {
  std::string_view query;
  std::optional<std::string_view> operation_name;
  graphql::JsonValue variables = {};  // an object, or not given
};

struct RequestContext {
  // Who asks; nullptr: somebody who holds no role. Must live until execute returns.
  const policy::Principal* principal = nullptr;
  sql::Clock::time_point deadline = sql::Clock::time_point::max();
  bool debug = false;             // errors carry the database's own words
  bool refuse_mutations = false;  // GET
  sql::ExchangeObserver* observer = nullptr;
};

// `queue` is the wait for a connection, `database` the rest until the last row is there.
enum class Stage : std::uint8_t { parse, coerce, plan, bind, queue, database, write };
inline constexpr std::array<std::string_view, 7> stage_names{"parse", "coerce",   "plan", "bind",
                                                             "queue", "database", "write"};

struct Response {
  std::string body;
  // Execution began, so the body has "data". Otherwise it is a request error.
  bool executed = false;
  // A mutation came where none may; the body says so.
  bool refused_mutation = false;
  graphql::OperationKind kind = graphql::OperationKind::query;
  std::string operation_name;
  base::Hash128 document;               // of the document's text
  std::uint64_t cost = 0;               // of its plan (plan/cost.h)
  std::vector<std::string_view> codes;  // extensions.code of each error
  // What the database said behind them, for the log; may hold values of users.
  std::vector<sql::DatabaseError> database_errors;
  std::array<std::chrono::nanoseconds, stage_names.size()> stages{};
};

class Engine {
 public:
  // The schema's databases are those of the pools, now and later.
  Engine(std::shared_ptr<const Schema> schema, Pools pools, EngineOptions options);
  ~Engine();

  // Requests under way finish on the schema they began with. On the engine's own thread.
  void set_schema(std::shared_ptr<const Schema> schema);
  // Limits for requests from now on; call set_schema as well, since plans were made under the old ones. The
  // sizes of the caches stay.
  void set_options(const EngineOptions& options) { options_ = options; }
  const std::shared_ptr<const Schema>& schema() const { return schema_; }
  CacheStatistics plan_cache() const { return plans_.statistics(); }
  // Queries take one statement each: the database is far away, or it was told so.
  bool single_statements() const { return choice_.last(); }

  boost::asio::awaitable<Response> execute(Request request, RequestContext context);

 private:
  // A document of the first cache, with what its operations need again and again.
  struct CachedDocument {
    graphql::ValidDocument document;
    std::vector<Shape> shapes;  // one for each operation
  };
  using Document = std::shared_ptr<const CachedDocument>;

  // What a request's principal may do, with the key that tells it from others in the caches.
  struct Holder {
    std::shared_ptr<const Rights> rights;
    base::Hash128 key;
  };
  Holder holder(const policy::Principal* principal);
  std::expected<Document, graphql::Errors> document(std::string_view query, const base::Hash128& hash,
                                                    const Holder& holder);
  std::expected<std::shared_ptr<const Plan>, graphql::Errors> plan(const CachedDocument& document,
                                                                   const base::Hash128& hash,
                                                                   const Holder& holder,
                                                                   std::uint32_t operation,
                                                                   const graphql::VariableValues& variables);
  // Everything before the database: a bound plan, or errors.
  std::expected<std::unique_ptr<BoundPlan>, graphql::Errors> prepare(const Request& request,
                                                                     const RequestContext& context,
                                                                     Response& response);

  std::shared_ptr<const Schema> schema_;
  Pools pools_;
  EngineOptions options_;
  RoundTripChoice choice_;
  LruCache<Document> documents_;
  LruCache<std::shared_ptr<const Plan>> plans_;
  LruCache<std::shared_ptr<const Rights>> rights_;
};

}  // namespace tenon::api
