#include "server/operation_runner.h"

#include <exception>

#include <fmt/format.h>

namespace tenon::server {

using Clock = std::chrono::steady_clock;

namespace {

std::string_view name_of(const std::shared_ptr<const policy::Principal>& principal) {
  return principal ? std::string_view(principal->name) : std::string_view();
}

GraphqlReply asked_too_often(Clock::duration wait) {
  return {.body = error_body(
              fmt::format("Too many requests; ask again in {} s, and less often.", retry_after_text(wait)),
              code::rate_limited),
          .outcome = Outcome::too_often,
          .error_code = code::rate_limited,
          .retry_after = wait};
}

}  // namespace

boost::asio::awaitable<GraphqlReply> OperationRunner::run(std::string_view request, RequestContext context) {
  const Clock::time_point start = Clock::now();
  context.deadline = start + options_.request_timeout;
  const OperationTrace trace = tracer_.begin(context.traceparent);
  context.traced = trace.context.sampled;
  metrics_.begin();
  GraphqlReply reply;
  try {
    if (const auto wait = options_.principals->take(name_of(context.principal), start))
      reply = asked_too_often(*wait);
    else
      reply = co_await execute_(request, context);
  } catch (const std::exception& broken) {
    reply = {};
    reply.body = error_body("The server failed to answer.", code::internal);
    reply.outcome = Outcome::internal;
    reply.error_code = code::internal;
    reply.cause = broken.what();
  }
  const Clock::duration duration = Clock::now() - start;
  metrics_.end(reply.outcome, duration);
  tracer_.end(trace, reply);
  if (reply.outcome != Outcome::executed) log_failure(context, reply, duration, trace);
  if (options_.slow_operation && duration >= *options_.slow_operation)
    log_slow(context, reply, duration, trace);
  co_return reply;
}

void OperationRunner::count_refusal(std::string_view request_id, Outcome outcome, std::string_view code,
                                    std::string_view cause) {
  metrics_.begin();
  metrics_.end(outcome, {});
  GraphqlReply refusal;
  refusal.outcome = outcome;
  refusal.error_code = code;
  refusal.cause = cause;
  log_failure({.request_id = request_id}, refusal, {}, {});
}

namespace {

std::string milliseconds(std::chrono::nanoseconds duration) {
  return fmt::format("{:.1f}", std::chrono::duration<double, std::milli>(duration).count());
}

std::string trace_text(const OperationTrace& trace) {
  return trace.context.sampled ? to_text(trace.context.trace) : std::string();
}

}  // namespace

void OperationRunner::log_failure(const RequestContext& context, const GraphqlReply& reply,
                                  Clock::duration duration, const OperationTrace& trace) {
  const bool ours = reply.outcome == Outcome::internal || reply.outcome == Outcome::unavailable;
  log_.write(ours ? LogLevel::error : LogLevel::info, "request failed",
             {{"request", context.request_id},
              {"principal", name_of(context.principal)},
              {"operation", reply.operation_name},
              {"cause", reply.cause},
              {"outcome", name(reply.outcome)},
              {"code", reply.error_code},
              {"ms", milliseconds(duration)},
              {"trace", trace_text(trace)}});
}

void OperationRunner::log_slow(const RequestContext& context, const GraphqlReply& reply,
                               Clock::duration duration, const OperationTrace& trace) {
  const std::string total = milliseconds(duration);
  const std::string traced = trace_text(trace);
  const std::string document = document_text(reply.document);
  std::vector<LogField> fields{{"request", context.request_id},
                               {"principal", name_of(context.principal)},
                               {"operation", reply.operation_name},
                               {"document", document},
                               {"ms", total}};
  std::vector<std::string> times;
  times.reserve(reply.stages.size());  // the fields are views into it
  for (const StageTime& stage : reply.stages)
    fields.push_back({stage.name, times.emplace_back(milliseconds(stage.duration))});
  fields.push_back({"trace", traced});
  log_.write(LogLevel::warning, "slow operation", fields);
}

}  // namespace tenon::server
