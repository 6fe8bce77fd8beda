#include "sql/round_trip.h"

#include <gtest/gtest.h>

namespace tenon::sql {
namespace {

using namespace std::chrono_literals;

TEST(RoundTripMeter, KnowsNothingAtFirst) { EXPECT_FALSE(RoundTripMeter().value()); }

TEST(RoundTripMeter, AShorterTimeCountsAtOnce) {
  RoundTripMeter meter;
  meter.add(4ms);
  EXPECT_EQ(meter.value(), 4ms);
  meter.add(80us);
  EXPECT_EQ(meter.value(), 80us);
}

TEST(RoundTripMeter, ALongerTimeCountsByAPart) {
  RoundTripMeter meter;
  meter.add(100us);
  meter.add(900us);  // one busy moment
  EXPECT_EQ(meter.value(), 200us);
  for (int i = 0; i < 40; ++i) meter.add(900us);
  EXPECT_GT(*meter.value(), 880us);
  EXPECT_LE(*meter.value(), 900us);
}

}  // namespace
}  // namespace tenon::sql
