// Where the connections of a request come from.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "catalog/id.h"
#include "sql/connection.h"

namespace tenon::api {

// A pool for each database of a catalog, all on one io_context. They outlive whoever is given them.
class Pools {
 public:
  Pools(sql::Pool& only) : pools_{&only} {}
  explicit Pools(std::vector<sql::Pool*> pools) : pools_(std::move(pools)) {}

  sql::Pool& operator[](catalog::DatabaseId database) const { return *pools_[database.value]; }
  std::size_t size() const { return pools_.size(); }
  // The longest that is known.
  std::optional<sql::Clock::duration> round_trip() const {
    std::optional<sql::Clock::duration> longest;
    for (const sql::Pool* pool : pools_) longest = std::max(longest, pool->round_trip());
    return longest;
  }

 private:
  std::vector<sql::Pool*> pools_;  // by DatabaseId
};

}  // namespace tenon::api
