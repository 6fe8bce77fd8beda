#include "sql/postgres/statement_cache.h"

namespace tenon::sql::postgres {

const std::string* StatementCache::find(const base::Hash128& hash) {
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &found->second->name;
}

const std::string& StatementCache::add(const base::Hash128& hash) {
  entries_.push_front({.hash = hash, .name = "tenon_" + std::to_string(++names_given_)});
  by_hash_[hash] = entries_.begin();
  return entries_.front().name;
}

std::optional<std::string> StatementCache::evict_beyond_limit() {
  if (entries_.size() <= statements_max_) return std::nullopt;
  Entry& oldest = entries_.back();
  std::string name = std::move(oldest.name);
  by_hash_.erase(oldest.hash);
  entries_.pop_back();
  return name;
}

void StatementCache::drop(const base::Hash128& hash) {
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end()) return;
  entries_.erase(found->second);
  by_hash_.erase(found);
}

std::vector<std::string> StatementCache::clear() {
  std::vector<std::string> names;
  names.reserve(entries_.size());
  for (Entry& entry : entries_) names.push_back(std::move(entry.name));
  entries_.clear();
  by_hash_.clear();
  return names;
}

}  // namespace tenon::sql::postgres
