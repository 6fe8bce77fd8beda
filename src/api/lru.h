// A cache that forgets what was used longest ago, bounded by the weight of what it holds. For one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <list>
#include <unordered_map>
#include <utility>

#include "base/hash.h"

namespace tenon::api {

// Look-ups since the cache was made.
struct CacheStatistics {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
};

template <class Value>
class LruCache {
 public:
  explicit LruCache(std::size_t weight_max) : weight_max_(weight_max) {}

  // nullptr when absent. Valid until the next put.
  Value* find(const base::Hash128& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) {
      ++statistics_.misses;
      return nullptr;
    }
    ++statistics_.hits;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->value;
  }

  // What is heavier than the whole cache is kept alone until the next one comes.
  Value& put(const base::Hash128& key, Value value, std::size_t weight) {
    if (const auto found = index_.find(key); found != index_.end()) erase(found->second);
    while (!entries_.empty() && weight_ + weight > weight_max_) erase(std::prev(entries_.end()));
    entries_.push_front({key, std::move(value), weight});
    index_.emplace(key, entries_.begin());
    weight_ += weight;
    return entries_.front().value;
  }

  void clear() {
    entries_.clear();
    index_.clear();
    weight_ = 0;
  }
  std::size_t size() const { return entries_.size(); }
  std::size_t weight() const { return weight_; }
  CacheStatistics statistics() const { return statistics_; }

 private:
  struct Entry {
    base::Hash128 key;
    Value value;
    std::size_t weight = 0;
  };
  void erase(typename std::list<Entry>::iterator entry) {
    weight_ -= entry->weight;
    index_.erase(entry->key);
    entries_.erase(entry);
  }

  std::size_t weight_max_;
  std::size_t weight_ = 0;
  CacheStatistics statistics_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<base::Hash128, typename std::list<Entry>::iterator, base::Hash128Hasher> index_;
};

}  // namespace tenon::api
