#include "api/engine.h"

#include <algorithm>
#include <utility>

#include "api/plan/cost.h"
#include "api/plan/planner.h"
#include "api/rules/policy.h"
#include "api/run/response.h"

namespace tenon::api {

namespace {

using Clock = std::chrono::steady_clock;

// Adds the time since the last mark to one stage after another.
class Stopwatch {
 public:
  explicit Stopwatch(Response& response) : response_(response) {}
  void mark(Stage stage) {
    const Clock::time_point now = Clock::now();
    response_.stages[static_cast<std::size_t>(stage)] += now - last_;
    last_ = now;
  }

 private:
  Response& response_;
  Clock::time_point last_ = Clock::now();
};

// Parsed documents take some twenty times their text.
std::size_t document_weight(std::string_view text) { return 2'000 + text.size() * 20; }

graphql::Error refused_mutation() {
  return {.message = "A mutation must be sent by POST.", .code = graphql::code::operation_resolution_failure};
}

}  // namespace

Engine::Engine(std::shared_ptr<const Schema> schema, Pools pools, EngineOptions options)
    : schema_(std::move(schema)),
      pools_(std::move(pools)),
      options_(options),
      documents_(options.document_cache_bytes),
      plans_(options.plan_cache_bytes),
      rights_(options.rights_cache_bytes) {}

Engine::~Engine() = default;

void Engine::set_schema(std::shared_ptr<const Schema> schema) {
  schema_ = std::move(schema);
  documents_.clear();
  plans_.clear();
  rights_.clear();
}

Engine::Holder Engine::holder(const policy::Principal* principal) {
  policy::RoleSet roles = principal == nullptr ? policy::RoleSet(schema_->policy->roles.roles.size())
                                               : schema_->policy->roles.of(*principal);
  Holder holder{.rights = nullptr, .key = base::hash128(roles.key())};
  // Hashes of what others choose may be equal: what a cache has is only used for those it was made for.
  if (const auto* cached = rights_.find(holder.key); cached && (*cached)->access.roles() == roles) {
    holder.rights = *cached;
    return holder;
  }
  auto made = make_rights(*schema_, std::move(roles));
  const std::size_t weight = made->weight();
  holder.rights = rights_.put(holder.key, std::move(made), weight);
  return holder;
}

std::expected<Engine::Document, graphql::Errors> Engine::document(std::string_view query,
                                                                  const base::Hash128& hash,
                                                                  const Holder& holder) {
  // What somebody else may not see is no part of the schema: so each has documents of its own.
  const base::Hash128 key{.high = hash.high ^ holder.key.high, .low = hash.low + holder.key.low};
  const Document* cached = documents_.find(key);
  if (cached != nullptr && (*cached)->document.schema == holder.rights->graphql) return *cached;
  auto loaded = graphql::load_document(holder.rights->graphql, std::string(query), options_.document);
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  auto document = std::make_shared<CachedDocument>();
  for (std::uint32_t i = 0; i < loaded->document->operations.size(); ++i)
    document->shapes.emplace_back(*schema_, *loaded->document, i);
  document->document = std::move(*loaded);
  return documents_.put(key, std::move(document), document_weight(query));
}

std::expected<std::shared_ptr<const Plan>, graphql::Errors> Engine::plan(
    const CachedDocument& document, const base::Hash128& hash, const Holder& holder, std::uint32_t operation,
    const graphql::VariableValues& variables) {
  std::string text = document.shapes[operation].key(*schema_, variables);
  const bool single =
      choice_.one(schema_->bundles() ? options_.round_trips : RoundTrips::many, pools_.round_trip());
  text.push_back(single ? '1' : 'n');
  text.append(reinterpret_cast<const char*>(&operation), sizeof operation);
  text.append(reinterpret_cast<const char*>(&hash), sizeof hash);
  text.append(reinterpret_cast<const char*>(&holder.key), sizeof holder.key);
  const base::Hash128 key = base::hash128(text);
  if (const auto* cached = plans_.find(key); cached && (*cached)->rights == holder.rights) return *cached;
  auto collected = graphql::collect(document.document, operation, variables);
  if (!collected) return std::unexpected(std::move(collected.error()));
  auto made = make_plan(schema_, holder.rights, *collected, variables,
                        {.limits = options_.operation, .single_statement = single});
  const std::size_t weight = made->weight();
  return plans_.put(key, std::move(made), weight);
}

std::expected<std::unique_ptr<BoundPlan>, graphql::Errors> Engine::prepare(const Request& request,
                                                                           const RequestContext& context,
                                                                           Response& response) {
  Stopwatch watch(response);
  const base::Hash128 hash = base::hash128(request.query);
  response.document = hash;
  const Holder holder = this->holder(context.principal);
  const auto document = this->document(request.query, hash, holder);
  watch.mark(Stage::parse);
  if (!document) return std::unexpected(document.error());
  const graphql::Document& syntax = *(*document)->document.document;
  const auto operation = graphql::select_operation(syntax, request.operation_name);
  if (!operation) return std::unexpected(graphql::Errors{operation.error()});
  response.kind = syntax.operations[*operation].kind;
  response.operation_name = syntax.operations[*operation].name.text;
  if (response.kind == graphql::OperationKind::mutation && context.refuse_mutations) {
    response.refused_mutation = true;
    return std::unexpected(graphql::Errors{refused_mutation()});
  }
  auto variables = graphql::coerce_variables((*document)->document, *operation, request.variables);
  watch.mark(Stage::coerce);
  if (!variables) return std::unexpected(std::move(variables.error()));
  auto plan = this->plan(**document, hash, holder, *operation, *variables);
  watch.mark(Stage::plan);
  if (!plan) return std::unexpected(std::move(plan.error()));
  response.cost = (*plan)->cost;
  if (response.cost > options_.operation.cost_max)
    return std::unexpected(graphql::Errors{too_costly_error(response.cost, options_.operation)});
  static const policy::Claims none;
  auto bound =
      BoundPlan::bind(std::move(*plan), *variables,
                      context.principal == nullptr ? none : context.principal->claims, options_.operation);
  watch.mark(Stage::bind);
  return bound;
}

boost::asio::awaitable<Response> Engine::execute(Request request, RequestContext context) {
  Response response;
  auto bound = prepare(request, context, response);
  if (!bound) {
    WrittenResponse written = write_request_errors(bound.error());
    response.body = std::move(written.body);
    response.codes = std::move(written.codes);
    co_return response;
  }
  Stopwatch watch(response);
  const ExecuteOptions options{.limits = options_.operation,
                               .deadline = context.deadline,
                               .debug = context.debug,
                               .observer = context.observer};
  PlanRows rows = co_await api::execute(**bound, pools_, options);
  watch.mark(Stage::database);
  auto& database = response.stages[static_cast<std::size_t>(Stage::database)];
  const auto queued = std::min(rows.queued, database);  // those of several databases are waited for together
  database -= queued;
  response.stages[static_cast<std::size_t>(Stage::queue)] = queued;
  WrittenResponse written = write_response((*bound)->plan(), rows, options_.operation.answer_bytes_max);
  watch.mark(Stage::write);
  response.body = std::move(written.body);
  response.codes = std::move(written.codes);
  response.database_errors = std::move(rows.database_errors);
  response.executed = true;
  co_return response;
}

}  // namespace tenon::api
