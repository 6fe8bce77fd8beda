#include "server/otlp_exporter.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "base/codes.h"
#include "base/json_writer.h"
#include "base/limits.h"

namespace tenon::server {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

base::Result<net::HttpUrl> parse_otlp_endpoint(std::string_view url, bool is_base) {
  constexpr std::string_view remedy = "write http://HOST:PORT, usually http://127.0.0.1:4318, or https://";
  auto endpoint = net::parse_http_url(url, "OTLP endpoint");
  if (!endpoint) {
    endpoint.error().help = remedy;
    return endpoint;
  }
  std::string& target = endpoint->target;
  if (!is_base) return endpoint;
  if (target.contains('?'))
    return base::fail(base::code::config_invalid, "The OTLP endpoint has a query.", std::string(remedy));
  while (target.ends_with('/')) target.pop_back();
  target += "/v1/traces";
  return endpoint;
}

namespace {

std::string nanoseconds(std::chrono::system_clock::time_point time) {
  return std::to_string(
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

// Numbers of 64 bits are strings in the JSON of protocol buffers.
void write_attribute(base::JsonWriter& json, const SpanAttribute& attribute) {
  json.begin_object().member("key", attribute.name).key("value").begin_object();
  if (const auto* number = std::get_if<std::int64_t>(&attribute.value))
    json.member("intValue", std::string_view(std::to_string(*number)));
  else
    json.member("stringValue", std::string_view(std::get<std::string>(attribute.value)));
  json.end_object().end_object();
}

void write_span(base::JsonWriter& json, const Span& span) {
  json.begin_object();
  json.member("traceId", std::string_view(to_text(span.trace)));
  json.member("spanId", std::string_view(fmt::format("{:016x}", span.id)));
  if (span.parent != 0) json.member("parentSpanId", std::string_view(fmt::format("{:016x}", span.parent)));
  json.member("name", std::string_view(span.name)).member("kind", static_cast<int>(span.kind));
  json.member("startTimeUnixNano", std::string_view(nanoseconds(span.start)));
  json.member("endTimeUnixNano", std::string_view(nanoseconds(span.end)));
  json.key("attributes").begin_array();
  for (const SpanAttribute& attribute : span.attributes) write_attribute(json, attribute);
  json.end_array();
  json.key("status").begin_object();
  if (span.failed) json.member("code", 2);
  json.end_object().end_object();
}

}  // namespace

std::string otlp_json(const std::vector<Span>& spans, std::string_view service_name) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().key("resourceSpans").begin_array().begin_object();
  json.key("resource").begin_object().key("attributes").begin_array();
  write_attribute(json, {.name = "service.name", .value = std::string(service_name)});
  json.end_array().end_object();
  json.key("scopeSpans").begin_array().begin_object();
  json.key("scope").begin_object().member("name", "tenon").end_object();
  json.key("spans").begin_array();
  for (const Span& span : spans) write_span(json, span);
  json.end_array().end_object().end_array().end_object().end_array().end_object();
  return out;
}

struct OtlpExporter::Worker {
  Worker(OtlpOptions given, Log& server_log)
      : options(std::move(given)), log(server_log), thread([this] { run(); }) {}

  void run();
  std::vector<Span> next_batch();
  void send(const std::vector<Span>& spans, std::chrono::milliseconds patience);
  void report(std::string_view why);

  OtlpOptions options;
  Log& log;
  mutable std::mutex mutex;
  std::condition_variable wake;
  std::deque<Span> queue;
  bool stopping = false;
  std::atomic<std::uint64_t> exported{0};
  std::atomic<std::uint64_t> dropped{0};
  Clock::time_point reported_at = Clock::time_point::min();
  std::thread thread;  // last: everything above is there when it starts
};

std::vector<Span> OtlpExporter::Worker::next_batch() {
  std::unique_lock lock(mutex);
  wake.wait_for(lock, base::trace_export_interval,
                [this] { return stopping || queue.size() >= base::trace_spans_batch; });
  const std::size_t count = std::min(queue.size(), base::trace_spans_batch);
  const auto end = queue.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<Span> batch(std::make_move_iterator(queue.begin()), std::make_move_iterator(end));
  queue.erase(queue.begin(), end);
  return batch;
}

void OtlpExporter::Worker::run() {
  Clock::time_point give_up_at = Clock::time_point::max();
  for (;;) {
    const std::vector<Span> batch = next_batch();
    bool ends = false;
    {
      const std::lock_guard lock(mutex);
      ends = stopping;
    }
    if (ends && give_up_at == Clock::time_point::max())
      give_up_at = Clock::now() + base::trace_last_export_timeout;
    if (batch.empty()) {
      if (ends) return;
      continue;
    }
    if (Clock::now() >= give_up_at) {
      dropped += batch.size();
      continue;
    }
    send(batch, ends ? base::trace_last_export_timeout : base::trace_export_timeout);
  }
}

void OtlpExporter::Worker::send(const std::vector<Span>& spans, std::chrono::milliseconds patience) {
  net::ClientRequest request{.method = net::Method::post,
                             .headers = options.headers,
                             .body = otlp_json(spans, options.service_name),
                             .timeout = patience,
                             .answer_bytes_max = base::trace_answer_bytes_max};
  request.headers.emplace_back("content-type", "application/json");
  asio::io_context context(1);
  std::string failure = "the request could not be made";
  bool taken = false;
  asio::co_spawn(context, net::http_exchange(options.endpoint, std::move(request), options.trust),
                 [&](const std::exception_ptr& thrown, const base::Result<net::ClientAnswer>& answer) {
                   if (thrown) return;
                   taken = answer && answer->status >= 200 && answer->status < 300;
                   failure = answer ? fmt::format("status {}", answer->status) : answer.error().message;
                 });
  context.run();
  if (taken) {
    exported += spans.size();
    return;
  }
  dropped += spans.size();
  report(failure);
}

// Once a minute: what fails, fails for every batch.
void OtlpExporter::Worker::report(std::string_view why) {
  const Clock::time_point now = Clock::now();
  if (reported_at != Clock::time_point::min() && now - reported_at < 1min) return;
  reported_at = now;
  log.write(LogLevel::warning, "traces are dropped",
            {{"collector", options.endpoint.authority()}, {"cause", why}});
}

OtlpExporter::OtlpExporter(OtlpOptions options, Log& log)
    : worker_(std::make_unique<Worker>(std::move(options), log)) {}

OtlpExporter::~OtlpExporter() {
  {
    const std::lock_guard lock(worker_->mutex);
    worker_->stopping = true;
  }
  worker_->wake.notify_one();
  worker_->thread.join();
}

void OtlpExporter::add(std::vector<Span> spans) {
  std::size_t queued = 0;
  {
    const std::lock_guard lock(worker_->mutex);
    for (Span& span : spans) {
      if (worker_->queue.size() >= base::trace_spans_queued_max) {
        ++worker_->dropped;
        continue;
      }
      worker_->queue.push_back(std::move(span));
    }
    queued = worker_->queue.size();
  }
  if (queued >= base::trace_spans_batch) worker_->wake.notify_one();
}

OtlpStatistics OtlpExporter::statistics() const {
  return {.exported = worker_->exported.load(), .dropped = worker_->dropped.load()};
}

}  // namespace tenon::server
