#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/operation.h"
#include "graphql/parser.h"
#include "graphql/request.h"
#include "graphql/schema_builder.h"

namespace tenon::graphql {
namespace {

constexpr std::string_view sdl = R"(
  type Query { f(a: In, i: Int, s: String): Float }
  enum Color { RED GREEN }
  scalar Any
  input In { n: Int! s: String = "dflt" list: [Int!] nested: In color: Color any: Any one: One id: ID }
  input One @oneOf { a: Int b: String }
)";

// One operation with variables, kept with all that its values are views into.
class Variables {
 public:
  Variables(const std::string& definitions, std::string_view given) {
    document_.schema = build_schema(sdl).value();
    document_.document = std::make_shared<Document>(parse("query(" + definitions + ") { f }", {}).value());
    json_ = parse_json(given).value();
    result_ = coerce_variables(document_, 0, JsonValue(json_));
  }

  // `name: value` for each variable that has one, or the messages.
  std::string text() const {
    std::string out;
    if (!result_) {
      for (const Error& error : result_.error()) out.append(out.empty() ? "" : "\n").append(error.message);
      return out;
    }
    for (std::size_t i = 0; i < result_->values.size(); ++i) {
      if (!result_->values[i]) continue;
      if (!out.empty()) out += ", ";
      out.append(document_.document->variables[i].name.text).append(": ");
      append_input(out, *document_.schema, result_->tree, result_->tree[*result_->values[i]]);
    }
    return out;
  }
  const VariableValues& values() const { return *result_; }
  const Errors& errors() const { return result_.error(); }
  const Schema& schema() const { return *document_.schema; }

 private:
  ValidDocument document_;
  Json json_;
  std::expected<VariableValues, Errors> result_;
};

std::string coerced(const std::string& definitions, std::string_view given) {
  return Variables(definitions, given).text();
}

TEST(CoerceVariables, Ints) {
  EXPECT_EQ(coerced("$n: Int", R"({"n": 1})"), "n: 1");
  EXPECT_EQ(coerced("$n: Int", R"({"n": 1.0})"), "n: 1");
  EXPECT_EQ(coerced("$n: Int", R"({"n": -12e2})"), "n: -1200");
  EXPECT_EQ(coerced("$n: Int", R"({"n": 2147483647})"), "n: 2147483647");
  EXPECT_EQ(coerced("$n: Int", R"({"n": -2147483648})"), "n: -2147483648");
  EXPECT_EQ(coerced("$n: Int", R"({"n": 2147483648})"),
            "Variable \"$n\" got invalid value 2147483648; "
            "Int cannot represent non 32-bit signed integer value: 2147483648");
  EXPECT_EQ(
      coerced("$n: Int", R"({"n": 1e300})"),
      "Variable \"$n\" got invalid value 1e300; Int cannot represent non 32-bit signed integer value: 1e300");
  EXPECT_EQ(coerced("$n: Int", R"({"n": 1.5})"),
            "Variable \"$n\" got invalid value 1.5; Int cannot represent non-integer value: 1.5");
  EXPECT_EQ(coerced("$n: Int", R"({"n": "1"})"),
            "Variable \"$n\" got invalid value \"1\"; Int cannot represent non-integer value: \"1\"");
  EXPECT_EQ(coerced("$n: Int", R"({"n": true})"),
            "Variable \"$n\" got invalid value true; Int cannot represent non-integer value: true");
}

TEST(CoerceVariables, OtherBuiltInScalars) {
  EXPECT_EQ(coerced("$x: Float", R"({"x": 1})"), "x: 1");
  EXPECT_EQ(coerced("$x: Float", R"({"x": 1.50})"), "x: 1.50");
  EXPECT_EQ(coerced("$x: Float", R"({"x": 1e-400})"), "x: 1e-400");
  EXPECT_EQ(coerced("$x: Float", R"({"x": 1e400})"),
            "Variable \"$x\" got invalid value 1e400; Float cannot represent non numeric value: 1e400");
  EXPECT_EQ(coerced("$x: Float", R"({"x": "1"})"),
            "Variable \"$x\" got invalid value \"1\"; Float cannot represent non numeric value: \"1\"");
  EXPECT_EQ(coerced("$x: String", R"({"x": "a\"b"})"), "x: \"a\\\"b\"");
  EXPECT_EQ(coerced("$x: String", R"({"x": 1})"),
            "Variable \"$x\" got invalid value 1; String cannot represent a non string value: 1");
  EXPECT_EQ(coerced("$x: Boolean", R"({"x": false})"), "x: false");
  EXPECT_EQ(coerced("$x: Boolean", R"({"x": 0})"),
            "Variable \"$x\" got invalid value 0; Boolean cannot represent a non boolean value: 0");
  EXPECT_EQ(coerced("$x: ID", R"({"x": "7"})"), "x: \"7\"");
  EXPECT_EQ(coerced("$x: ID", R"({"x": 123456789012345678901234567890})"),
            "x: \"123456789012345678901234567890\"");
  EXPECT_EQ(coerced("$x: ID", R"({"x": 7.0})"), "x: \"7\"");
  EXPECT_EQ(coerced("$x: ID", R"({"x": 7.5})"),
            "Variable \"$x\" got invalid value 7.5; ID cannot represent value: 7.5");
}

