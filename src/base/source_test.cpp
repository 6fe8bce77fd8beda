#include "base/source.h"

#include <gtest/gtest.h>

namespace tenon::base {
namespace {

TEST(LineColumn, CountsFromOne) {
  EXPECT_EQ(line_column("abc", 0), (LineColumn{1, 1}));
  EXPECT_EQ(line_column("abc", 2), (LineColumn{1, 3}));
  EXPECT_EQ(line_column("", 0), (LineColumn{1, 1}));
}

TEST(LineColumn, EveryLineEndIsOne) {
  const std::string_view text = "a\nb\r\nc\rd";
  EXPECT_EQ(line_column(text, 2), (LineColumn{2, 1}));
  EXPECT_EQ(line_column(text, 4), (LineColumn{2, 3}));  // between CR and LF
  EXPECT_EQ(line_column(text, 5), (LineColumn{3, 1}));
  EXPECT_EQ(line_column(text, 7), (LineColumn{4, 1}));
}

TEST(LineColumn, CountsCharactersNotBytes) {
  const std::string_view text = "ä€😀x";
  EXPECT_EQ(line_column(text, 2), (LineColumn{1, 2}));
  EXPECT_EQ(line_column(text, 5), (LineColumn{1, 3}));
  EXPECT_EQ(line_column(text, 9), (LineColumn{1, 4}));
}

TEST(LineColumn, CountsOnFromAKnownPlace) {
  const std::string_view text = "ä\n€b\r\nc";
  for (std::uint32_t from = 0; from <= text.size(); ++from)
    for (std::uint32_t to = from; to <= text.size(); ++to)
      EXPECT_EQ(line_column(text, to, from, line_column(text, from)), line_column(text, to))
          << from << " " << to;
}

TEST(LineColumn, StopsAtTheEndOfTheText) { EXPECT_EQ(line_column("a\nbc", 4000), (LineColumn{2, 3})); }

TEST(SourceSet, ViewsStayValidWhenFilesAreAdded) {
  SourceSet sources;
  const SourceId first = sources.add("a.graphql", "type A");
  const std::string_view text = sources.text(first);
  for (int i = 0; i < 1000; ++i) sources.add("more", std::string(100, 'x'));
  EXPECT_EQ(text.data(), sources.text(first).data());
  EXPECT_EQ(text, "type A");
  EXPECT_EQ(sources.size(), 1001U);
}

TEST(SourceSet, NamesPlaces) {
  SourceSet sources;
  const SourceId id = sources.add("api/blog.graphql", "type A\ntype Ü B");
  const Span span{.source = id, .begin = 15, .end = 16};
  EXPECT_EQ(sources.text(span), "B");
  EXPECT_EQ(sources.place(span), "api/blog.graphql:2:8");
}

}  // namespace
}  // namespace tenon::base
