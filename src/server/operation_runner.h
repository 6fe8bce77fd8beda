// Runs one operation for whichever transport: counts it, times it, logs it when it failed
// or was slow, and traces it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "server/graphql_executor.h"
#include "server/log.h"
#include "server/metrics.h"
#include "server/rate_limiter.h"
#include "server/tracer.h"

namespace tenon::server {

struct RunnerOptions {
  std::chrono::milliseconds request_timeout;
  std::optional<std::chrono::milliseconds> slow_operation;  // that long or longer is logged
  // Shared by all workers.
  RateLimiter* principals = nullptr;  // operations of each
  RateLimiter* refusals = nullptr;    // credentials of an address that were refused
};

// One for each worker.
class OperationRunner {
 public:
  OperationRunner(GraphqlExecutor execute, RunnerOptions options, RequestMetrics& metrics, Tracer tracer,
                  Log& log)
      : execute_(std::move(execute)),
        options_(options),
        metrics_(metrics),
        tracer_(std::move(tracer)),
        log_(log) {}

  // Sets the context's deadline. An exception of the executor becomes Outcome::internal.
  boost::asio::awaitable<GraphqlReply> run(std::string_view request, RequestContext context);
  // A credential from this address was refused.
  void count_bad_credential(std::string_view address) {
    options_.refusals->take(address, RateLimiter::Clock::now());
  }
  // For what is refused before there is an operation; `cause` is for the log.
  void count_refusal(std::string_view request_id, Outcome outcome, std::string_view code,
                     std::string_view cause = {});

 private:
  void log_failure(const RequestContext& context, const GraphqlReply& reply,
                   std::chrono::steady_clock::duration duration, const OperationTrace& trace);
  void log_slow(const RequestContext& context, const GraphqlReply& reply,
                std::chrono::steady_clock::duration duration, const OperationTrace& trace);

  GraphqlExecutor execute_;
  RunnerOptions options_;
  RequestMetrics& metrics_;
  Tracer tracer_;
  Log& log_;
};

}  // namespace tenon::server
