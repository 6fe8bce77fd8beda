#include "psl/documentation.h"

#include <gtest/gtest.h>

#include "psl/parser.h"

namespace tenon::psl {
namespace {

TEST(Documentation, LinesAreJoined) {
  std::string text;
  append_documentation(text, TokenKind::doc_comment, "///  one");
  append_documentation(text, TokenKind::comment, "// not this");
  append_documentation(text, TokenKind::block_comment, "/*\n * two\n   three */");
  append_documentation(text, TokenKind::doc_comment, "///four");
  EXPECT_EQ(text, " one\n* two\n   three\nfour");
}

TEST(Documentation, EmptyBlockComments) {
  std::string text = "a";
  append_documentation(text, TokenKind::block_comment, "/* */");
  append_documentation(text, TokenKind::block_comment, "/*");
  EXPECT_EQ(text, "a\n\n");
}

Tree parse_text(base::SourceSet& sources, const std::string& text) {
  base::Diagnostics ignored;
  return parse(sources, sources.add("schema.prisma", text), ignored);
}

TEST(Documentation, ABlankLinePartsItFromABlockButNotFromAField) {
  base::SourceSet sources;
  const Tree tree =
      parse_text(sources, "/// free\n\nmodel A {\n  /// old\n\n  /// new\n\n  id Int @id /// behind\n}\n");
  EXPECT_EQ(tree.blocks[0].documentation, "");
  EXPECT_EQ(tree.blocks[0].fields[0].documentation, "new\nbehind");
}

TEST(Tree, KeepsAFieldWithoutAType) {
  base::SourceSet sources;
  const Tree tree = parse_text(sources, "model A {\n  id Int @id\n  half @unique\n}\n");
  ASSERT_EQ(tree.blocks[0].fields.size(), 2U);
  EXPECT_EQ(tree.blocks[0].fields[1].name.text, "half");
  EXPECT_EQ(tree.blocks[0].fields[1].type.name.text, "");
  EXPECT_EQ(tree.blocks[0].fields[1].attributes.size(), 1U);
}

}  // namespace
}  // namespace tenon::psl
