#include "policy/claims.h"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tenon::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Claims claims(std::string_view json) { return Claims(boost::json::parse(json).as_object()); }

TEST(Claims, ScalarsAreListsOfOne) {
  const Claims given = claims(R"({"sub":"u1","age":41,"admin":true,"none":null,"object":{"a":1}})");
  EXPECT_THAT(given.texts("sub"), ElementsAre("u1"));
  EXPECT_THAT(given.texts("age"), ElementsAre("41"));
  EXPECT_THAT(given.texts("admin"), ElementsAre("true"));
  EXPECT_THAT(given.texts("none"), IsEmpty());
  EXPECT_THAT(given.texts("object"), IsEmpty());
  EXPECT_THAT(given.texts("missing"), IsEmpty());
}

TEST(Claims, ListsGiveTheirScalarMembers) {
  const Claims given = claims(R"({"cognito:groups":["Admins",7,{"x":1},null,"Users"]})");
  EXPECT_THAT(given.texts("cognito:groups"), ElementsAre("Admins", "7", "Users"));
  EXPECT_EQ(given.text("cognito:groups"), "");
}

TEST(Claims, ANameWithDotsIsAMemberOrAPath) {
  const Claims given = claims(R"({"a.b":"whole","c":{"d":{"e":"deep"}},"https://x.org/r":"uri"})");
  EXPECT_EQ(given.text("a.b"), "whole");
  EXPECT_EQ(given.text("c.d.e"), "deep");
  EXPECT_EQ(given.text("c.d"), "");
  EXPECT_EQ(given.text("https://x.org/r"), "uri");
}

}  // namespace
}  // namespace tenon::policy
