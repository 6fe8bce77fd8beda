// Which statements one connection has prepared, least recently used last.
#pragma once

#include <algorithm>
#include <cstdint>
#include <list>
#include <unordered_map>
#include <vector>

#include <mysql.h>

#include "base/hash.h"

namespace tenon::sql::mysql {

// Owns none of the handles: taking one out means that the caller closes it.
class StatementCache {
 public:
  explicit StatementCache(std::uint32_t statements_max) : statements_max_(std::max(statements_max, 1U)) {}

  struct Entry {
    base::Hash128 hash;
    MYSQL_STMT* statement = nullptr;  // nullptr: of a kind that cannot be prepared
  };

  // The entry for `hash`, now the most recently used; nullptr when there is none. Valid until it is dropped.
  const Entry* find(const base::Hash128& hash);
  // `find` must have said nullptr.
  void add(const base::Hash128& hash, MYSQL_STMT* statement);
  // When there are too many: takes the least recently used one out. nullptr: nothing to close.
  MYSQL_STMT* evict_beyond_limit();
  MYSQL_STMT* drop(const base::Hash128& hash);
  // Forgets all; returns their handles.
  std::vector<MYSQL_STMT*> clear();
  std::size_t size() const { return entries_.size(); }

 private:
  std::uint32_t statements_max_;
  std::list<Entry> entries_;
  std::unordered_map<base::Hash128, std::list<Entry>::iterator, base::Hash128Hasher> by_hash_;
};

}  // namespace tenon::sql::mysql