TEST(CoerceVariables, CustomScalarsKeepWhatWasSent) {
  EXPECT_EQ(coerced("$x: Any", R"({"x": 123456789012345678901234567890.10})"),
            "x: 123456789012345678901234567890.10");
  EXPECT_EQ(coerced("$x: Any", R"({"x": {"b": [1, null, 2.50], "a": "\n"}})"),
            R"(x: {"b":[1,null,2.50],"a":"\n"})");
  EXPECT_EQ(coerced("$x: Any", R"({"x": true})"), "x: true");
  const Variables object("$x: Any", R"({"x": {}})");
  EXPECT_EQ(object.values().find(0)->kind, InputKind::object);
  EXPECT_EQ(object.values().find(0)->text, "{}");
}

TEST(CoerceVariables, AbsenceNullAndDefaults) {
  EXPECT_EQ(coerced("$n: Int", "{}"), "");
  EXPECT_EQ(coerced("$n: Int", R"({"n": null})"), "n: null");
  EXPECT_EQ(coerced("$n: Int = 3", "{}"), "n: 3");
  EXPECT_EQ(coerced("$n: Int = 3", R"({"n": null})"), "n: null");
  EXPECT_EQ(coerced("$n: Int! = 3", "{}"), "n: 3");
  EXPECT_EQ(coerced("$n: Int! = 3", R"({"n": null})"),
            "Variable \"$n\" of non-null type \"Int!\" must not be null.");
  EXPECT_EQ(coerced("$n: Int!", "{}"), "Variable \"$n\" of required type \"Int!\" was not provided.");
  EXPECT_EQ(coerced("$a: Int, $b: Int", R"({"b": 2, "c": 3})"), "b: 2");
  EXPECT_EQ(coerced("$a: In = {n: 1}", "{}"), "a: {n: 1, s: \"dflt\"}");
}

TEST(CoerceVariables, Lists) {
  EXPECT_EQ(coerced("$l: [Int]", R"({"l": [1, null, 3.0]})"), "l: [1, null, 3]");
  EXPECT_EQ(coerced("$l: [Int]", R"({"l": 1})"), "l: [1]");
  EXPECT_EQ(coerced("$l: [[Int]]", R"({"l": 1})"), "l: [[1]]");
  EXPECT_EQ(coerced("$l: [[Int]]", R"({"l": [1, [2]]})"), "l: [[1], [2]]");
  EXPECT_EQ(coerced("$l: [Int]", R"({"l": []})"), "l: []");
  EXPECT_EQ(coerced("$l: [Int]", R"({"l": null})"), "l: null");
  EXPECT_EQ(coerced("$l: [Int!]", R"({"l": [1, null]})"),
            "Variable \"$l\" got invalid value null at \"l[1]\"; Expected non-nullable type \"Int!\" not to "
            "be null.");
}

TEST(CoerceVariables, Enums) {
  EXPECT_EQ(coerced("$c: Color", R"({"c": "RED"})"), "c: RED");
  EXPECT_EQ(coerced("$c: Color", R"({"c": "BLUE"})"),
            "Variable \"$c\" got invalid value \"BLUE\"; Value \"BLUE\" does not exist in \"Color\" enum.");
  EXPECT_EQ(coerced("$c: Color", R"({"c": 1})"),
            "Variable \"$c\" got invalid value 1; Enum \"Color\" cannot represent non-string value: 1.");
}

