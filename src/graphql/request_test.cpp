#include "graphql/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tenon::graphql {
namespace {

std::string round_trip(std::string_view text) {
  const auto json = parse_json(text);
  if (!json) return "error: " + json.error();
  std::string out;
  append_json(out, JsonValue(*json));
  return out;
}

TEST(Json, KeepsNumbersAsTheyWereWritten) {
  const std::string text =
      R"([0,-0,1.0,1.10,9223372036854775808,123456789012345678901234567890.123456789,1E5,1e-400,1e400])";
  EXPECT_EQ(round_trip(text), text);
}

TEST(Json, ReadsEveryKind) {
  EXPECT_EQ(
      round_trip(
          " { \"a\" : [ true , false , null , { } , [ ] ] , \"b\\n\" : \"x\\u00e9\\ud83d\\ude00\\\"\" } "),
      "{\"a\":[true,false,null,{},[]],\"b\\n\":\"x\u00e9\U0001F600\\\"\"}");
  EXPECT_EQ(round_trip("\"alone\""), "\"alone\"");
}

TEST(Json, LeadsFromValueToValue) {
  const auto json = parse_json(R"({"a": [1, {"x": [2, 3]}, 4], "b": {"c": 5}, "a2": 6})").value();
  const JsonValue root(json);
  EXPECT_EQ(root->size, 3U);
  std::vector<std::string> keys;
  for (const JsonValue member : root) keys.emplace_back(member->key);
  EXPECT_THAT(keys, testing::ElementsAre("a", "b", "a2"));
  EXPECT_EQ(root.member("a")->size, 3U);
  EXPECT_EQ(root.member("b").member("c")->text, "5");
  EXPECT_EQ(root.member("a2")->text, "6");
  EXPECT_FALSE(root.member("c"));
  EXPECT_FALSE(root.member("a").member("x"));
}

TEST(Json, StaysValidWhenMoved) {
  auto json = parse_json(R"({"a": "b"})").value();
  const Json moved = std::move(json);
  EXPECT_EQ(JsonValue(moved).member("a")->text, "b");
}

TEST(Json, RefusesWhatIsNoJson) {
  for (const char* text : {"",         " ",     "{",       "[1,]", "{\"a\":1,}", "{'a':1}", "01",
                           "1.",       ".5",    "+1",      "nul",  "\"\n\"",     "\"\\x\"", "\"\\ud800\"",
                           "\"\xff\"", "[1] 2", "// c\n1", "NaN",  "{\"a\"}",    "\"open"})
    EXPECT_FALSE(parse_json(text)) << text;
}

TEST(Json, BoundsNesting) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_json(nested(64)));
  EXPECT_EQ(parse_json(nested(65)).error(), "it is nested deeper than 64 levels");
  EXPECT_FALSE(parse_json(nested(100'000)));
}

TEST(Json, ShowsValuesShortened) {
  const auto shown = [](std::string_view text) {
    const auto json = parse_json(text).value();
    return show_json(JsonValue(json));
  };
  EXPECT_EQ(shown(R"({"a":1,"b":["x",null,{"c":[]}]})"), R"({ a: 1, b: ["x", null, [Object]] })");
  EXPECT_EQ(shown("[1,2,3,4,5,6,7,8,9,10,11,12]"), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ... 2 more]");
  EXPECT_EQ(shown("\"" + std::string(500, 'x') + "\"").size(), 205U);
}

TEST(Request, ReadsAllMembers) {
  const auto request = parse_request(
      R"({"query":"query Q{\n a }","operationName":"Q","variables":{"n":1},"extensions":{"e":true},"other":[]})");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->query, "query Q{\n a }");
  EXPECT_EQ(request->operation_name, "Q");
  EXPECT_EQ(request->variables().member("n")->text, "1");
  EXPECT_TRUE(request->extensions().member("e"));
}

TEST(Request, TakesNullForAbsent) {
  const auto request =
      parse_request(R"({"query":"{a}","operationName":null,"variables":null,"extensions":null})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->operation_name, std::nullopt);
  EXPECT_FALSE(request->variables());
  EXPECT_FALSE(request->extensions());
  EXPECT_EQ(parse_request(R"({"query":"{a}","operationName":""})")->operation_name, std::nullopt);
}

TEST(Request, StaysValidWhenMoved) {
  auto request = parse_request(R"({"query":"{a}","variables":{"x":"y"}})").value();
  const Request moved = std::move(request);
  EXPECT_EQ(moved.query, "{a}");
  EXPECT_EQ(moved.variables().member("x")->text, "y");
}

TEST(Request, ReadsOneInsideAMessage) {
  auto json =
      parse_json(R"({"id":"1","type":"subscribe","payload":{"query":"{a}","variables":{"x":1}}})").value();
  const JsonId payload = JsonValue(json).member("payload").id();
  const auto request = read_request(std::move(json), payload);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->query, "{a}");
  EXPECT_EQ(request->variables().member("x")->text, "1");
}

struct Refused {
  const char* body;
  const char* message;
};

TEST(Request, RefusesWhatIsNoRequest) {
  constexpr Refused cases[] = {
      {"{", "The request body is not valid JSON: it ends too early."},
      {"[]", "The request must be a JSON object."},
      {"\"{a}\"", "The request must be a JSON object."},
      {"{}", "The request must have a \"query\"."},
      {R"({"query":null})", "\"query\" must be a string."},
      {R"({"query":1})", "\"query\" must be a string."},
      {R"({"query":"{a}","operationName":1})", "\"operationName\" must be a string."},
      {R"({"query":"{a}","variables":[]})", "\"variables\" must be an object."},
      {R"({"query":"{a}","variables":"{}"})", "\"variables\" must be an object."},
      {R"({"query":"{a}","extensions":0})", "\"extensions\" must be an object."},
  };
  for (const Refused& refused : cases) {
    const auto request = parse_request(refused.body);
    ASSERT_FALSE(request) << refused.body;
    EXPECT_EQ(request.error().message, refused.message);
    EXPECT_EQ(request.error().code, code::bad_request);
  }
}

TEST(ErrorResponse, HasNoData) {
  EXPECT_EQ(error_response({{.message = "a \"b\"", .code = code::bad_request}}),
            R"({"errors":[{"message":"a \"b\"","extensions":{"code":"BAD_REQUEST"}}]})");
  EXPECT_EQ(error_response({{.message = "x",
                             .locations = {{1, 2}},
                             .path = {PathSegment("a"), PathSegment(3U)},
                             .code = code::bad_user_input,
                             .extensions = {{"more", "[1]"}}}}),
            R"({"errors":[{"message":"x","locations":[{"line":1,"column":2}],"path":["a",3],)"
            R"("extensions":{"code":"BAD_USER_INPUT","more":[1]}}]})");
}

}  // namespace
}  // namespace tenon::graphql
