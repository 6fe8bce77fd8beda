#include "server/metrics.h"

#include <algorithm>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace tenon::server {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

class Families {
 public:
  void counter(const char* name, const char* help, std::uint64_t value) {
    family(name, help, MetricType::Counter).metric.emplace_back().counter.value = static_cast<double>(value);
  }
  void gauge(const char* name, const char* help, std::uint64_t value) {
    gauge(name, help, static_cast<double>(value));
  }
  void gauge(const char* name, const char* help, double value) {
    family(name, help, MetricType::Gauge).metric.emplace_back().gauge.value = value;
  }
  MetricFamily& family(const char* name, const char* help, MetricType type) {
    MetricFamily& family = families_.emplace_back();
    family.name = name;
    family.help = help;
    family.type = type;
    return family;
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  std::vector<MetricFamily> families_;
};

void add_requests(Families& families, const RequestMetrics::Reading& requests) {
  MetricFamily& outcomes = families.family("tenon_graphql_requests_total",
                                           "GraphQL requests answered, by outcome.", MetricType::Counter);
  for (std::size_t i = 0; i < outcome_count; ++i) {
    ClientMetric& metric = outcomes.metric.emplace_back();
    metric.label.push_back({.name = "outcome", .value = std::string(name(static_cast<Outcome>(i)))});
    metric.counter.value = static_cast<double>(requests.by_outcome[i]);
  }
  ClientMetric::Histogram& histogram =
      families
          .family("tenon_graphql_request_seconds", "Time from a whole request to its answer.",
                  MetricType::Histogram)
          .metric.emplace_back()
          .histogram;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < requests.by_latency.size(); ++i) {
    total += requests.by_latency[i];
    const double bound = i < RequestMetrics::bounds_us.size() ? RequestMetrics::bounds_us[i] / 1e6
                                                              : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({.cumulative_count = total, .upper_bound = bound});
  }
  histogram.sample_count = total;
  histogram.sample_sum = static_cast<double>(requests.latency_us) / 1e6;
  families.gauge("tenon_graphql_requests_in_flight", "GraphQL requests being answered.", requests.in_flight);
}

void add_http(Families& families, const net::HttpStatistics& http) {
  families.gauge("tenon_http_connections", "Open client connections.", http.connections_open);
  families.counter("tenon_http_connections_accepted_total", "Client connections accepted.",
                   http.connections_accepted);
  families.counter("tenon_http_connections_refused_total", "Client connections over the limit.",
                   http.connections_refused);
  families.counter("tenon_http_malformed_requests_total", "Requests that broke HTTP or a limit.",
                   http.requests_malformed);
  families.counter("tenon_http_timeouts_total", "Clients too slow to send or to read.", http.timeouts);
  families.counter("tenon_http_clients_left_total", "Clients that left before their answer.",
                   http.clients_left);
}

void add_workers(Families& families, std::span<const WorkerGauges> workers) {
  WorkerGauges sum;
  std::chrono::nanoseconds round_trip{};
  std::uint64_t far = 0;
  for (const WorkerGauges& worker : workers) {
    sum.pool_open += worker.pool_open;
    sum.pool_idle += worker.pool_idle;
    sum.pool_waiting += worker.pool_waiting;
    sum.plan_cache_hits += worker.plan_cache_hits;
    sum.plan_cache_misses += worker.plan_cache_misses;
    round_trip = std::max(round_trip, worker.round_trip);
    if (worker.single_statements) ++far;
  }
  families.gauge("tenon_pool_connections", "Database connections.", sum.pool_open);
  families.gauge("tenon_pool_connections_idle", "Database connections not in use.", sum.pool_idle);
  families.gauge("tenon_pool_waiting", "Requests that wait for a database connection.", sum.pool_waiting);
  families.counter("tenon_plan_cache_hits_total", "Operations whose plan was found.", sum.plan_cache_hits);
  families.counter("tenon_plan_cache_misses_total", "Operations that had to be planned.",
                   sum.plan_cache_misses);
  families.gauge("tenon_database_round_trip_seconds",
                 "The way to the database and back, the longest that a worker measured.",
                 std::chrono::duration<double>(round_trip).count());
  families.gauge("tenon_workers_single_statement",
                 "Workers that ask for a query's rows in one statement, as for a database far away.", far);
}

}  // namespace

void RequestMetrics::end(Outcome outcome, std::chrono::steady_clock::duration duration) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  const auto bucket = std::lower_bound(bounds_us.begin(), bounds_us.end(), us) - bounds_us.begin();
  add(by_latency_[static_cast<std::size_t>(bucket)], 1);
  add(latency_us_, static_cast<std::uint64_t>(us));
  add(by_outcome_[static_cast<std::size_t>(outcome)], 1);
  add(in_flight_, static_cast<std::uint64_t>(-1));
}

void RequestMetrics::add_to(Reading& reading) const {
  for (std::size_t i = 0; i < outcome_count; ++i) reading.by_outcome[i] += by_outcome_[i].load();
  for (std::size_t i = 0; i < by_latency_.size(); ++i) reading.by_latency[i] += by_latency_[i].load();
  reading.latency_us += latency_us_.load();
  reading.in_flight += in_flight_.load();
}

std::string metrics_text(const RequestMetrics::Reading& requests, const net::HttpStatistics& http,
                         std::span<const WorkerGauges> workers, const std::optional<OtlpStatistics>& traces) {
  Families families;
  add_requests(families, requests);
  add_http(families, http);
  add_workers(families, workers);
  if (traces) {
    families.counter("tenon_trace_spans_exported_total", "Spans that the collector took.", traces->exported);
    families.counter("tenon_trace_spans_dropped_total", "Spans that did not get to the collector.",
                     traces->dropped);
  }
  return families.text();
}

}  // namespace tenon::server
