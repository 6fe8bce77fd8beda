#include "base/json_writer.h"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace tenon::base {
namespace {

// RFC 8259, section 7, one byte at a time.
std::string escaped_simply(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const std::string_view names = "btnvfr";
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 8 && byte <= 13 && byte != 11) {
      out += '\\';
      out += names[byte - 8U];
    } else if (byte < 0x20) {
      out += byte < 0x10 ? "\\u000" : "\\u001";
      out += "0123456789abcdef"[byte % 16U];
    } else {
      out += c;
    }
  }
  return out + '"';
}

TEST(JsonWriter, EveryByteAtEveryPlaceOfABlock) {
  for (int byte = 0; byte < 256; ++byte)
    for (std::size_t size = 1; size < 40; ++size)
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(byte);
        ASSERT_EQ(json_string(text), escaped_simply(text)) << byte << " at " << at << " of " << size;
      }
}

TEST(JsonWriter, RandomBytes) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 100, ' ');
    for (char& c : text) c = random() % 4 == 0 ? static_cast<char>(random() % 256) : 'a';
    ASSERT_EQ(json_string(text), escaped_simply(text));
  }
}

TEST(JsonWriter, PutsCommasBetweenMembersAndItems) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("a", 1).key("b").begin_array().number(2).null().end_array();
  json.member("c", "x").member("d", true).end_object();
  EXPECT_EQ(out, R"({"a":1,"b":[2,null],"c":"x","d":true})");
}

TEST(JsonWriter, NumbersJsonLacksAreNull) {
  std::string out;
  JsonWriter(out).begin_array().number(0.1).number(std::nan("")).end_array();
  EXPECT_EQ(out, "[0.1,null]");
}

}  // namespace
}  // namespace tenon::base
