#include "base/utf8.h"

#include <gtest/gtest.h>

namespace tenon::base {
namespace {

TEST(Utf8, FindsTheFirstBrokenByte) {
  EXPECT_EQ(find_invalid_utf8("plain text, longer than eight bytes \xF0\x9F\x98\x80 \xED\x9F\xBF"),
            std::nullopt);
  EXPECT_EQ(find_invalid_utf8("ab\xFFzz"), 2U);
  EXPECT_EQ(find_invalid_utf8("\xC0\x80"), 0U) << "overlong";
  EXPECT_EQ(find_invalid_utf8("\xE0\x9F\xBF"), 0U) << "overlong";
  EXPECT_EQ(find_invalid_utf8("a\xED\xA0\x80"), 1U) << "surrogate";
  EXPECT_EQ(find_invalid_utf8("\xF4\x90\x80\x80"), 0U) << "above U+10FFFF";
  EXPECT_EQ(find_invalid_utf8("cut \xE2\x82"), 4U);
}

}  // namespace
}  // namespace tenon::base
