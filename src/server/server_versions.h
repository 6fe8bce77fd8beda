// Which servers answer at the URLs of a project's databases.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "api/schema/schema.h"
#include "sql/url.h"

namespace tenon::server {

// By database, in the order of the configuration; absent where none is named.
using DatabaseUrls = std::vector<std::optional<sql::DatabaseUrl>>;

// Asks all of them at the same time. nullopt for one that is not named or does not answer within `patience`.
api::ServerVersions ask_versions(const DatabaseUrls& urls, std::chrono::milliseconds patience);

// Asks again those that have not answered so far, when the last time is a while ago: what is known of them
// decides how they are talked to.
class LateServers {
 public:
  LateServers(DatabaseUrls urls, api::ServerVersions known);

  // Whether one has answered now that had not before. Takes no longer than a second.
  bool ask();
  const api::ServerVersions& known() const { return known_; }

 private:
  DatabaseUrls urls_;
  api::ServerVersions known_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace tenon::server
