#include "api/plan/page_token.h"

#include <gtest/gtest.h>

#include "base/base64.h"

namespace tenon::api {
namespace {

TEST(PageToken, ComesBackAsItWas) {
  const PageToken token{.ordering = "abc", .values = {"2024-01-01 00:00:00+00", std::nullopt, "", "\"\\ü\n"}};
  const auto back = decode_page_token(encode(token));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->ordering, token.ordering);
  EXPECT_EQ(back->values, token.values);
}

TEST(PageToken, RefusesEverythingElse) {
  for (const std::string_view json : {"", "[]", "{}", "1", R"({"o":1,"v":[]})", R"({"o":"x","v":1})",
                                      R"({"o":"x","v":[1]})", R"({"o":"x"})", R"({"o":"x","v":["a"]}})"})
    EXPECT_FALSE(decode_page_token(base::encode_base64url(json))) << json;
  EXPECT_FALSE(decode_page_token("not base64!"));
  EXPECT_FALSE(decode_page_token("A"));
  EXPECT_FALSE(decode_page_token(std::string(100'000, 'A')));
}

}  // namespace
}  // namespace tenon::api
