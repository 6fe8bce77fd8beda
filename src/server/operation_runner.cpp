#include "server/operation_runner.h"

#include <exception>

#include <fmt/format.h>

namespace tenon::server {

using Clock = std::chrono::steady_clock;

boost::asio::awaitable<GraphqlReply> OperationRunner::run(std::string_view request, RequestContext context) {
  const Clock::time_point start = Clock::now();
  context.deadline = start + request_timeout_;
  metrics_.begin();
  GraphqlReply reply;
  try {
    reply = co_await execute_(request, context);
  } catch (const std::exception& broken) {
    reply = {.body = error_body("The server failed to answer.", code::internal),
             .outcome = Outcome::internal,
             .error_code = code::internal,
             .operation_name = {},
             .cause = broken.what()};
  }
  const Clock::duration duration = Clock::now() - start;
  metrics_.end(reply.outcome, duration);
  if (reply.outcome != Outcome::executed) log_failure(context.request_id, reply, duration);
  co_return reply;
}

void OperationRunner::count_refusal(std::string_view request_id, Outcome outcome, std::string_view code) {
  metrics_.begin();
  metrics_.end(outcome, {});
  log_failure(request_id,
              {.body = {}, .outcome = outcome, .error_code = code, .operation_name = {}, .cause = {}}, {});
}

void OperationRunner::log_failure(std::string_view request_id, const GraphqlReply& reply,
                                  Clock::duration duration) {
  const bool ours = reply.outcome == Outcome::internal || reply.outcome == Outcome::unavailable;
  log_.write(ours ? LogLevel::error : LogLevel::info, "request failed",
             {{"request", request_id},
              {"operation", reply.operation_name},
              {"cause", reply.cause},
              {"outcome", name(reply.outcome)},
              {"code", reply.error_code},
              {"ms", fmt::format("{:.1f}", std::chrono::duration<double, std::milli>(duration).count())}});
}

}  // namespace tenon::server
