#include "base/suggestion.h"

#include <array>

#include <gtest/gtest.h>

namespace tenon::base {
namespace {

constexpr auto names = std::to_array<std::string_view>({"Post", "Comment", "OrderLine", "public", "id"});

TEST(Suggestion, FindsWhatWasMeant) {
  EXPECT_EQ(did_you_mean("Pst", names), "did you mean \"Post\"?");
  EXPECT_EQ(did_you_mean("post", names), "did you mean \"Post\"?");
  EXPECT_EQ(did_you_mean("Posts", names), "did you mean \"Post\"?");
  EXPECT_EQ(did_you_mean("Commnet", names), "did you mean \"Comment\"?");
  EXPECT_EQ(did_you_mean("OderLines", names), "did you mean \"OrderLine\"?");
}

TEST(Suggestion, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(did_you_mean("Invoice", names), "");
  EXPECT_EQ(did_you_mean("x", names), "");
  EXPECT_EQ(did_you_mean("", names), "");
  EXPECT_EQ(did_you_mean(std::string(1000, 'P'), names), "");
  EXPECT_EQ(did_you_mean("Post", {}), "");
}

}  // namespace
}  // namespace tenon::base
