#include "psl/prisma_text.h"

#include <gtest/gtest.h>

namespace tenon::psl {
namespace {

std::string rendered(std::string text, std::uint32_t begin, std::uint32_t end) {
  base::SourceSet sources;
  const base::SourceId id = sources.add("a.prisma", std::move(text));
  base::Diagnostics diagnostics;
  diagnostics.warning(base::code::schema_invalid, "careful", base::Span{id, 0, 1});
  diagnostics.error(base::code::schema_invalid, "wrong", base::Span{id, begin, end});
  return prisma_error_text(diagnostics, sources);
}

TEST(PrismaText, ALineBetweenItsNeighbour) {
  EXPECT_EQ(rendered("model A {\n  x\r\n}\n", 12, 13),
            "error: wrong\n  -->  a.prisma:2\n   | \n 1 | model A {\n 2 |   x\r\n   | \n\n"
            "Validation Error Count: 1");
}
TEST(PrismaText, TheFirstLineHasNoneBefore) {
  EXPECT_EQ(rendered("model\n", 0, 5),
            "error: wrong\n  -->  a.prisma:1\n   | \n   | \n 1 | model\n   | \n\nValidation Error Count: 1");
}
TEST(PrismaText, ASpanOverSeveralLines) {
  EXPECT_EQ(rendered("a\nb\nc\nd\n", 2, 6),
            "error: wrong\n  -->  a.prisma:2\n   | \n 1 | a\n 2 | b\n 3 | c\n 4 | d\n   | \n\n"
            "Validation Error Count: 1");
}
TEST(PrismaText, AnEmptySpanIsPointedAt) {
  EXPECT_EQ(rendered("", 0, 0),
            "error: wrong\n  -->  a.prisma:1\n   | \n   | \n 1 | \n   | ^ Unexpected token.\n   | \n\n"
            "Validation Error Count: 1");
  EXPECT_EQ(rendered("ab\ncd", 5, 99),
            "error: wrong\n  -->  a.prisma:2\n   | \n 1 | ab\n 2 | cd\n   |   ^ Unexpected token.\n   | \n\n"
            "Validation Error Count: 1");
}
TEST(PrismaText, Warnings) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  EXPECT_EQ(prisma_warning_text(diagnostics, sources), "");
  diagnostics.warning(base::code::schema_invalid, "careful", base::Span{sources.add("a", "x"), 0, 1});
  EXPECT_EQ(prisma_warning_text(diagnostics, sources),
            "warning: careful\n  -->  a:1\n   | \n   | \n 1 | x\n   | \n");
}

}  // namespace
}  // namespace tenon::psl