TEST(CoerceVariables, Objects) {
  EXPECT_EQ(coerced("$a: In", R"({"a": {"list": 1, "n": 1, "nested": {"s": null, "n": 2}}})"),
            "a: {n: 1, s: \"dflt\", list: [1], nested: {n: 2, s: null}}");
  EXPECT_EQ(coerced("$a: In", R"({"a": {"n": 1, "n": 2, "s": "x"}})"), "a: {n: 2, s: \"x\"}");
  EXPECT_EQ(coerced("$a: In", R"({"a": 1})"),
            "Variable \"$a\" got invalid value 1; Expected type \"In\" to be an object.");
  EXPECT_EQ(coerced("$a: In", R"({"a": {}})"),
            "Variable \"$a\" got invalid value {}; Field \"n\" of required type \"Int!\" was not provided.");
  EXPECT_EQ(coerced("$a: In", R"({"a": {"n": 1, "x": 1}})"),
            "Variable \"$a\" got invalid value { n: 1, x: 1 }; Field \"x\" is not defined by type \"In\".");
  EXPECT_EQ(coerced("$a: [In]", R"({"a": [{"n": 1, "nested": {"n": 1, "list": [1, "x"]}}]})"),
            "Variable \"$a\" got invalid value \"x\" at \"a[0].nested.list[1]\"; "
            "Int cannot represent non-integer value: \"x\"");
}

TEST(CoerceVariables, OneOf) {
  EXPECT_EQ(coerced("$o: One", R"({"o": {"a": 1}})"), "o: {a: 1}");
  EXPECT_EQ(
      coerced("$o: One", R"({"o": {}})"),
      "Variable \"$o\" got invalid value {}; Exactly one key must be specified for OneOf type \"One\".");
  EXPECT_EQ(coerced("$o: One", R"({"o": {"a": 1, "b": null}})"),
            "Variable \"$o\" got invalid value { a: 1, b: null }; "
            "Exactly one key must be specified for OneOf type \"One\".");
  EXPECT_EQ(coerced("$o: One", R"({"o": {"a": null}})"),
            "Variable \"$o\" got invalid value null at \"o.a\"; Field \"a\" must be non-null.");
}

TEST(CoerceVariables, ReportsAllProblemsUpToALimit) {
  EXPECT_EQ(coerced("$a: Int, $b: Int", R"({"a": "x", "b": "y"})"),
            "Variable \"$a\" got invalid value \"x\"; Int cannot represent non-integer value: \"x\"\n"
            "Variable \"$b\" got invalid value \"y\"; Int cannot represent non-integer value: \"y\"");
  std::string many = R"({"l": [)";
  for (int i = 0; i < 200; ++i) many += i == 0 ? "\"x\"" : ",\"x\"";
  const Variables limited("$l: [Int]", many + "]}");
  EXPECT_EQ(limited.errors().size(), 50U);
  EXPECT_THAT(limited.errors().back().message, testing::HasSubstr("error limit reached"));
  EXPECT_EQ(limited.errors().front().code, code::bad_user_input);
  EXPECT_EQ(limited.errors().front().locations.front().column, 7U);
}

TEST(CoerceVariables, UnknownTypesAreErrors) {
  EXPECT_EQ(coerced("$a: Nope", "{}"),
            "Variable \"$a\" expected value of type \"Nope\" which cannot be used as an input type.");
  EXPECT_EQ(coerced("$a: [Query!]", "{}"),
            "Variable \"$a\" expected value of type \"Query\" which cannot be used as an input type.");
}

TEST(VariableValues, AnOriginLeadsToAPart) {
  const Variables variables("$a: In", R"({"a": {"n": 1, "list": [4, 5], "nested": {"n": 2}}})");
  const auto field = [&](const char* name) {
    return variables.schema().find_input_field(*variables.schema().find_type("In"), name)->value;
  };
  const VariableValues& values = variables.values();
  EXPECT_EQ(values.find(InputOrigin{0, {field("n")}})->text, "1");
  EXPECT_EQ(values.find(InputOrigin{0, {field("list"), 1}})->text, "5");
  EXPECT_EQ(values.find(InputOrigin{0, {field("nested"), field("n")}})->text, "2");
  EXPECT_EQ(values.find(InputOrigin{0, {field("list"), 2}}), nullptr);
  EXPECT_EQ(values.find(InputOrigin{0, {field("color")}}), nullptr);
  EXPECT_EQ(values.find(InputOrigin{0, {field("n"), field("n")}}), nullptr);
  EXPECT_EQ(values.find(InputOrigin{1, {}}), nullptr);
  EXPECT_EQ(values.find(InputOrigin{}), nullptr);
}

}  // namespace
}  // namespace tenon::graphql
