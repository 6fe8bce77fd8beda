#include "psl/check/literal_text.h"

#include <gtest/gtest.h>

namespace tenon::psl {
namespace {

std::string said(const std::optional<std::string>& problem) { return problem.value_or("good"); }

TEST(LiteralText, Json) {
  for (const std::string_view good :
       {"null", " true\n", "-0", "12.5e+3", "\"a\\u00e9\\n\"", "[]", "{}", "[1, [2], {\"a\": {}}]"})
    EXPECT_EQ(said(json_problem(good)), "good") << good;
  const std::pair<std::string_view, std::string_view> bad[] = {
      {"", "EOF while parsing a value at line 1 column 0"},
      {"nul", "EOF while parsing a value at line 1 column 3"},
      {"nope", "expected ident at line 1 column 2"},
      {"{\n  a: 1}", "key must be a string at line 2 column 3"},
      {"[1 2]", "expected `,` or `]` at line 1 column 4"},
      {"{\"a\": 1 \"b\"}", "expected `,` or `}` at line 1 column 9"},
      {"[1,]", "trailing comma at line 1 column 4"},
      {"{\"a\" 1}", "expected `:` at line 1 column 6"},
      {"01", "invalid number at line 1 column 2"},
      {"1.", "EOF while parsing a value at line 1 column 2"},
      {"-x", "invalid number at line 1 column 2"},
      {"\"a", "EOF while parsing a string at line 1 column 2"},
      {"\"\\q\"", "invalid escape at line 1 column 3"},
      {"\"\\uzzzz\"", "invalid escape at line 1 column 7"},
      {"\"\t\"", "control character (\\u0000-\\u001F) found while parsing a string at line 1 column 2"},
      {"1 2", "trailing characters at line 1 column 3"},
      {"'a'", "expected value at line 1 column 1"},
      {"[", "EOF while parsing a list at line 1 column 1"},
      {"{\"a\": 1", "EOF while parsing an object at line 1 column 7"},
  };
  for (const auto& [text, message] : bad) EXPECT_EQ(said(json_problem(text)), message) << text;
  EXPECT_EQ(said(json_problem(std::string(100'000, '['))), "recursion limit exceeded at line 1 column 128");
}

TEST(LiteralText, DateTime) {
  for (const std::string_view good : {"2024-02-29T23:59:60Z", "2024-02-29t00:00:00.123456789123z",
                                      "2024-12-31 10:00:00+01:30", "0001-01-01T00:00:00-23:59"})
    EXPECT_EQ(said(rfc3339_problem(good)), "good") << good;
  const std::pair<std::string_view, std::string_view> bad[] = {
      {"", "premature end of input"},
      {"24", "premature end of input"},
      {"2024-1-01T00:00:00Z", "input contains invalid characters"},
      {"2024-13-01T00:00:00Z", "input is out of range"},
      {"2023-02-29T00:00:00Z", "input is out of range"},
      {"2024-01-01T24:00:00Z", "input is out of range"},
      {"2024-01-01T00:00:00", "premature end of input"},
      {"2024-01-01T00:00:00.Z", "input contains invalid characters"},
      {"2024-01-01T00:00:00+1:00", "input contains invalid characters"},
      {"2024-01-01T00:00:00+24:00", "input is out of range"},
      {"2024-01-01T00:00:00ZZ", "trailing input"},
  };
  for (const auto& [text, message] : bad) EXPECT_EQ(said(rfc3339_problem(text)), message) << text;
}

TEST(LiteralText, Numbers) {
  EXPECT_EQ(said(integer_problem("-9223372036854775808")), "good");
  EXPECT_EQ(said(integer_problem("9223372036854775808")), "number too large to fit in target type");
  EXPECT_EQ(said(integer_problem("-9223372036854775809")), "number too small to fit in target type");
  EXPECT_EQ(said(integer_problem("1.0")), "invalid digit found in string");
  for (const std::string_view good : {"1", "-1.5", "+0.1e-3", ".5", "5."})
    EXPECT_EQ(said(decimal_problem(good)), "good") << good;
  EXPECT_EQ(said(decimal_problem("")), "Failed to parse empty string");
  for (const std::string_view bad : {"a", "1.2.3", "-", ".", "1e", "1 "})
    EXPECT_EQ(said(decimal_problem(bad)), "invalid digit found in string") << bad;
}

}  // namespace
}  // namespace tenon::psl
