#include "psl/parser.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/limits.h"

namespace tenon::psl {
namespace {

struct Parsed {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  Tree tree;

  explicit Parsed(std::string text) {
    const base::SourceId id = sources.add("schema.prisma", std::move(text));
    tree = parse(sources, id, diagnostics);
  }
  std::vector<std::string> messages() const {
    std::vector<std::string> found;
    for (const base::Diagnostic& diagnostic : diagnostics.all()) found.push_back(diagnostic.message);
    return found;
  }
};

// Nothing is read of it, so that no message and no answer of an editor holds bytes that are no text.
TEST(Parser, RefusesWhatIsNoText) {
  const Parsed parsed("// \xC3\xA4\nmodel A\xFF {\n  b \xC3\n}\n");
  ASSERT_EQ(parsed.diagnostics.all().size(), 1U);
  EXPECT_EQ(parsed.messages()[0], "The file is not UTF-8 text: no character begins with the byte 0xff here.");
  EXPECT_EQ(parsed.diagnostics.all()[0].span, (base::Span{parsed.tree.source, 13, 14}));
  EXPECT_TRUE(parsed.tree.blocks.empty());
}

TEST(Parser, ReadsFieldsAttributesAndArguments) {
  const Parsed parsed(
      "model User {\n  id Int @id\n  name String? @db.VarChar(20) @default(\"x\")\n  r "
      "Unsupported(\"point\")[]\n\n"
      "  @@index([name(sort: Desc), id], map: \"i\")\n}\n");
  EXPECT_TRUE(parsed.diagnostics.empty()) << base::render(parsed.diagnostics, parsed.sources, {});
  ASSERT_EQ(parsed.tree.blocks.size(), 1U);
  const Block& block = parsed.tree.blocks[0];
  ASSERT_EQ(block.fields.size(), 3U);
  EXPECT_EQ(block.fields[1].type.arity, Arity::optional);
  EXPECT_EQ(block.fields[1].attributes[0].name.text, "db.VarChar");
  EXPECT_EQ(block.fields[1].attributes[1].arguments[0].value->text, "x");
  EXPECT_TRUE(block.fields[2].type.is_unsupported);
  EXPECT_EQ(block.fields[2].type.unsupported, "point");
  EXPECT_EQ(block.fields[2].type.arity, Arity::list);
  const Attribute& index = block.attributes.at(0);
  const Expression& list = *index.arguments[0].value;
  EXPECT_EQ(list.items[0].kind, Expression::Kind::function);
  EXPECT_EQ(list.items[0].arguments[0].name->text, "sort");
  EXPECT_EQ(parsed.sources.text(index.span), "@@index([name(sort: Desc), id], map: \"i\")");
}

TEST(Parser, SpansAreThoseOfMessages) {
  const Parsed parsed("model A {\n  id Int @id  @db.Oid // key\n  @@map(\"a\") // b\n}\n");
  const Block& block = parsed.tree.blocks.at(0);
  const Field& field = block.fields.at(0);
  EXPECT_EQ(parsed.sources.text(field.span), "id Int @id  @db.Oid");
  EXPECT_EQ(parsed.sources.text(field.line_span), "id Int @id  @db.Oid // key\n");
  EXPECT_EQ(parsed.sources.text(field.attributes[0].span), "@id  ");
  EXPECT_EQ(parsed.sources.text(field.attributes[1].span), "@db.Oid ");
  EXPECT_EQ(parsed.sources.text(block.attributes[0].span), "@@map(\"a\") // b");
}

TEST(Parser, KeepsEveryLineOfABlock) {
  const Parsed parsed("model A {\n  // c\n\n  id Int @id\n  what is * this\n  @@ignore\n}\n");
  std::vector<LineKind> kinds;
  for (const Line& line : parsed.tree.blocks.at(0).lines) kinds.push_back(line.kind);
  EXPECT_EQ(kinds, (std::vector{LineKind::comment, LineKind::blank, LineKind::field, LineKind::invalid,
                                LineKind::attribute}));
}

TEST(Parser, JoinsDocumentation) {
  const Parsed parsed(
      "/// lost\n\n/// one\n// not this\n/// two\nmodel A {\n  /// above\n  id Int @id /// behind\n  b "
      "Int\n}\n");
  const Block& block = parsed.tree.blocks.at(0);
  EXPECT_EQ(block.documentation, "one\ntwo");
  EXPECT_EQ(block.fields[0].documentation, "above\nbehind");
  EXPECT_EQ(block.fields[1].documentation, "");
}

TEST(Parser, GoesOnAfterABrokenLine) {
  const Parsed parsed(
      "nonsense\nmodel A {\n  id Int @id\n  x (\n  y Int\n}\nenum E {\n  A\n  = 1\n}\ndatasource db {\n  "
      "x\n}\n");
  EXPECT_EQ(
      parsed.messages(),
      (std::vector<std::string>{
          "Error validating: This line is invalid. It does not start with any known Prisma schema keyword.",
          "Error validating: This line is not a valid field or attribute definition.",
          "Error validating: This line is not an enum value definition.",
          "Error validating: This line is not a valid definition within a datasource."}));
  ASSERT_EQ(parsed.tree.blocks.size(), 3U);
  EXPECT_EQ(parsed.tree.blocks[0].fields.size(), 2U);
}

TEST(Parser, RefusesOldSpellings) {
  EXPECT_EQ(
      Parsed("model A {\n  a: Int\n  b Int!\n  c [Int]\n  d Int[]?\n  e\n}\n").messages(),
      (std::vector<std::string>{
          "Field declarations don't require a `:`.",
          "Fields are required by default, `!` is no longer required.",
          "To specify a list, please use `Type[]` instead of `[Type]`.",
          "Optional lists are not supported. Use either `Type[]` or `Type?`.",
          "Error validating model \"A\": This field declaration is invalid. It is either missing a name or a "
          "type."}));
}

TEST(Parser, RemembersATrailingComma) {
  const Parsed parsed("model A {\n  id Int @id(map: \"x\",)\n}\n");
  EXPECT_TRUE(parsed.diagnostics.empty());
  EXPECT_EQ(
      parsed.sources.text(parsed.tree.blocks.at(0).fields.at(0).attributes.at(0).trailing_comma.value()),
      ",");
}

TEST(Parser, AnUnclosedBlockIsLines) {
  const Parsed parsed("model A {\n  id Int @id\n");
  EXPECT_TRUE(parsed.tree.blocks.empty());
  EXPECT_EQ(parsed.diagnostics.error_count(), 2U);
}

TEST(Parser, BoundsNesting) {
  const std::string deep(1'000'000, '[');
  const Parsed parsed("model A {\n  id Int @default(" + deep + "\n}\n");
  ASSERT_EQ(parsed.diagnostics.error_count(), 1U);
  EXPECT_NE(parsed.messages()[0].find("nested"), std::string::npos);
}

TEST(Parser, StaysLinearOverUnclosedBlocks) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "model A {\n";
  const Parsed parsed(text);
  EXPECT_EQ(parsed.diagnostics.error_count(), base::SchemaLimits().errors_reported_max);
}

}  // namespace
}  // namespace tenon::psl
