#include "api/run/round_trips.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace tenon::api {
namespace {

using namespace std::chrono_literals;

TEST(RoundTripChoice, TakesManyUntilSomethingIsMeasured) {
  RoundTripChoice choice;
  EXPECT_FALSE(choice.one(RoundTrips::measured, std::nullopt));
  EXPECT_TRUE(choice.one(RoundTrips::measured, 2ms));
  EXPECT_TRUE(choice.last());
}

TEST(RoundTripChoice, StaysBetweenTheBounds) {
  RoundTripChoice choice;
  const auto between = (base::round_trip_far + base::round_trip_near) / 2;
  EXPECT_FALSE(choice.one(RoundTrips::measured, between));
  EXPECT_TRUE(choice.one(RoundTrips::measured, base::round_trip_far));
  EXPECT_TRUE(choice.one(RoundTrips::measured, between));
  EXPECT_FALSE(choice.one(RoundTrips::measured, base::round_trip_near - 1us));
  EXPECT_FALSE(choice.one(RoundTrips::measured, between));
}

TEST(RoundTripChoice, DoesAsItIsTold) {
  RoundTripChoice choice;
  EXPECT_TRUE(choice.one(RoundTrips::one, 10us));
  EXPECT_FALSE(choice.one(RoundTrips::many, 1s));
}

}  // namespace
}  // namespace tenon::api
