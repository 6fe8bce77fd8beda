// Runs one operation for whichever transport: counts it, times it, logs it when it failed.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "server/graphql_executor.h"
#include "server/log.h"
#include "server/metrics.h"

namespace tenon::server {

// One for each worker.
class OperationRunner {
 public:
  OperationRunner(GraphqlExecutor execute, std::chrono::milliseconds request_timeout, RequestMetrics& metrics,
                  Log& log)
      : execute_(std::move(execute)), request_timeout_(request_timeout), metrics_(metrics), log_(log) {}

  // Sets the context's deadline. An exception of the executor becomes Outcome::internal.
  boost::asio::awaitable<GraphqlReply> run(std::string_view request, RequestContext context);
  // For what is refused before there is an operation.
  void count_refusal(std::string_view request_id, Outcome outcome, std::string_view code);

 private:
  void log_failure(std::string_view request_id, const GraphqlReply& reply,
                   std::chrono::steady_clock::duration duration);

  GraphqlExecutor execute_;
  std::chrono::milliseconds request_timeout_;
  RequestMetrics& metrics_;
  Log& log_;
};

}  // namespace tenon::server
