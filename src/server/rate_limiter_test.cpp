#include "server/rate_limiter.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tenon::server {
namespace {

using namespace std::chrono_literals;
const RateLimiter::Clock::time_point start(1h);

TEST(RateLimiter, WithoutARateLetsEverythingPass) {
  RateLimiter limiter({});
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(limiter.take("web", start), std::nullopt);
  EXPECT_EQ(limiter.names(), 0U);
}

TEST(RateLimiter, GivesABurstAndThenTheRate) {
  RateLimiter limiter({.per_second = 10, .burst = 3});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.take("web", start), std::nullopt) << i;
  EXPECT_EQ(limiter.take("web", start), 100ms);
  EXPECT_EQ(limiter.take("web", start + 60ms), 40ms) << "what is refused takes nothing";
  EXPECT_EQ(limiter.take("web", start + 100ms), std::nullopt);
  EXPECT_EQ(limiter.take("web", start + 100ms), 100ms);
}

TEST(RateLimiter, HoldsNoMoreThanTheBurst) {
  RateLimiter limiter({.per_second = 10, .burst = 2});
  limiter.take("web", start);
  const auto later = start + 1h;
  EXPECT_EQ(limiter.take("web", later), std::nullopt);
  EXPECT_EQ(limiter.take("web", later), std::nullopt);
  EXPECT_EQ(limiter.take("web", later), 100ms);
}

TEST(RateLimiter, KeepsNamesApart) {
  RateLimiter limiter({.per_second = 1, .burst = 1});
  EXPECT_EQ(limiter.take("a", start), std::nullopt);
  EXPECT_EQ(limiter.take("a", start), 1s);
  EXPECT_EQ(limiter.take("b", start), std::nullopt);
}

TEST(RateLimiter, LooksWithoutTaking) {
  RateLimiter limiter({.per_second = 1, .burst = 1});
  EXPECT_EQ(limiter.wait("a", start), std::nullopt);
  EXPECT_EQ(limiter.take("a", start), std::nullopt);
  EXPECT_EQ(limiter.wait("a", start + 250ms), 750ms);
}

TEST(RateLimiter, KeepsABoundedNumberOfNames) {
  RateLimiter limiter({.per_second = 1, .burst = 1, .names_max = 160});
  for (int i = 0; i < 10'000; ++i) limiter.take(std::to_string(i), start);
  EXPECT_EQ(limiter.names(), 160U);
}

TEST(RateLimiter, CountsForAllThreadsTogether) {
  RateLimiter limiter({.per_second = 1, .burst = 100});
  std::atomic<int> passed = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i)
        if (!limiter.take("web", start)) ++passed;
    });
  threads.clear();
  EXPECT_EQ(passed, 100);
}

TEST(RateLimiter, WritesWholeSeconds) {
  EXPECT_EQ(retry_after_text(1ms), "1");
  EXPECT_EQ(retry_after_text(1s), "1");
  EXPECT_EQ(retry_after_text(1'001ms), "2");
}

}  // namespace
}  // namespace tenon::server
