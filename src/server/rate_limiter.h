// How often somebody may ask: a bucket of tokens for each name, filled at a steady rate, emptied one by one.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tenon::server {

// Shared by all workers. A name's bucket is one time, after which it is full again, in one of a few parts
// with a lock each, which are held for a look-up; nobody waits for anything else. A bucket that is forgotten,
// because there are more names than are kept, begins full.
class RateLimiter {
 public:
  using Clock = std::chrono::steady_clock;
  struct Options {
    double per_second = 0;          // zero: no limit
    std::uint32_t burst = 1;        // what a full bucket holds; at least 1
    std::size_t names_max = 1'000;  // kept; those used longest ago go first
  };

  explicit RateLimiter(Options options);

  bool unlimited() const { return interval_.count() == 0; }
  // Takes a token. None there: how long until there is one, and nothing is taken.
  std::optional<Clock::duration> take(std::string_view name, Clock::time_point now);
  // How long until there is a token; nullopt when there is one.
  std::optional<Clock::duration> wait(std::string_view name, Clock::time_point now);
  std::size_t names() const;

 private:
  struct Bucket {
    std::string name;
    Clock::time_point full_at;
  };
  struct Part {
    mutable std::mutex mutex;
    std::list<Bucket> buckets;  // used last first
    std::unordered_map<std::string_view, std::list<Bucket>::iterator> index;
  };
  static constexpr std::size_t part_count = 16;

  Part& part_of(std::string_view name);
  std::optional<Clock::duration> lacking(Clock::time_point full_at, Clock::time_point now) const;

  Clock::duration interval_{};   // between two tokens
  Clock::duration tolerance_{};  // how far a bucket may be from full and still give one
  std::size_t names_of_part_max_;
  std::array<Part, part_count> parts_;
};

// For a retry-after header: whole seconds, at least one.
std::string retry_after_text(RateLimiter::Clock::duration wait);

}  // namespace tenon::server
