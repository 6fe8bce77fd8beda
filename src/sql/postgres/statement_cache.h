// Which statements one connection has prepared, under which names, least recently used last.
#pragma once

#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "sql/postgres/result.h"

namespace tenon::sql::postgres {

struct PreparedStatement {
  base::Hash128 hash;
  std::string name;  // empty: not kept by the server
  // Once the server described it; nullptr when it gives no rows.
  std::shared_ptr<const ResultColumns> columns;
  std::vector<ValueType> parameters;
};
using Prepared = std::shared_ptr<PreparedStatement>;

class StatementCache {
 public:
  explicit StatementCache(std::uint32_t statements_max) : statements_max_(std::max(statements_max, 1U)) {}

  // What `hash` is prepared as, now the most recently used; nullptr when it is not.
  Prepared find(const base::Hash128& hash);
  // A fresh name for `hash`. `find` must have said nullptr.
  Prepared add(const base::Hash128& hash);
  // When there are too many: takes the least recently used one out, to be closed at the server.
  Prepared evict_beyond_limit();
  void drop(const base::Hash128& hash);
  // Forgets all; returns them.
  std::vector<Prepared> clear();
  std::size_t size() const { return entries_.size(); }

 private:
  std::uint32_t statements_max_;
  std::uint64_t names_given_ = 0;  // names are never used twice, so a stale one cannot mean another statement
  std::list<Prepared> entries_;
  std::unordered_map<base::Hash128, std::list<Prepared>::iterator, base::Hash128Hasher> by_hash_;
};

}  // namespace tenon::sql::postgres
