#include "lsp/position.h"

#include <gtest/gtest.h>

#include "lsp/uri.h"

namespace tenon::lsp {
namespace {

// "ä" is two bytes and one unit, "😀" four bytes and two units.
constexpr std::string_view text = "a\xC3\xA4\xF0\x9F\x98\x80z\r\n\rx\ny";

TEST(Positions, CountUtf16) {
  const LineIndex lines(text);
  EXPECT_EQ(lines.position(0), (Position{0, 0}));
  EXPECT_EQ(lines.position(3), (Position{0, 2}));
  EXPECT_EQ(lines.position(7), (Position{0, 4}));
  EXPECT_EQ(lines.position(8), (Position{0, 5}));
  EXPECT_EQ(lines.position(10), (Position{1, 0}));
  EXPECT_EQ(lines.position(11), (Position{2, 0}));
  EXPECT_EQ(lines.position(13), (Position{3, 0}));
  EXPECT_EQ(lines.position(99), (Position{3, 1}));
}
TEST(Positions, ComeBack) {
  const LineIndex lines(text);
  for (const std::uint32_t offset : {0U, 1U, 3U, 7U, 8U, 10U, 11U, 12U, 13U, 14U})
    EXPECT_EQ(lines.offset(lines.position(offset)), offset);
  EXPECT_EQ(lines.offset({0, 99}), 8);   // the end of the line, before its break
  EXPECT_EQ(lines.offset({0, 3}), 7);    // in the middle of a pair: behind it
  EXPECT_EQ(lines.offset({99, 0}), 14);  // the end
}
TEST(Positions, OfBytesThatAreNoText) {
  const std::string_view broken = "\xF0\x9F\xC3\n\x80";
  const LineIndex lines(broken);
  EXPECT_EQ(lines.position(3), (Position{0, 3}));
  EXPECT_EQ(lines.offset({1, 1}), 5);
}

TEST(Uri, ThereAndBack) {
  EXPECT_EQ(uri_of_path("/a b/ä:x.prisma"), "file:///a%20b/%C3%A4%3Ax.prisma");
  EXPECT_EQ(path_of_uri("file:///a%20b/%C3%A4%3ax.prisma"), "/a b/ä:x.prisma");
  EXPECT_EQ(path_of_uri("file://localhost/a"), "/a");
  EXPECT_EQ(path_of_uri("file:///a%2"), "/a%2");
  EXPECT_EQ(path_of_uri("file:///a%zz"), "/a%zz");
  EXPECT_EQ(path_of_uri("untitled:Untitled-1"), "untitled:Untitled-1");
  EXPECT_EQ(uri_of_path("untitled:Untitled-1"), "untitled:Untitled-1");
}

}  // namespace
}  // namespace tenon::lsp
