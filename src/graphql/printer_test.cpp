#include "graphql/printer.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "graphql/parser.h"
#include "tests/support/golden.h"

namespace tenon::graphql {
namespace {

// Prints, and demands that printing what is read back changes nothing.
std::string printed(std::string text) {
  const auto document = parse(std::move(text), {});
  if (!document) return document.error().message;
  std::string once = print(*document);
  const auto again = parse(once, {});
  EXPECT_TRUE(again) << again.error().message << "\n" << once;
  if (again) EXPECT_EQ(print(*again), once);
  return once;
}

// tests/golden/graphql/print/x.graphql is printed as x.printed.graphql.
TEST(Print, Golden) {
  const auto files = test::cases("tests/golden/graphql/print", ".graphql");
  ASSERT_FALSE(files.empty());
  for (const auto& file : files) {
    if (file.stem().extension() == ".printed") continue;
    auto expected = file;
    test::expect_golden(expected.replace_extension(".printed.graphql"),
                        printed(test::read_file(test::source_dir() / file)) + "\n");
  }
}

TEST(Print, UsesTheShortFormOfQueries) {
  EXPECT_EQ(printed("query { a }"), "{\n  a\n}");
  EXPECT_EQ(printed("query @d { a }"), "query @d {\n  a\n}");
  EXPECT_EQ(printed("query ($v: Int) { a }"), "query ($v: Int) {\n  a\n}");
  EXPECT_EQ(printed("mutation { a }"), "mutation {\n  a\n}");
  EXPECT_EQ(printed("\"d\" query { a }"), "\"\"\"d\"\"\"\nquery {\n  a\n}");
}

// The line counts without its indentation, and in UTF-16 code units.
TEST(Print, WrapsLongArguments) {
  const std::string text(71, 'x');
  EXPECT_EQ(printed("{ b { f(a: \"" + text + "\") } }"), "{\n  b {\n    f(a: \"" + text + "\")\n  }\n}");
  EXPECT_EQ(printed("{ b { ff(a: \"" + text + "x\", b: 1) } }"),
            "{\n  b {\n    ff(\n      a: \"" + text + "x\"\n      b: 1\n    )\n  }\n}");
  const std::string smile = "\U0001F600";
  std::string smiles;
  for (int i = 0; i < 35; ++i) smiles += smile;
  EXPECT_EQ(printed("{ f(a: \"" + smiles + "xx\") }"), "{\n  f(a: \"" + smiles + "xx\")\n}");
  EXPECT_EQ(printed("{ f(a: \"" + smiles + smile + "x\") }"),
            "{\n  f(\n    a: \"" + smiles + smile + "x\"\n  )\n}");
}

TEST(Print, MovesBlockStringsToTheirIndentation) {
  EXPECT_EQ(printed("{ a(b: \"\"\"\n x\n   y\n\"\"\") }"), "{\n  a(b: \"\"\"\n  x\n    y\n  \"\"\")\n}");
  EXPECT_EQ(printed("{ a(b: \"\"\"x\"\"\", c: \"x\") }"), "{\n  a(b: \"\"\"x\"\"\", c: \"x\")\n}");
  EXPECT_EQ(printed(R"({ a(b: """x\"""y""") })"), "{\n  a(b: \"\"\"x\\\"\"\"y\"\"\")\n}");
}

TEST(Print, KeepsValuesThatBlockStringsCannotHold) {
  EXPECT_EQ(printed(R"("\u0007" type A)"), "\"\\u0007\"\ntype A");
  EXPECT_EQ(printed(R"(" a\n b" type A)"), "\" a\\n b\"\ntype A");
}

}  // namespace
}  // namespace tenon::graphql
