#include "graphql/checker.h"

#include <sstream>

#include <gtest/gtest.h>

namespace tenon::graphql {
namespace {

std::string answers(const std::string& lines) {
  std::istringstream in(lines);
  std::ostringstream out;
  run_checker(in, out);
  return out.str();
}

TEST(Checker, Parses) {
  EXPECT_EQ(answers(R"({"id":"1","op":"parse","source":"{ a }"})"), "{\"id\":\"1\",\"ok\":true}\n");
  EXPECT_EQ(answers(R"({"id":"2","op":"parse","source":"type A { b: Int }"})"),
            "{\"id\":\"2\",\"ok\":true}\n");
  EXPECT_EQ(answers(R"({"id":3,"op":"parse","source":"{ a"})"),
            R"({"id":3,"ok":false,"message":"Syntax Error: Expected Name, found <EOF>.",)"
            R"("locations":[{"line":1,"column":4}]})"
            "\n");
}

TEST(Checker, Validates) {
  EXPECT_EQ(answers(R"({"id":"1","op":"validate","schema":"type Query { a: Int }","query":"{ a }"})"),
            "{\"id\":\"1\",\"errors\":[]}\n");
  EXPECT_EQ(answers(R"({"id":"2","op":"validate","schema":"type Query { a: Int }","query":"{ xyz }"})"),
            R"({"id":"2","errors":[{"message":"Cannot query field \"xyz\" on type \"Query\".",)"
            R"("locations":[{"line":1,"column":3}]}]})"
            "\n");
  EXPECT_EQ(answers(R"({"id":"3","op":"validate","schema":"type Query { a: Int }","query":"{"})"),
            R"({"id":"3","errors":[{"message":"Syntax Error: Expected Name, found <EOF>.",)"
            R"("locations":[{"line":1,"column":2}]}]})"
            "\n");
}

// A schema that the rules on schemas refuse is taken, one that cannot be linked is not.
TEST(Checker, TakesSchemasAsTheyAre) {
  EXPECT_EQ(answers(R"({"id":"1","op":"validate","schema":"input I { i: I! } type Query { a(i: I): Int }",)"
                    R"("query":"{ a }"})"),
            "{\"id\":\"1\",\"errors\":[]}\n");
  const std::string refused =
      answers(R"({"id":"2","op":"validate","schema":"type Query { a: Nothing }","query":"{ a }"})");
  EXPECT_NE(refused.find("Nothing"), std::string::npos) << refused;
}

TEST(Checker, ForgetsOldSchemasOnly) {
  std::string lines;
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 200; ++i)
      lines += R"({"id":1,"op":"validate","schema":"type Query { a)" + std::to_string(i) +
               R"(: Int }","query":"{ a)" + std::to_string(i) + " }\"}\n";
  std::string expected;
  for (int i = 0; i < 400; ++i) expected += "{\"id\":1,\"errors\":[]}\n";
  EXPECT_EQ(answers(lines), expected);
}

TEST(Checker, AnswersLinesThatAreNoRequest) {
  const std::string unknown =
      R"({"id":null,"error":"A request has \"op\": \"parse\" with \"source\", or \"validate\" with \"schema\" and \"query\"."})"
      "\n";
  EXPECT_EQ(answers("{\"id\":"),
            "{\"id\":null,\"error\":\"The line is not valid JSON: it ends too early.\"}\n");
  for (const char* line : {"[]", "7", "{}", R"({"op":"parse"})", R"({"op":"parse","source":1})",
                           R"({"op":"validate","schema":"type Query { a: Int }"})"})
    EXPECT_EQ(answers(line), unknown) << line;
  EXPECT_EQ(answers("\n{}\n"),
            "{\"id\":null,\"error\":\"The line is not valid JSON: it ends too early.\"}\n" + unknown);
}

}  // namespace
}  // namespace tenon::graphql
