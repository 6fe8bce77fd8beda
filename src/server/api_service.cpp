#include "server/api_service.h"

#include <algorithm>

#include <boost/asio/io_context.hpp>

#include "api/errors.h"
#include "api/run/together.h"
#include "graphql/introspection.h"
#include "graphql/request.h"

namespace tenon::server {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto readiness_patience = 2s;

Outcome outcome_of(const api::Response& response) {
  if (response.refused_mutation) return Outcome::method_not_allowed;
  if (!response.executed) return Outcome::request_error;
  return response.codes.empty() ? Outcome::executed : Outcome::executed_in_part;
}

// The database's own text may hold values of users, so only its code is told; without one the failure was on
// the way there, and the text is about hosts and ports.
std::string cause_of(const api::Response& response) {
  if (response.database_errors.empty()) return {};
  const sql::DatabaseError& error = response.database_errors.front();
  return error.sqlstate.empty() ? error.message : error.sqlstate;
}

std::string_view type_of(const api::Response& response) {
  if (!response.executed) return {};
  return response.kind == graphql::OperationKind::mutation ? "mutation" : "query";
}

// Statements of one operation, for its trace.
class StatementRecorder final : public sql::ExchangeObserver {
 public:
  void exchanged(std::span<const sql::Call> calls, sql::Clock::time_point start,
                 std::span<const std::unique_ptr<sql::ResultSet>> results) override {
    const sql::Clock::time_point end = sql::Clock::now();
    for (std::size_t i = 0; i < calls.size(); ++i)
      statements.push_back({.text = calls[i].statement->text,
                            .start = start,
                            .end = end,
                            .rows = i < results.size() ? results[i]->row_count() : 0,
                            .failed = results.empty()});
  }
  std::vector<StatementTime> statements;
};

std::vector<StageTime> stages_of(const api::Response& response) {
  std::vector<StageTime> stages;
  stages.reserve(response.stages.size());
  for (std::size_t i = 0; i < response.stages.size(); ++i)
    stages.push_back({.name = api::stage_names[i], .duration = response.stages[i]});
  return stages;
}

std::vector<std::unique_ptr<sql::Pool>> open_pools(asio::io_context& context,
                                                   const std::vector<ServedDatabase>& databases) {
  std::vector<std::unique_ptr<sql::Pool>> pools;
  for (const ServedDatabase& database : databases)
    pools.push_back(sql::open_pool(context.get_executor(), database.url, database.session, database.pool));
  return pools;
}

api::Pools views(const std::vector<std::unique_ptr<sql::Pool>>& pools) {
  std::vector<sql::Pool*> all;
  for (const auto& pool : pools) all.push_back(pool.get());
  return api::Pools(std::move(all));
}

// One worker's engine and pools.
class ApiService {
 public:
  ApiService(asio::io_context& context, const std::vector<ServedDatabase>& databases, const LiveApi& live,
             std::shared_ptr<RegisteredOperations> registered)
      : live_(live),
        version_(live.version()),
        debug_(live.get().debug),
        document_limits_(live.get().engine.document),
        texts_(live.get().operations, std::move(registered)),
        pools_(open_pools(context, databases)),
        engine_(live.get().schema, views(pools_), live.get().engine) {}
  ~ApiService() {
    for (const auto& pool : pools_) pool->close();
  }
  ApiService(const ApiService&) = delete;
  ApiService& operator=(const ApiService&) = delete;

