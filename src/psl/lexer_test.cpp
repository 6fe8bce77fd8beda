#include "psl/lexer.h"

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

TEST(Strings, DecodeJsonEscapes) {
  EXPECT_EQ(decode_string(R"("a\"\\\/\n\t\r\b\f")"), "a\"\\/\n\t\r\b\f");
  EXPECT_EQ(decode_string(R"("é€\ud83d\ude00")"), "é€😀");
  std::uint32_t bad = 0;
  EXPECT_EQ(decode_string(R"("C:\x")", &bad), R"(C:\x)");
  EXPECT_EQ(bad, 3U);
  EXPECT_EQ(decode_string(R"("\ud83dx")", &bad), R"(\ud83dx)");
  EXPECT_EQ(bad, 1U);
}

TEST(Strings, EncodeAndDecodeAreInverse) {
  for (const std::string& text :
       {std::string("a \"b\" \\ \n\r\t"), std::string("\x01\x1f"), std::string("é😀")})
    EXPECT_EQ(decode_string(encode_string(text)), text);
}

}  // namespace
}  // namespace tenon::psl
