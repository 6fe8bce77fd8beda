#include "server/tracer.h"

#include "base/limits.h"

namespace tenon::server {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
using SystemTime = std::chrono::system_clock::time_point;

SystemTime system_time(const OperationTrace& trace, SteadyTime time) {
  return trace.start + std::chrono::duration_cast<SystemTime::duration>(time - trace.steady_start);
}

// Not through a character of several bytes.
std::string cut(std::string_view text) {
  std::size_t size = std::min(text.size(), base::trace_statement_bytes_max);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return std::string(text.substr(0, size));
}

}  // namespace

std::uint64_t Tracer::identifier() {
  std::uint64_t value = 0;
  while (value == 0) value = random_();
  return value;
}

OperationTrace Tracer::begin(std::string_view traceparent) {
  if (exporter_ == nullptr) return {};
  OperationTrace trace{.context = {},
                       .start = std::chrono::system_clock::now(),
                       .steady_start = std::chrono::steady_clock::now()};
  if (const auto caller = parse_traceparent(traceparent)) {
    trace.context = *caller;
  } else {
    trace.context = {.trace = {.high = identifier(), .low = identifier()},
                     .parent = 0,
                     .sampled = random_() % 100 < sample_percent_};
  }
  trace.span = identifier();
  return trace;
}

void Tracer::end(const OperationTrace& trace, const GraphqlReply& reply) {
  if (exporter_ == nullptr || !trace.context.sampled) return;
  std::vector<Span> spans;
  spans.reserve(1 + reply.stages.size() + reply.statements.size());
  Span& request = spans.emplace_back(Span{.trace = trace.context.trace,
                                          .id = trace.span,
                                          .parent = trace.context.parent,
                                          .kind = Span::Kind::server,
                                          .name = "graphql",
                                          .start = trace.start,
                                          .end = system_time(trace, std::chrono::steady_clock::now()),
                                          .attributes = {}});
  if (!reply.operation_type.empty()) {
    request.name = std::string(reply.operation_type);
    request.attributes.push_back({"graphql.operation.type", request.name});
  }
  if (!reply.operation_name.empty()) {
    request.name += " " + reply.operation_name;
    request.attributes.push_back({"graphql.operation.name", reply.operation_name});
  }
  if (reply.document != 0)
    request.attributes.push_back({"tenon.document.hash", document_text(reply.document)});
  request.attributes.push_back({"tenon.outcome", std::string(name(reply.outcome))});
  if (!reply.error_code.empty()) request.attributes.push_back({"error.type", std::string(reply.error_code)});
  request.failed = reply.outcome == Outcome::internal || reply.outcome == Outcome::unavailable;

  // Stages follow one another; what is between them is ours as well.
  SteadyTime at = trace.steady_start;
  SpanId database = trace.span;
  for (const StageTime& stage : reply.stages) {
    const SteadyTime end = at + std::chrono::duration_cast<SteadyTime::duration>(stage.duration);
    const SpanId id = identifier();
    if (stage.name == "database") database = id;
    spans.push_back({.trace = trace.context.trace,
                     .id = id,
                     .parent = trace.span,
                     .name = std::string(stage.name),
                     .start = system_time(trace, at),
                     .end = system_time(trace, end),
                     .attributes = {}});
    at = end;
  }
  for (const StatementTime& statement : reply.statements) {
    spans.push_back({.trace = trace.context.trace,
                     .id = identifier(),
                     .parent = database,
                     .kind = Span::Kind::client,
                     .name = "statement",
                     .start = system_time(trace, statement.start),
                     .end = system_time(trace, statement.end),
                     .attributes = {{"db.system.name", std::string("postgresql")},
                                    {"db.query.text", cut(statement.text)},
                                    {"db.response.returned_rows", static_cast<std::int64_t>(statement.rows)}},
                     .failed = statement.failed});
  }
  exporter_->add(std::move(spans));
}

}  // namespace tenon::server
