#include "identity/verdict_cache.h"

namespace tenon::identity {

const KeptVerdict* VerdictCache::find(const Key& key, SystemClock::time_point now) {
  auto found = newer_.find(key);
  if (found == newer_.end()) {
    const auto old = older_.find(key);
    if (old == older_.end()) return nullptr;
    KeptVerdict verdict = std::move(old->second);
    older_.erase(old);
    keep(key, std::move(verdict));
    found = newer_.find(key);
  }
  if (now < found->second.until) return &found->second;
  newer_.erase(found);
  return nullptr;
}

void VerdictCache::keep(const Key& key, KeptVerdict verdict) {
  if (newer_.size() >= base::verdicts_kept_max / 2) {
    older_ = std::move(newer_);
    newer_.clear();
  }
  newer_.insert_or_assign(key, std::move(verdict));
}

std::optional<KeptVerdict> SharedVerdicts::find(const VerdictCache::Key& key, SystemClock::time_point now) {
  const std::scoped_lock lock(mutex_);
  const KeptVerdict* kept = cache_.find(key, now);
  return kept == nullptr ? std::nullopt : std::optional(*kept);
}

void SharedVerdicts::keep(const VerdictCache::Key& key, KeptVerdict verdict) {
  const std::scoped_lock lock(mutex_);
  cache_.keep(key, std::move(verdict));
}

}  // namespace tenon::identity
