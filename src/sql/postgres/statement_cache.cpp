#include "sql/postgres/statement_cache.h"

namespace tenon::sql::postgres {

Prepared StatementCache::find(const base::Hash128& hash) {
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return *found->second;
}

Prepared StatementCache::add(const base::Hash128& hash) {
  entries_.push_front(std::make_shared<PreparedStatement>(PreparedStatement{
      .hash = hash, .name = "tenon_" + std::to_string(++names_given_), .columns = nullptr}));
  by_hash_[hash] = entries_.begin();
  return entries_.front();
}

Prepared StatementCache::evict_beyond_limit() {
  if (entries_.size() <= statements_max_) return nullptr;
  Prepared oldest = std::move(entries_.back());
  by_hash_.erase(oldest->hash);
  entries_.pop_back();
  return oldest;
}

void StatementCache::drop(const base::Hash128& hash) {
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end()) return;
  entries_.erase(found->second);
  by_hash_.erase(found);
}

std::vector<Prepared> StatementCache::clear() {
  std::vector<Prepared> all(std::make_move_iterator(entries_.begin()),
                            std::make_move_iterator(entries_.end()));
  entries_.clear();
  by_hash_.clear();
  return all;
}

}  // namespace tenon::sql::postgres
