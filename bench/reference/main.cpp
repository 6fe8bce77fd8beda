// usage: tenon_bare_client URL SCHEMA BODIES CONNECTIONS SECONDS
// BODIES: a file with one GraphQL request as JSON on each line (bench/bin/bodies.mjs). Prints, separated by
// tabs: requests a second, CPU microseconds a request here and in the database, p50 and p99 in milliseconds,
// statements a request.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include <fmt/format.h>

#include "bench/reference/bare_client.h"
#include "server/api_loader.h"

int main(int argc, char** argv) {
  using namespace tenon;
  if (argc != 6) {
    std::cerr << "usage: tenon_bare_client URL SCHEMA BODIES CONNECTIONS SECONDS\n";
    return 2;
  }
  const auto fail = [](const std::string& why) {
    std::cerr << why << '\n';
    return 1;
  };
  const auto url = sql::parse_database_url(argv[1]);
  if (!url) return fail(to_string(url.error()));
  const auto api = server::load_api({}, {*url}, {.open_without_overlay = true, .schemas = {argv[2]}});
  if (!api) return fail(to_string(api.error()));
  if (!api->schema) return fail(base::render(api->diagnostics, api->sources, {}));
  std::vector<std::string> bodies;
  std::ifstream file(argv[3]);
  for (std::string line; std::getline(file, line);) bodies.push_back(line);
  const auto requests = bench::record(api->schema, *url, bodies);
  if (!requests) return fail(requests.error());
  if (requests->empty()) return fail("no requests in the file");
  std::size_t statements = 0;
  for (const auto& exchange : requests->front()) statements += exchange.calls.size();
  const bench::LoadOptions options{
      .connections = static_cast<unsigned>(std::strtoul(argv[4], nullptr, 10)),
      .duration = std::chrono::milliseconds(static_cast<long>(1000 * std::strtod(argv[5], nullptr)))};
  const auto result = bench::load(*requests, *url, options);
  if (!result) return fail(result.error());
  fmt::print("{:.1f}\t{:.1f}\t{:.1f}\t{:.3f}\t{:.3f}\t{}\n",
             static_cast<double>(result->requests) / result->seconds, result->client_microseconds,
             result->database_microseconds, result->p50_milliseconds, result->p99_milliseconds, statements);
  return 0;
}
