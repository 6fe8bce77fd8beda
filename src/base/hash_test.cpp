#include "base/hash.h"

#include <set>

#include <gtest/gtest.h>

namespace tenon::base {
namespace {

std::string hex_sha256(std::string_view text) {
  const auto digest = sha256(text);
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// FIPS 180-2, appendix B.
TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(hex_sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash128, KnownAnswerAndDifference) {
  // XXH3_128bits of nothing, from the specification's test vectors.
  EXPECT_EQ(hash128("").high, 0x99aa06d3014798d8U);
  EXPECT_EQ(hash128("").low, 0x6001c324468d497fU);
  EXPECT_NE(hash128("a"), hash128("b"));
  EXPECT_EQ(hash128("a"), hash128("a"));
}

TEST(Hex, WritesEveryByteAsTwoDigits) { EXPECT_EQ(hex(std::string_view("\x00\x0f\xa0\xff", 4)), "000fa0ff"); }

TEST(RandomHex, HasTheLengthAndDiffers) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string text = random_hex(16);
    EXPECT_EQ(text.size(), 32U);
    EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), std::string::npos);
    seen.insert(text);
  }
  EXPECT_EQ(seen.size(), 100U);
  EXPECT_EQ(random_hex(0), "");
}

}  // namespace
}  // namespace tenon::base