  asio::awaitable<GraphqlReply> execute(std::string_view body, const RequestContext& context) {
    follow_reload();
    const auto request = graphql::parse_request(body);
    if (!request)
      co_return GraphqlReply{.body = error_body(request.error().message, code::bad_request),
                             .outcome = Outcome::bad_request,
                             .error_code = code::bad_request};
    const auto text = texts_.choose(*request, document_limits_);
    if (!text) co_return refusal(text.error());
    StatementRecorder recorder;
    api::Response response = co_await engine_.execute(
        {.query = text->text, .operation_name = request->operation_name, .variables = request->variables()},
        {.principal = context.principal.get(),
         .deadline = context.deadline,
         .debug = debug_,
         .refuse_mutations = context.queries_only,
         .observer = context.traced ? &recorder : nullptr});
    if (response.executed) texts_.remember(*text);
    std::string behind = cause_of(response);
    co_return GraphqlReply{.body = std::move(response.body),
                           .outcome = outcome_of(response),
                           .error_code = response.codes.empty() ? std::string_view() : response.codes.front(),
                           .operation_name = std::move(response.operation_name),
                           .cause = std::move(behind),
                           .operation_type = type_of(response),
                           .document = response.document.low,
                           .cost = response.cost,
                           .stages = stages_of(response),
                           .statements = std::move(recorder.statements)};
  }

  static GraphqlReply refusal(const graphql::Error& error) {
    const bool malformed = error.code == code::bad_request;
    return {.body = error_body(error.message, error.code),
            .outcome = malformed ? Outcome::bad_request : Outcome::request_error,
            .error_code = error.code};
  }

  // One database that answers is enough: what needs the others tells so itself.
  asio::awaitable<Unreadiness> readiness() {
    std::vector<Unreadiness> found(pools_.size());
    std::vector<asio::awaitable<void>> works;
    for (std::size_t i = 0; i < pools_.size(); ++i) works.push_back(look(*pools_[i], found[i]));
    co_await api::together(std::move(works));
    const bool ready = std::ranges::any_of(found, &Unreadiness::empty);
    co_return ready ? Unreadiness() : found.front();
  }

  WorkerGauges gauges() const {
    sql::PoolStatistics pool;
    for (const auto& each : pools_) {
      const sql::PoolStatistics one = each->statistics();
      pool.open += one.open;
      pool.idle += one.idle;
      pool.waiting += one.waiting;
    }
    const api::CacheStatistics plans = engine_.plan_cache();
    return {.pool_open = pool.open,
            .pool_idle = pool.idle,
            .pool_waiting = pool.waiting,
            .plan_cache_hits = plans.hits,
            .plan_cache_misses = plans.misses,
            .round_trip = views(pools_).round_trip().value_or(sql::Clock::duration::zero()),
            .single_statements = engine_.single_statements()};
  }

 private:
  static asio::awaitable<void> look(sql::Pool& pool, Unreadiness& found) {
    const auto deadline = sql::Clock::now() + readiness_patience;
    auto lease = co_await pool.acquire(deadline);
    if (!lease) {
      found = "the database is not available";
      co_return;
    }
    const auto answer = co_await (*lease)->run_text("SELECT 1", deadline);
    if (!answer) found = "the database does not answer";
  }

  void follow_reload() {
    const std::uint64_t version = live_.version();
    if (version == version_) return;
    version_ = version;
    ServedApi served = live_.get();
    engine_.set_options(served.engine);
    engine_.set_schema(std::move(served.schema));
    debug_ = served.debug;
    document_limits_ = served.engine.document;
    texts_.set_rules(std::move(served.operations));
  }

  const LiveApi& live_;
  std::uint64_t version_;
  bool debug_;
  base::DocumentLimits document_limits_;
  OperationTexts texts_;
  std::vector<std::unique_ptr<sql::Pool>> pools_;
  api::Engine engine_;
};

}  // namespace

ServiceMaker make_api_service(std::vector<ServedDatabase> databases, const LiveApi& live) {
  auto registered = std::make_shared<RegisteredOperations>(base::registered_operations_bytes_max);
  return [databases = std::move(databases), &live, registered = std::move(registered)](
             asio::io_context& context, unsigned) {
    const auto service = std::make_shared<ApiService>(context, databases, live, registered);
    return WorkerService{
        .execute = [service](std::string_view body,
                             const RequestContext& request) { return service->execute(body, request); },
        .readiness = [service] { return service->readiness(); },
        .gauges = [service] { return service->gauges(); }};
  };
}

}  // namespace tenon::server
