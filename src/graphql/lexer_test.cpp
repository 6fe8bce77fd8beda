#include "graphql/lexer.h"

#include <gtest/gtest.h>

namespace tenon::graphql {
namespace {

Token only_token(std::string_view text) { return Lexer(text).next(); }

std::string lexical_failure(std::string_view text) {
  Lexer lexer(text);
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (token.kind == TokenKind::failed) {
      return std::to_string(lexer.failure().offset) + ": " + lexer.failure().message;
    }
  }
  return "";
}

std::string value_of(std::string_view text) { return string_value(only_token(text)); }

TEST(Lexer, SkipsWhatIsIgnored) {
  const Token token = only_token("\xEF\xBB\xBF ,\t# comment \xC3\xA9\r\n\r,name,");
  EXPECT_EQ(token.kind, TokenKind::name);
  EXPECT_EQ(token.text, "name");
  EXPECT_EQ(token.offset, 22U);
}

TEST(Lexer, StaysAtTheEnd) {
  Lexer lexer("a");
  lexer.next();
  EXPECT_EQ(lexer.next().kind, TokenKind::end);
  EXPECT_EQ(lexer.next().kind, TokenKind::end);
}

TEST(Lexer, ReadsNumbers) {
  for (const char* text : {"0", "-0", "7", "-120"}) EXPECT_EQ(only_token(text).kind, TokenKind::int_) << text;
  for (const char* text : {"0.5", "-1.50", "1e9", "1E-9", "0.1e+3"}) {
    EXPECT_EQ(only_token(text).kind, TokenKind::float_) << text;
    EXPECT_EQ(only_token(text).text, text);
  }
}

TEST(Lexer, RefusesNumbersOfOtherShapes) {
  EXPECT_EQ(lexical_failure("01"), "1: Invalid number, unexpected digit after 0: \"1\".");
  EXPECT_EQ(lexical_failure("1."), "2: Invalid number, expected digit but got: <EOF>.");
  EXPECT_EQ(lexical_failure("1.2.3"), "3: Invalid number, expected digit but got: \".\".");
  EXPECT_EQ(lexical_failure("12px"), "2: Invalid number, expected digit but got: \"p\".");
  EXPECT_EQ(lexical_failure("-"), "1: Invalid number, expected digit but got: <EOF>.");
  EXPECT_EQ(lexical_failure("1e\""), "2: Invalid number, expected digit but got: '\"'.");
}

TEST(Lexer, ResolvesEscapes) {
  EXPECT_EQ(value_of(R"("tab\tquote\" slash\/")"), "tab\tquote\" slash/");
  EXPECT_EQ(value_of(R"("\u00e9 \u{E9} \u{1F600}")"), "\xC3\xA9 \xC3\xA9 \xF0\x9F\x98\x80");
  EXPECT_EQ(value_of(R"("\ud83d\uDE00")"), "\xF0\x9F\x98\x80");
}

TEST(Lexer, RefusesSurrogatesThatAreNoPair) {
  EXPECT_EQ(lexical_failure(R"("\uD83D")"), R"(1: Invalid Unicode escape sequence: "\uD83D".)");
  EXPECT_EQ(lexical_failure(R"("\uDE00\uD83D")"), R"(1: Invalid Unicode escape sequence: "\uDE00".)");
  EXPECT_EQ(lexical_failure(R"("\uD83D\u0041")"), R"(1: Invalid Unicode escape sequence: "\uD83D".)");
  EXPECT_EQ(lexical_failure(R"("\u{D800}")"), R"(1: Invalid Unicode escape sequence: "\u{D800}".)");
  EXPECT_EQ(lexical_failure(R"("\u{110000}")"), R"(1: Invalid Unicode escape sequence: "\u{110000}".)");
  EXPECT_EQ(lexical_failure(R"("\u{}")"), R"(1: Invalid Unicode escape sequence: "\u{}".)");
}

TEST(Lexer, RefusesBrokenStrings) {
  EXPECT_EQ(lexical_failure("\"open"), "5: Unterminated string.");
  EXPECT_EQ(lexical_failure("\"line\nbreak\""), "5: Unterminated string.");
  EXPECT_EQ(lexical_failure("\"\\x\""), R"(1: Invalid character escape sequence: "\x".)");
  EXPECT_EQ(lexical_failure("\"\\"), R"(1: Invalid character escape sequence: "\".)");
  EXPECT_EQ(lexical_failure("\"\"\"open\"\""), "9: Unterminated string.");
}

TEST(Lexer, RemovesIndentationFromBlockStrings) {
  EXPECT_EQ(value_of("\"\"\"\n    Hello,\r\n      World!\n\n    Yours\r  \"\"\""),
            "Hello,\n  World!\n\nYours");
  EXPECT_EQ(value_of("\"\"\"  first\n   second\"\"\""), "  first\nsecond");
  EXPECT_EQ(value_of("\"\"\"quotes \\\"\"\" inside\"\"\""), "quotes \"\"\" inside");
  EXPECT_EQ(value_of("\"\"\"  \n \t\"\"\""), "");
  EXPECT_EQ(value_of("\"\"\"no \\n escapes\"\"\""), "no \\n escapes");
}

TEST(Lexer, NamesWhatItDoesNotKnow) {
  EXPECT_EQ(lexical_failure("'a'"),
            "0: Unexpected single quote character ('), did you mean to use a double quote (\")?");
  EXPECT_EQ(lexical_failure("a ?"), "2: Unexpected character: \"?\".");
  EXPECT_EQ(lexical_failure("\x01"), "0: Unexpected character: U+0001.");
  EXPECT_EQ(lexical_failure("\xE2\x82\xAC"), "0: Unexpected character: U+20AC.");
  EXPECT_EQ(lexical_failure(".."), "0: Unexpected character: \".\".");
}

}  // namespace
}  // namespace tenon::graphql
