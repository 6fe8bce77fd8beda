// A DatabaseUrl and session settings as libpq's connection parameters.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/open.h"
#include "sql/url.h"

namespace tenon::sql::postgres {

struct Setting {
  std::string name;
  std::string value;
};

// What every session of ours has: ISO formats, UTC, no JIT, time limits. Nothing about search_path:
// statements name schemas themselves.
std::vector<Setting> session_settings(const SessionOptions& options);

// The same until the end of a transaction, for sessions that are shared through a pooler.
Statement unit_settings(const std::vector<Setting>& settings);

// Keywords and values for PQconnectStartParams. `addresses` are those `url.host` resolved to, or empty when
// libpq needs none (a socket folder, a numeric address). `settings` go into the start-up packet.
std::vector<std::pair<std::string, std::string>> connection_parameters(
    const DatabaseUrl& url, const SessionOptions& options, const std::vector<std::string>& addresses,
    const std::vector<Setting>& settings);

}  // namespace tenon::sql::postgres
