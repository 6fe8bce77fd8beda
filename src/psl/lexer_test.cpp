#include "psl/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tenon::psl {
namespace {

std::string joined(std::string_view text) {
  std::string out;
  for (const Token& token : tokenize(text)) out += text.substr(token.begin, token.end - token.begin);
  return out;
}

std::vector<TokenKind> kinds(std::string_view text) {
  std::vector<TokenKind> found;
  for (const Token& token : tokenize(text))
    if (token.kind != TokenKind::whitespace) found.push_back(token.kind);
  found.pop_back();
  return found;
}

TEST(Lexer, LosesNothing) {
  for (const std::string_view text :
       {"", "model A {\r\n  id Int @id // x\r}\n", "\"open\nb", "/* open", "a\xC2\xA0 b \xE3\x80\x80",
        "1a 1.5 -3 - @ @@@", "\xFF\x00\\\"", "@db.VarChar(10)?[]!:={}"})
    EXPECT_EQ(joined(text), text);
}

TEST(Lexer, TellsWordsFromNumbers) {
  using enum TokenKind;
  EXPECT_EQ(kinds("1st ok-ish 12 -7 1.5"), (std::vector{identifier, identifier, number, number, number}));
  EXPECT_EQ(kinds("@@id @id"), (std::vector{at_at, identifier, at, identifier}));
  EXPECT_EQ(kinds("// a\n/// b\n/* c\n */"),
            (std::vector{comment, newline, doc_comment, newline, block_comment}));
}

TEST(Lexer, EndsAStringAtTheEndOfItsLine) {
  EXPECT_EQ(kinds("\"a\n\"b\""),
            (std::vector{TokenKind::broken_string, TokenKind::newline, TokenKind::string}));
  EXPECT_EQ(kinds(R"("a\"b")"), (std::vector{TokenKind::string}));
}

TEST(Lexer, EndsAStringAtAControlCharacter) {
  EXPECT_EQ(kinds("\"a\tb\""),
            (std::vector{TokenKind::broken_string, TokenKind::identifier, TokenKind::broken_string}));
}

TEST(Lexer, ACommentThatIsNotClosedIsNone) {
  using enum TokenKind;
  EXPECT_EQ(kinds("/* a"), (std::vector{unknown, unknown, identifier}));
  EXPECT_EQ(kinds("/* a */ /* b"), (std::vector{block_comment, unknown, unknown, identifier}));
}

TEST(Strings, DecodeJsonEscapes) {
  EXPECT_EQ(decode_string(R"("a\"\\\/\n\t\r\b\f")"), "a\"\\/\n\t\r\b\f");
  EXPECT_EQ(decode_string(R"("é€\ud83d\ude00")"), "é€😀");
}

TEST(Strings, ListEscapesThatMeanNothing) {
  const auto bad = [](std::string_view literal) {
    std::vector<BadEscape> escapes;
    EXPECT_EQ(decode_string(literal, &escapes), literal.substr(1, literal.size() - 2)) << "kept as written";
    std::vector<std::string> found;
    for (const BadEscape& escape : escapes) found.emplace_back(literal.substr(escape.begin, escape.length));
    return found;
  };
  using testing::ElementsAre;
  EXPECT_THAT(bad(R"("C:\x")"), ElementsAre(R"(\x)"));
  EXPECT_THAT(bad(R"("\uD802 \ut \u12")"), ElementsAre(R"(\uD802)", R"(\u)", R"(\u12)"));
  EXPECT_THAT(bad(R"("\uD802\u0041")"), ElementsAre(R"(\uD802\u0041)"));
}

TEST(Strings, EncodeAndDecodeAreInverse) {
  for (const std::string& text :
       {std::string("a \"b\" \\ \n\r\t"), std::string("\x01\x1f"), std::string("é😀")})
    EXPECT_EQ(decode_string(encode_string(text)), text);
}

}  // namespace
}  // namespace tenon::psl
