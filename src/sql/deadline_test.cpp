#include "sql/deadline.h"

#include <optional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

namespace tenon::sql {
namespace {

using namespace std::chrono_literals;

class DeadlineTest : public testing::Test {
 protected:
  boost::asio::io_context context_;
  int called_ = 0;
  std::optional<Deadline> deadline_{std::in_place, context_.get_executor(), [this] { ++called_; }};
};

TEST_F(DeadlineTest, PassesOnce) {
  deadline_->set(Clock::now() + 5ms);
  EXPECT_FALSE(deadline_->passed());
  context_.run();
  EXPECT_TRUE(deadline_->passed());
  EXPECT_EQ(called_, 1);
  deadline_->set(Clock::time_point::max());
  EXPECT_FALSE(deadline_->passed());
}

TEST_F(DeadlineTest, TheLastOneSetCounts) {
  const Clock::time_point start = Clock::now();
  deadline_->set(start + 5ms);
  deadline_->set(start + 40ms);
  context_.run();
  EXPECT_GE(Clock::now(), start + 40ms);
  EXPECT_EQ(called_, 1);
}

TEST_F(DeadlineTest, AnEarlierOneIsNotMissed) {
  deadline_->set(Clock::now() + 1h);
  deadline_->set(Clock::now());
  context_.run_one();  // the wait that was given up
  context_.run_one();
  EXPECT_EQ(called_, 1);
}

// Both are over when they are looked at, so that the deadline's turn comes when it is gone already.
TEST_F(DeadlineTest, NothingIsCalledAfterItsEnd) {
  boost::asio::steady_timer first(context_, Clock::now());
  first.async_wait([this](const boost::system::error_code&) { deadline_.reset(); });
  deadline_->set(Clock::now() + 1ms);
  std::this_thread::sleep_for(5ms);
  context_.run();
  EXPECT_EQ(called_, 0);
}

TEST_F(DeadlineTest, WithoutOneTheTimerIsLeftToEnd) {
  deadline_->set(Clock::now() + 1ms);
  deadline_->set(Clock::time_point::max());
  context_.run();
  EXPECT_EQ(called_, 0);
  EXPECT_FALSE(deadline_->passed());
}

}  // namespace
}  // namespace tenon::sql
