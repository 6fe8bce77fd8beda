#include "api/values/identifiers.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tenon::api {
namespace {

using Kind = catalog::ClientDefault::Kind;

TEST(Identifiers, HaveTheirForms) {
  EXPECT_THAT(make_identifier({.kind = Kind::uuid}),
              testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_THAT(make_identifier({.kind = Kind::uuid, .argument = 7}),
              testing::MatchesRegex("0[0-9a-f]{7}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_THAT(make_identifier({.kind = Kind::cuid}), testing::MatchesRegex("c[0-9a-z]{24}"));
  EXPECT_THAT(make_identifier({.kind = Kind::cuid, .argument = 2}),
              testing::MatchesRegex("[a-z][0-9a-z]{23}"));
  EXPECT_THAT(make_identifier({.kind = Kind::nanoid}), testing::MatchesRegex("[0-9A-Za-z_-]{21}"));
  EXPECT_EQ(make_identifier({.kind = Kind::nanoid, .argument = 5}).size(), 5u);
  EXPECT_THAT(make_identifier({.kind = Kind::ulid}), testing::MatchesRegex("0[0-9A-HJKMNP-TV-Z]{25}"));
  EXPECT_THAT(current_time_text(TimeZone::kept),
              testing::MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}\\+00"));
}

TEST(Identifiers, DoNotRepeat) {
  for (const Kind kind : {Kind::uuid, Kind::cuid, Kind::nanoid, Kind::ulid}) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(make_identifier({.kind = kind})).second);
  }
}

}  // namespace
}  // namespace tenon::api
