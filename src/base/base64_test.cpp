#include "base/base64.h"

#include <utility>

#include <gtest/gtest.h>

#include "base/hash.h"

namespace tenon::base {
namespace {

// RFC 4648, section 10.
TEST(Base64, TestVectors) {
  const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"},
                                                                   {"\xfb\xff", "+/8="}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(encode_base64(bytes), text);
    EXPECT_EQ(decode_base64(text), bytes) << text;
  }
}

TEST(Base64, RefusesEverythingElse) {
  for (const std::string_view text : {"=", "==", "===", "====", "A", "AA", "AAA",
                                      "A===", "Zg=", "Zg===", "Z=g=", "Zg==Zg==", "Zm8 ", "Zm9v\n", "_-8="})
    EXPECT_FALSE(decode_base64(text)) << text;
}

TEST(Base64, UrlFormIsSafeInUrls) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string bytes(size, '\xff');
    const std::string text = encode_base64url(bytes);
    EXPECT_EQ(text.find_first_of("+/="), std::string::npos);
    EXPECT_EQ(decode_base64url(text), bytes);
  }
  for (const std::string_view text : {"A", "AA==", "+/8", "AAAAA"})
    EXPECT_FALSE(decode_base64url(text)) << text;
}

TEST(Hex, ComesBackAsItWas) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(decode_hex(hex(bytes)), bytes);
  EXPECT_EQ(decode_hex("aAFf"), "\xaa\xff");
  for (const std::string_view text : {"a", "0g", "0x", " 0", "@`"}) EXPECT_FALSE(decode_hex(text)) << text;
}

}  // namespace
}  // namespace tenon::base
