#include "graphql/parser.h"

#include <gtest/gtest.h>

namespace tenon::graphql {
namespace {

// "line:column message"
std::string failure_of(std::string text, const base::DocumentLimits& limits = {}) {
  const auto document = parse(std::move(text), limits);
  if (document) return "";
  const base::LineColumn at = document.error().locations.at(0);
  return std::to_string(at.line) + ":" + std::to_string(at.column) + " " + document.error().message;
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Parser, KeepsChildrenTogether) {
  const Document document = *parse("{ a { b c { d } e } f }", {});
  const OperationDefinition& operation = document.operations.at(0);
  ASSERT_EQ(operation.selections.count, 2U);
  const Selection& a = document.selections[operation.selections.first];
  EXPECT_EQ(a.name.text, "a");
  EXPECT_EQ(document.selections[operation.selections.first + 1].name.text, "f");
  ASSERT_EQ(a.selections.count, 3U);
  EXPECT_EQ(document.selections[a.selections.first + 1].name.text, "c");
  EXPECT_EQ(document.selections[a.selections.first + 2].name.text, "e");
}

TEST(Parser, ReadsNestedValues) {
  const Document document =
      *parse(R"({ f(in: {a: [1, [2.5, $v]], b: {c: RED}, d: null, e: true, g: "x\n"}) })", {});
  const Value& in = document.values[document.arguments.at(0).value];
  ASSERT_EQ(in.kind, ValueKind::object);
  ASSERT_EQ(in.children.count, 5U);
  const auto field = [&](std::uint32_t i) {
    return document.values[document.object_fields[in.children.first + i].value];
  };
  ASSERT_EQ(field(0).kind, ValueKind::list);
  ASSERT_EQ(field(0).children.count, 2U);
  const Value& inner = document.values[document.list_items[field(0).children.first + 1]];
  ASSERT_EQ(inner.kind, ValueKind::list);
  EXPECT_EQ(document.values[document.list_items[inner.children.first + 1]].text, "v");
  EXPECT_EQ(field(1).kind, ValueKind::object);
  EXPECT_EQ(field(2).kind, ValueKind::null);
  EXPECT_EQ(field(3).kind, ValueKind::boolean);
  EXPECT_EQ(field(4).text, "x\n");
}

TEST(Parser, WritesTypeMarksFromTheOutsideIn) {
  EXPECT_EQ(parse_type("[[Int!]]!", {})->types.at(0).wrappers, "![[!");
  EXPECT_EQ(parse_type("Int", {})->types.at(0).wrappers, "");
  EXPECT_FALSE(parse_type("[Int", {}));
  EXPECT_FALSE(parse_type("Int!!", {}));
  EXPECT_FALSE(parse_type("Int Int", {}));
}

TEST(Parser, ReadsLoneConstants) {
  const Document document = *parse_value("[1, {a: RED}]", {});
  EXPECT_EQ(document.values.back().kind, ValueKind::list);
  EXPECT_FALSE(parse_value("$v", {}));
  EXPECT_FALSE(parse_value("1 2", {}));
}

TEST(Parser, TakesDescriptionsOnExecutableDefinitions) {
  const Document document = *parse(R"("q" query Q("v" $a: Int) { a } """f""" fragment F on T { a })", {});
  EXPECT_EQ(document.operations.at(0).description, "q");
  EXPECT_EQ(document.operations.at(0).offset, 0U);
  EXPECT_EQ(document.variables.at(0).description, "v");
  EXPECT_EQ(document.fragments.at(0).description, "f");
  EXPECT_EQ(failure_of("\"d\" { a }"),
            "1:1 Syntax Error: Unexpected description, descriptions are not supported on shorthand queries.");
}

TEST(Parser, ReadsTheTypeSystem) {
  const Document document = *parse(R"(
    "the service" schema @s { query: Q mutation: M }
    extend schema @t
    scalar Date @specifiedBy(url: "x")
    "an object" type Post implements & Node & Named @d { "its id" id(a: Int! = 1 @x, b: [S]): ID! @deprecated }
    interface Node { id: ID! }
    union Any = | Post | Page
    enum Colour { RED @deprecated "blue" BLUE }
    input Filter @oneOf { eq: Int = 3, in: [Int!] }
    directive @auth(rule: String) repeatable on | FIELD_DEFINITION | OBJECT
    extend type Post { more: Int }
  )",
                                   {});
  ASSERT_EQ(document.type_system.size(), 10U);
  EXPECT_EQ(document.root_operations.at(1).type.text, "M");
  const TypeSystemDefinition& post = document.type_system[3];
  EXPECT_EQ(post.kind, DefinitionKind::object);
  EXPECT_EQ(post.description, "an object");
  EXPECT_EQ(post.interfaces.count, 2U);
  EXPECT_EQ(document.names[post.interfaces.first + 1].text, "Named");
  const FieldDefinition& id = document.fields[post.fields.first];
  EXPECT_EQ(id.description, "its id");
  ASSERT_EQ(id.arguments.count, 2U);
  EXPECT_TRUE(document.input_values[id.arguments.first].has_default);
  EXPECT_EQ(document.type_system[5].members.count, 2U);
  EXPECT_EQ(document.type_system[6].enum_values.count, 2U);
  EXPECT_EQ(document.type_system[7].input_values.count, 2U);
  EXPECT_TRUE(document.type_system[8].repeatable);
  EXPECT_EQ(document.type_system[8].locations.count, 2U);
  EXPECT_TRUE(document.type_system[9].extension);
}

TEST(Parser, SaysWhatItExpected) {
  EXPECT_EQ(failure_of(""), "1:1 Syntax Error: Unexpected <EOF>.");
  EXPECT_EQ(failure_of("{ a"), "1:4 Syntax Error: Expected Name, found <EOF>.");
  EXPECT_EQ(failure_of("{}"), "1:2 Syntax Error: Expected Name, found \"}\".");
  EXPECT_EQ(failure_of("{ a() }"), "1:5 Syntax Error: Expected Name, found \")\".");
  EXPECT_EQ(failure_of("{ a }\nfragment on on T { a }"), "2:10 Syntax Error: Unexpected Name \"on\".");
  EXPECT_EQ(failure_of("query ($a: Int = $b) { a }"),
            "1:18 Syntax Error: Unexpected variable \"$b\" in constant value.");
  EXPECT_EQ(failure_of("enum E { null }"),
            "1:10 Syntax Error: Name \"null\" is reserved and cannot be used for an enum value.");
  EXPECT_EQ(failure_of("extend scalar S"), "1:16 Syntax Error: Unexpected <EOF>.");
  EXPECT_EQ(failure_of("\"d\" extend type T { a: Int }"),
            "1:1 Syntax Error: Unexpected description, only GraphQL definitions support descriptions.");
  EXPECT_EQ(failure_of("\"d\" ?"), "1:5 Syntax Error: Unexpected character: \"?\".");
  EXPECT_EQ(failure_of("{ a } ?"), "1:7 Syntax Error: Unexpected character: \"?\".");
}

TEST(Parser, CountsCharactersForColumns) {
  EXPECT_EQ(failure_of("{ a(b: \"\xC3\xA9\xC3\xA9\") ?"), "1:14 Syntax Error: Unexpected character: \"?\".");
  EXPECT_EQ(failure_of("{\r\n\ra ? }"), "3:3 Syntax Error: Unexpected character: \"?\".");
}

TEST(Parser, RefusesTextThatIsNotUtf8) {
  EXPECT_EQ(failure_of("{ a # \xFF\n}"), "1:7 Syntax Error: Invalid UTF-8, byte 0xFF.");
}

TEST(Parser, HoldsItsLimits) {
  const auto code_of = [](std::string text, const base::DocumentLimits& limits) {
    return parse(std::move(text), limits).error().code;
  };
  EXPECT_EQ(code_of("{ a b c }", {.bytes_max = 8}), code::query_too_complex);
  EXPECT_EQ(code_of("{ a b c }", {.tokens_max = 4}), code::query_too_complex);
  EXPECT_TRUE(parse("{ a b c }", {.bytes_max = 9, .tokens_max = 5}));
  EXPECT_EQ(code_of("{ a { b { c } } }", {.nesting_max = 2}), code::query_too_deep);
  EXPECT_TRUE(parse("{ a { b { c } } }", {.nesting_max = 3}));
}

TEST(Parser, SurvivesDeepNesting) {
  constexpr std::size_t deep = 5'000;
  const base::DocumentLimits limits{.tokens_max = 1'000'000};
  EXPECT_EQ(parse(repeat("{a", deep), limits).error().code, code::query_too_deep);
  EXPECT_EQ(parse("{a(b:" + repeat("[", deep), limits).error().code, code::query_too_deep);
  EXPECT_EQ(parse("{a(b:" + repeat("{c:", deep), limits).error().code, code::query_too_deep);
  EXPECT_EQ(parse("query($a:" + repeat("[", deep), limits).error().code, code::query_too_deep);
  EXPECT_EQ(parse(repeat("{...on T", deep), limits).error().code, code::query_too_deep);
}

TEST(Parser, DocumentsOutliveTheirCopies) {
  Document copy;
  {
    const Document document = *parse(R"({ a(b: "x\ty") })", {});
    copy = document;
  }
  EXPECT_EQ(copy.values.at(0).text, "x\ty");
  EXPECT_EQ(copy.selections.at(0).name.text, "a");
}

}  // namespace
}  // namespace tenon::graphql
