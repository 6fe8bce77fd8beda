#include "psl/format/format.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "psl/format/missing_relations.h"
#include "tests/support/golden.h"

namespace tenon::psl {
namespace {

std::string format_one(std::string text, const FormatOptions& options = {}) {
  base::SourceSet sources;
  const std::vector<base::SourceId> files{sources.add("schema.prisma", std::move(text))};
  return format_schema(sources, files, options).front();
}

// The input and below it what becomes of it, each case formatted again to show that nothing changes then.
TEST(Format, Golden) {
  for (const std::filesystem::path& file : test::cases("tests/golden/psl/format", ".prisma")) {
    const std::string formatted = format_one(test::read_file(test::source_dir() / file));
    std::filesystem::path expected = file;
    expected.replace_extension(".formatted");
    test::expect_golden(expected, formatted);
    EXPECT_EQ(format_one(formatted), formatted) << file;
  }
}

TEST(Format, KeepsWhatPrismaDrops) {
  const std::string text = "model A { // why\n  id Int @id\n}\n\ngenerator g {\n  empty =\n}\n";
  EXPECT_EQ(format_text(text), text);
  EXPECT_EQ(format_text(text, {.prisma_compat = true}),
            "model A {\n  id Int @id\n}\n\ngenerator g {\n  empty\n}\n");
}

TEST(Format, KeepsLinesThatDoNotParse) {
  EXPECT_EQ(format_text("$ what\nmodel A {\n   id Int @id\n  a b c d   \n long_name Int\n}"),
            "$ what\nmodel A {\n  id        Int @id\n  a b c d   \n  long_name Int\n}\n");
}

TEST(Format, CarriageReturnsGo) {
  EXPECT_EQ(format_text("model A {\r\n id Int @id\r\n\r\n\r\n // x\r\n}\r\n\r\n"),
            "model A {\n  id Int @id\n\n  // x\n}\n");
}

TEST(Format, ABlankLineStaysBetweenDocumentationAndWhatFollowsAnAttribute) {
  const std::string text = "model A {\n  /// one\n\n  @@map(\"a\")\n  /// two\n  id Int @id\n}\n";
  const std::string formatted = "model A {\n  /// one\n\n  /// two\n  id Int @id\n\n  @@map(\"a\")\n}\n";
  EXPECT_EQ(format_text(text), formatted);
  EXPECT_EQ(format_text(formatted), formatted);
}

TEST(Format, TooLargeTextStaysAsItIs) {
  const std::string text(base::SchemaLimits{}.bytes_max + 1, ' ');
  EXPECT_EQ(format_text(text), text);
}

TEST(Format, FilesOfOneSchemaCompleteEachOther) {
  base::SourceSet sources;
  const std::vector<base::SourceId> files{
      sources.add("a.prisma", "model Author {\n  id Int @id\n}\n"),
      sources.add("b.prisma", "model Book {\n  id Int @id\n  author Author\n}\n"),
      sources.add("c.prisma", "model Note {\n id Int @id\n}\n")};
  EXPECT_EQ(format_schema(sources, files),
            (std::vector<std::string>{
                "model Author {\n  id    Int    @id\n  books Book[]\n}\n",
                "model Book {\n  id       Int    @id\n  author   Author @relation(fields: [authorId], "
                "references: [id])\n  authorId Int\n}\n",
                "model Note {\n  id Int @id\n}\n"}));
}

TEST(Format, NothingIsAddedToASchemaWithErrors) {
  const std::string text =
      "model Author {\n  id Int @id\n}\n\nmodel Book {\n  id     Int     @id\n  author Author\n"
      "  other  Missing\n}\n";
  EXPECT_EQ(format_one(text), text);
}

TEST(CamelCase, FollowsPrisma) {
  EXPECT_EQ(camel_case("OhWhatAUser"), "ohWhatAUser");
  EXPECT_EQ(camel_case("post_item"), "postItem");
  EXPECT_EQ(camel_case("user_Status"), "userStatus");
  EXPECT_EQ(camel_case("HTTPServer"), "httpserver");
  EXPECT_EQ(camel_case("User2FA"), "user2FA");
  EXPECT_EQ(camel_case("A1B2"), "a1B2");
  EXPECT_EQ(camel_case("X__Y"), "xY");
  EXPECT_EQ(camel_case("Foo_"), "foo");
  EXPECT_EQ(camel_case("Übung"), "Übung");
}

}  // namespace
}  // namespace tenon::psl
