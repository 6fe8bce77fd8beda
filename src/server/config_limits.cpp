#include "server/config_parts.h"

namespace tenon::server {

namespace {

constexpr std::uint64_t million = 1'000'000;

void read_document_limits(ConfigSection section, base::DocumentLimits& limits) {
  section.read("bytes_max", limits.bytes_max, 1, 1'000 * million);
  section.read("tokens_max", limits.tokens_max, 1, 10 * million);
  section.read("nesting_max", limits.nesting_max, 1, 1'000);
  section.read("selection_depth_max", limits.selection_depth_max, 1, 1'000);
  section.read("introspection_list_depth_max", limits.introspection_list_depth_max, 1, 1'000);
  section.read("root_fields_max", limits.root_fields_max, 1, million);
  section.read("aliases_of_one_field_max", limits.aliases_of_one_field_max, 1, million);
  section.read("directives_per_place_max", limits.directives_per_place_max, 1, million);
  section.read("errors_reported_max", limits.errors_reported_max, 1, million);
  section.finish();
}

void read_operation_limits(ConfigSection section, base::OperationLimits& limits) {
  section.read("page_rows_default", limits.page_rows_default, 1, million);
  section.read("page_rows_max", limits.page_rows_max, 1, million);
  section.read("rows_answer_max", limits.rows_answer_max, 1, 100 * million);
  section.read("answer_bytes_max", limits.answer_bytes_max, 1'000, 10'000 * million);
  section.read("cost_max", limits.cost_max, 1, 1'000'000'000 * million);
  section.read("filter_depth_max", limits.filter_depth_max, 1, 1'000);
  section.read("filter_list_max", limits.filter_list_max, 1, million);
  section.read("filter_conditions_max", limits.filter_conditions_max, 1, million);
  section.read("statements_max", limits.statements_max, 1, million);
  section.read("write_rows_max", limits.write_rows_max, 1, 1'000'000);
  section.read("write_steps_max", limits.write_steps_max, 1, 100'000);
  section.read("write_depth_max", limits.write_depth_max, 1, 50);
  section.read("aggregate_values_max", limits.aggregate_values_max, 1, 1'000);
  section.read("group_fields_max", limits.group_fields_max, 1, 1'000);
  section.read("filter_relations_max", limits.filter_relations_max, 0, 1'000);
  section.read("statement_timeout", limits.statement_timeout);
  section.read("request_timeout", limits.request_timeout);
  section.finish();
}

void read_rate_limits(ConfigSection section, base::RateLimits& limits) {
  section.read("requests_per_second", limits.requests_per_second, 0, million);
  section.read("burst", limits.burst, 0, million);
  section.read("refusals_per_minute", limits.refusals_per_minute, 0, million);
  section.read("principals_max", limits.principals_max, 1, 10 * million);
  section.finish();
}

void read_http_limits(ConfigSection section, base::HttpLimits& limits) {
  section.read("header_bytes_max", limits.header_bytes_max, 1'000, million);
  section.read("body_bytes_max", limits.body_bytes_max, 1, 1'000 * million);
  section.read("connections_max", limits.connections_max, 1, million);
  section.read("header_timeout", limits.header_timeout);
  section.read("body_timeout", limits.body_timeout);
  section.read("idle_timeout", limits.idle_timeout);
  section.read("write_timeout", limits.write_timeout);
  section.read("drain_timeout", limits.drain_timeout);
  section.finish();
}

void read_pool_limits(ConfigSection section, base::PoolLimits& limits) {
  section.read("connections_max", limits.connections_max, 1, 10'000);
  section.read("waiting_max", limits.waiting_max, 0, million);
  section.read("statements_cached_max", limits.statements_cached_max, 1, million);
  section.read("acquire_timeout", limits.acquire_timeout);
  section.read("connect_timeout", limits.connect_timeout);
  section.read("idle_timeout", limits.idle_timeout);
  section.read("measure_interval", limits.measure_interval);
  section.finish();
}

}  // namespace

void read_limits(ConfigSection section, Config& config) {
  read_document_limits(section.section("document"), config.document_limits);
  read_operation_limits(section.section("operation"), config.operation_limits);
  read_rate_limits(section.section("rate"), config.rate_limits);
  read_http_limits(section.section("http"), config.http_limits);
  read_pool_limits(section.section("pool"), config.pool_limits);
  section.finish();
}

}  // namespace tenon::server
