#include "api/lru.h"

#include <gtest/gtest.h>

namespace tenon::api {
namespace {

base::Hash128 key(std::uint64_t n) { return {.high = 0, .low = n}; }

TEST(LruCache, ForgetsWhatWasUsedLongestAgo) {
  LruCache<int> cache(3);
  cache.put(key(1), 1, 1);
  cache.put(key(2), 2, 1);
  cache.put(key(3), 3, 1);
  EXPECT_EQ(*cache.find(key(1)), 1);
  cache.put(key(4), 4, 1);
  EXPECT_EQ(cache.find(key(2)), nullptr);
  EXPECT_NE(cache.find(key(1)), nullptr);
  EXPECT_EQ(cache.weight(), 3u);
}

TEST(LruCache, KeepsToItsWeight) {
  LruCache<int> cache(10);
  cache.put(key(1), 1, 4);
  cache.put(key(2), 2, 4);
  cache.put(key(3), 3, 6);
  EXPECT_EQ(cache.find(key(1)), nullptr);
  EXPECT_EQ(cache.weight(), 10u);
  cache.put(key(3), 30, 1);
  EXPECT_EQ(*cache.find(key(3)), 30);
  EXPECT_EQ(cache.weight(), 5u);
  cache.put(key(4), 4, 100);
  EXPECT_EQ(cache.size(), 1u);
  cache.clear();
  EXPECT_EQ(cache.weight(), 0u);
}

}  // namespace
}  // namespace tenon::api
