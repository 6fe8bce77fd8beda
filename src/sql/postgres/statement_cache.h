// Which statements one connection has prepared, under which names, least recently used last.
#pragma once

#include <algorithm>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/hash.h"

namespace tenon::sql::postgres {

class StatementCache {
 public:
  explicit StatementCache(std::uint32_t statements_max) : statements_max_(std::max(statements_max, 1U)) {}

  // The name under which `hash` is prepared, now the most recently used; nullptr when it is not. Valid until
  // the entry is dropped.
  const std::string* find(const base::Hash128& hash);
  // A fresh name for `hash`. `find` must have said nullptr.
  const std::string& add(const base::Hash128& hash);
  // When there are too many: takes the least recently used one out and returns its name, to be closed at the
  // server.
  std::optional<std::string> evict_beyond_limit();
  void drop(const base::Hash128& hash);
  // Forgets all; returns their names.
  std::vector<std::string> clear();
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    base::Hash128 hash;
    std::string name;
  };
  std::uint32_t statements_max_;
  std::uint64_t names_given_ = 0;  // names are never used twice, so a stale one cannot mean another statement
  std::list<Entry> entries_;
  std::unordered_map<base::Hash128, std::list<Entry>::iterator, base::Hash128Hasher> by_hash_;
};

}  // namespace tenon::sql::postgres
