#include "server/rate_limiter.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"

namespace tenon::server {

using Clock = RateLimiter::Clock;

RateLimiter::RateLimiter(Options options)
    : names_of_part_max_(std::max<std::size_t>(1, (options.names_max + part_count - 1) / part_count)) {
  if (options.per_second <= 0) return;
  interval_ = std::max(Clock::duration(1), std::chrono::duration_cast<Clock::duration>(
                                               std::chrono::duration<double>(1.0 / options.per_second)));
  tolerance_ = interval_ * (std::max(1U, options.burst) - 1);
}

RateLimiter::Part& RateLimiter::part_of(std::string_view name) {
  return parts_[base::hash128(name).low % part_count];
}

std::optional<Clock::duration> RateLimiter::lacking(Clock::time_point full_at, Clock::time_point now) const {
  const Clock::duration behind = std::max(full_at, now) - now;
  return behind > tolerance_ ? std::optional(behind - tolerance_) : std::nullopt;
}

std::optional<Clock::duration> RateLimiter::take(std::string_view name, Clock::time_point now) {
  if (unlimited()) return std::nullopt;
  Part& part = part_of(name);
  const std::lock_guard lock(part.mutex);
  if (const auto found = part.index.find(name); found != part.index.end()) {
    part.buckets.splice(part.buckets.begin(), part.buckets, found->second);
  } else {
    if (part.buckets.size() >= names_of_part_max_) {
      part.index.erase(part.buckets.back().name);
      part.buckets.pop_back();
    }
    part.buckets.push_front({.name = std::string(name), .full_at = now});
    part.index.emplace(part.buckets.front().name, part.buckets.begin());
  }
  Bucket& bucket = part.buckets.front();
  if (const auto wait = lacking(bucket.full_at, now)) return wait;
  bucket.full_at = std::max(bucket.full_at, now) + interval_;
  return std::nullopt;
}

std::optional<Clock::duration> RateLimiter::wait(std::string_view name, Clock::time_point now) {
  if (unlimited()) return std::nullopt;
  Part& part = part_of(name);
  const std::lock_guard lock(part.mutex);
  const auto found = part.index.find(name);
  return found == part.index.end() ? std::nullopt : lacking(found->second->full_at, now);
}

std::size_t RateLimiter::names() const {
  std::size_t count = 0;
  for (const Part& part : parts_) {
    const std::lock_guard lock(part.mutex);
    count += part.buckets.size();
  }
  return count;
}

std::string retry_after_text(Clock::duration wait) {
  return fmt::format("{}", std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count()));
}

}  // namespace tenon::server
