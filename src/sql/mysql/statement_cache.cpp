#include "sql/mysql/statement_cache.h"

namespace tenon::sql::mysql {

const StatementCache::Entry* StatementCache::find(const base::Hash128& hash) {
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &*found->second;
}

void StatementCache::add(const base::Hash128& hash, MYSQL_STMT* statement) {
  entries_.push_front({.hash = hash, .statement = statement});
  by_hash_[hash] = entries_.begin();
}

MYSQL_STMT* StatementCache::evict_beyond_limit() {
  if (entries_.size() <= statements_max_) return nullptr;
  return drop(base::Hash128(entries_.back().hash));
}

MYSQL_STMT* StatementCache::drop(const base::Hash128& hash) {
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end()) return nullptr;
  MYSQL_STMT* statement = found->second->statement;
  entries_.erase(found->second);
  by_hash_.erase(found);
  return statement;
}

std::vector<MYSQL_STMT*> StatementCache::clear() {
  std::vector<MYSQL_STMT*> statements;
  for (const Entry& entry : entries_)
    if (entry.statement != nullptr) statements.push_back(entry.statement);
  entries_.clear();
  by_hash_.clear();
  return statements;
}

}  // namespace tenon::sql::mysql
