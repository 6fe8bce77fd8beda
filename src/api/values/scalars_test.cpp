#include "api/values/scalars.h"

#include <random>

#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/test_schema.h"
#include "api/values/time_text.h"
#include "base/json_writer.h"
#include "sql/array_text.h"

namespace tenon::api {
namespace {

using catalog::TypeKind;
using graphql::InputKind;
using graphql::InputNode;

// One enum, for columns of TypeKind::enumeration.
const catalog::Catalog& moods() {
  static const catalog::Catalog catalog = [] {
    TestCatalog c;
    c.add_enum("mood", "Mood", {{"so-so", "so_so"}, {"it's \"ok\"", "ok"}});
    return *c.finish();
  }();
  return catalog;
}

catalog::Column column_of(TypeKind kind, std::uint8_t dimensions = 0) {
  catalog::Column column = test_column("c", kind);
  if (kind == TypeKind::enumeration) column.type.enum_id = catalog::EnumId{0};
  column.type.array_dimensions = dimensions;
  return column;
}

std::string output(TypeKind kind, std::string_view text, std::uint8_t dimensions = 0) {
  const catalog::Column column = column_of(kind, dimensions);
  std::string out;
  append_output(out, moods(), column, output_format(column), text);
  return out;
}

// Builds input trees. Lists are given their items, which must be scalars or built before.
struct Tree {
  graphql::InputTree tree;

  InputNode scalar(InputKind kind, std::string text) {
    tree.texts.push_back(std::make_unique<std::string>(std::move(text)));
    InputNode node;
    node.kind = kind;
    node.text = *tree.texts.back();
    return node;
  }
  InputNode list(const std::vector<InputNode>& items) {
    InputNode node;
    node.kind = InputKind::list;
    node.first_child = static_cast<std::uint32_t>(tree.nodes.size());
    node.child_count = static_cast<std::uint32_t>(items.size());
    tree.nodes.insert(tree.nodes.end(), items.begin(), items.end());
    return node;
  }
};

// The engine's text, or the message after "! ".
std::string input(TypeKind kind, InputKind input_kind, std::string text) {
  Tree tree;
  const InputNode node = tree.scalar(input_kind, std::move(text));
  const auto result = input_text(moods(), column_of(kind), tree.tree, node);
  return result ? result->value_or("NULL") : "! " + result.error();
}

TEST(Scalars, OutputOfNumbers) {
  EXPECT_EQ(output(TypeKind::int32, "-2147483648"), "-2147483648");
  EXPECT_EQ(output(TypeKind::int64, "9223372036854775807"), "\"9223372036854775807\"");
  EXPECT_EQ(output(TypeKind::oid, "4294967295"), "\"4294967295\"");
  EXPECT_EQ(output(TypeKind::decimal, "12345678901234567890.10"), "\"12345678901234567890.10\"");
  EXPECT_EQ(output(TypeKind::decimal, "NaN"), "\"NaN\"");
  EXPECT_EQ(output(TypeKind::float64, "1e+20"), "1e+20");
  EXPECT_EQ(output(TypeKind::float64, "-0.5"), "-0.5");
  EXPECT_EQ(output(TypeKind::float64, "NaN"), "\"NaN\"");
  EXPECT_EQ(output(TypeKind::float32, "-Infinity"), "\"-Infinity\"");
  EXPECT_EQ(output(TypeKind::boolean, "t"), "true");
  EXPECT_EQ(output(TypeKind::boolean, "f"), "false");
  EXPECT_EQ(output(TypeKind::money, "$1,234.56"), "\"1234.56\"");
  EXPECT_EQ(output(TypeKind::money, "-$0.07"), "\"-0.07\"");
  EXPECT_EQ(output(TypeKind::money, "1.234.567,80 €"), "\"1234567.80\"");
  EXPECT_EQ(output(TypeKind::money, "¥1,234"), "\"1234\"");
}

TEST(Scalars, OutputOfTimes) {
  EXPECT_EQ(output(TypeKind::timestamptz, "2024-01-01 00:00:00+00"), "\"2024-01-01T00:00:00Z\"");
  EXPECT_EQ(output(TypeKind::timestamptz, "2024-01-01 00:00:00.123456+05:30"),
            "\"2024-01-01T00:00:00.123456+05:30\"");
  EXPECT_EQ(output(TypeKind::timestamptz, "2024-01-01 00:00:00-08"), "\"2024-01-01T00:00:00-08:00\"");
  EXPECT_EQ(output(TypeKind::timestamp, "2024-01-01 00:00:00.5"), "\"2024-01-01T00:00:00.5Z\"");
  EXPECT_EQ(output(TypeKind::timestamp, "infinity"), "\"infinity\"");
  EXPECT_EQ(output(TypeKind::timestamptz, "-infinity"), "\"-infinity\"");
  EXPECT_EQ(output(TypeKind::timestamp, "10000-01-01 00:00:00"), "\"10000-01-01 00:00:00\"");
  EXPECT_EQ(output(TypeKind::timestamptz, "0044-03-15 00:00:00+00 BC"), "\"0044-03-15 00:00:00+00 BC\"");
  EXPECT_EQ(output(TypeKind::date, "2024-02-29"), "\"2024-02-29\"");
  EXPECT_EQ(output(TypeKind::time, "12:30:00.25"), "\"12:30:00.25\"");
  EXPECT_EQ(output(TypeKind::timetz, "12:30:00+00"), "\"12:30:00Z\"");
  EXPECT_EQ(output(TypeKind::timetz, "12:30:00-03:30"), "\"12:30:00-03:30\"");
}

TEST(Scalars, OutputOfTextBytesAndJson) {
  EXPECT_EQ(output(TypeKind::text, "a \"b\"\n"), R"("a \"b\"\n")");
  EXPECT_EQ(output(TypeKind::character, "x   "), "\"x   \"");
  EXPECT_EQ(output(TypeKind::bytes, "\\x"), "\"\"");
  EXPECT_EQ(output(TypeKind::bytes, "\\x00"), "\"AA==\"");
  EXPECT_EQ(output(TypeKind::bytes, "\\x00FF"), "\"AP8=\"");
  EXPECT_EQ(output(TypeKind::bytes, "\\x00ff10"), "\"AP8Q\"");
  EXPECT_EQ(output(TypeKind::bytes, "a\\\\\\377"), "\"YVz/\"");  // bytea_output = escape
  EXPECT_EQ(output(TypeKind::json, "{\"a\": 1,\n \"a\": 2}"), "{\"a\": 1,\n \"a\": 2}");
  EXPECT_EQ(output(TypeKind::enumeration, "so-so"), "\"so_so\"");
  EXPECT_EQ(output(TypeKind::enumeration, "added \"since\""), R"("added \"since\"")");
}

TEST(Scalars, OutputOfArrays) {
  EXPECT_EQ(output(TypeKind::int32, "{}", 1), "[]");
  EXPECT_EQ(output(TypeKind::int32, "{1,NULL,-3}", 1), "[1,null,-3]");
  EXPECT_EQ(output(TypeKind::int32, "{{1,2},{3,4}}", 2), "[[1,2],[3,4]]");
  EXPECT_EQ(output(TypeKind::int32, "[0:1]={1,2}", 1), "[1,2]");
  EXPECT_EQ(output(TypeKind::int32, "[-1:0][2:3]={{1,2},{3,4}}", 2), "[[1,2],[3,4]]");
  EXPECT_EQ(output(TypeKind::int64, "{1}", 1), "[\"1\"]");
  EXPECT_EQ(output(TypeKind::text, R"({a,"b c","NULL","","x\"y\\z","{}"})", 1),
            R"(["a","b c","NULL","","x\"y\\z","{}"])");
  EXPECT_EQ(output(TypeKind::boolean, "{t,f,NULL}", 1), "[true,false,null]");
  EXPECT_EQ(output(TypeKind::timestamptz, "{\"2024-01-01 00:00:00+00\"}", 1), "[\"2024-01-01T00:00:00Z\"]");
  EXPECT_EQ(output(TypeKind::jsonb, R"({"{\"a\": [1, 2]}",null,NULL})", 1), R"([{"a": [1, 2]},null,null])");
  EXPECT_EQ(output(TypeKind::enumeration, R"({so-so,"it's \"ok\""})", 1), R"(["so_so","ok"])");
  EXPECT_EQ(output(TypeKind::bytes, R"({"\\x6869"})", 1), R"(["aGk="])");
  for (const std::string_view broken : {"", "{", "{1", "{1,", "{1,}", "{,1}", "}", "1", "{1}x", "{\"a",
                                        "{\"a\\", "{a\"b}", "{{{{{{{1}}}}}}}", "[0:1]", "{{1},}"})
    EXPECT_EQ(output(TypeKind::text, broken, 1).front(), '"') << broken;
}

TEST(Scalars, InputOfIntegers) {
  EXPECT_EQ(input(TypeKind::int16, InputKind::int_, "32767"), "32767");
  EXPECT_EQ(input(TypeKind::int16, InputKind::int_, "32768"),
            "! Expected an integer from -32768 to 32767, found 32768.");
  EXPECT_EQ(input(TypeKind::int32, InputKind::int_, "-2147483648"), "-2147483648");
  EXPECT_EQ(input(TypeKind::int64, InputKind::int_, "9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(input(TypeKind::int64, InputKind::string, "-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(
      input(TypeKind::int64, InputKind::string, "9223372036854775808"),
      "! Expected an integer from -9223372036854775808 to 9223372036854775807, or a string of its digits, "
      "found \"9223372036854775808\".");
  for (const std::string_view bad : {"", "1.0", "1e3", "abc", " 1", "1 ", "--1", "0x10", "+", "-"})
    EXPECT_TRUE(input(TypeKind::int64, InputKind::string, std::string(bad)).starts_with("! ")) << bad;
  EXPECT_TRUE(input(TypeKind::int64, InputKind::float_, "9.007199254740993e15").starts_with("! "));
  EXPECT_TRUE(input(TypeKind::int64, InputKind::boolean, "true").starts_with("! "));
  EXPECT_EQ(input(TypeKind::oid, InputKind::int_, "4294967295"), "4294967295");
  EXPECT_TRUE(input(TypeKind::oid, InputKind::int_, "-1").starts_with("! "));
  EXPECT_TRUE(input(TypeKind::oid, InputKind::int_, "4294967296").starts_with("! "));
}

TEST(Scalars, InputOfDecimals) {
  for (const std::string_view good :
       {"0", "12.50", "-0.000000000000000000000001", "1e10", "+5", ".5", "5.",
        "123456789012345678901234567890.123456789", "NaN", "Infinity", "-Infinity"})
    EXPECT_EQ(input(TypeKind::decimal, InputKind::string, std::string(good)), good);
  for (const std::string_view bad : {"", ".", "1.2.3", "1e", "1e1234567", "abc", "1,5", "-", "nan", "1 "})
    EXPECT_TRUE(input(TypeKind::decimal, InputKind::string, std::string(bad)).starts_with("! ")) << bad;
  EXPECT_EQ(input(TypeKind::decimal, InputKind::float_, "12.50"), "12.50");
  EXPECT_TRUE(input(TypeKind::money, InputKind::string, "NaN").starts_with("! "));
}

TEST(Scalars, InputOfTimestampsIsBroughtToUtc) {
  const auto timestamp = [](std::string_view text) {
    return timestamp_input(text, TimeZone::none).value_or("refused");
  };
  EXPECT_EQ(timestamp("2024-01-01T00:00:00Z"), "2024-01-01 00:00:00");
  EXPECT_EQ(timestamp("2024-01-01T00:00:00.123456789Z"), "2024-01-01 00:00:00.123456789");
  EXPECT_EQ(timestamp("2024-01-01T00:30:00+01:00"), "2023-12-31 23:30:00");
  EXPECT_EQ(timestamp("2024-02-28T23:30:00-01:00"), "2024-02-29 00:30:00");
  EXPECT_EQ(timestamp("1970-01-01T00:00:00+00:00:01"), "1969-12-31 23:59:59");
  EXPECT_EQ(timestamp("2024-01-01T12:30"), "2024-01-01 12:30:00");
  EXPECT_EQ(timestamp("2024-01-01 12:30:00"), "2024-01-01 12:30:00");
  EXPECT_EQ(timestamp("2016-12-31T23:59:60Z"), "2017-01-01 00:00:00");
  EXPECT_EQ(timestamp("2024-12-31T24:00:00Z"), "2025-01-01 00:00:00");
  EXPECT_EQ(timestamp("infinity"), "infinity");
  EXPECT_EQ(timestamp("10000-01-01 00:00:00"), "10000-01-01 00:00:00");
  EXPECT_EQ(timestamp("-0043-03-15T00:00:00Z"), "0044-03-15 00:00:00 BC");
  EXPECT_EQ(timestamp("0044-03-15 00:00:00 BC"), "0044-03-15 00:00:00 BC");
  EXPECT_EQ(timestamp("0000-02-29T00:00:00Z"), "0001-02-29 00:00:00 BC");
  EXPECT_EQ(timestamp("0001-01-01T00:00:00+01:00"), "0001-12-31 23:00:00 BC");
  EXPECT_EQ(timestamp_input("2024-01-01T00:00:00+02:00", TimeZone::kept), "2023-12-31 22:00:00+00");
  EXPECT_EQ(timestamp_input("2024-01-01T00:00:00", TimeZone::kept), "2024-01-01 00:00:00+00");
  for (const std::string_view bad : {"",
                                     "2024-01-01",
                                     "2024-13-01T00:00:00Z",
                                     "2023-02-29T00:00:00Z",
                                     "2024-01-00T00:00:00Z",
                                     "2024-01-01T25:00:00Z",
                                     "2024-01-01T00:60:00Z",
                                     "2024-01-01T00:00:61Z",
                                     "2024-01-01T24:00:01Z",
                                     "2024-01-01T24:00:00.1Z",
                                     "2024-01-01T00:00:00.Z",
                                     "2024-01-01T00:00:00.1234567890Z",
                                     "2024-01-01T00:00:00+16:00",
                                     "2024-01-01T00:00:00Zx",
                                     "24-01-01T00:00:00Z",
                                     "2024-1-1T00:00:00Z",
                                     "now",
                                     "12345678-01-01T00:00:00Z",
                                     "0000-01-01 00:00:00 BC",
                                     "Infinity",
                                     "2024-01-01T00:00:00+1"})
    EXPECT_EQ(timestamp(bad), "refused") << bad;
}

TEST(Scalars, InputOfDatesAndTimes) {
  EXPECT_EQ(date_input("2024-02-29"), "2024-02-29");
  EXPECT_EQ(date_input("2024-02-29Z"), "2024-02-29");
  EXPECT_EQ(date_input("2024-02-29+05:30"), "2024-02-29");
  EXPECT_EQ(date_input("-0001-01-01"), "0002-01-01 BC");
  EXPECT_EQ(date_input("infinity"), "infinity");
  EXPECT_FALSE(date_input("2024-02-30"));
  EXPECT_FALSE(date_input("2024-02-29T00:00"));
  EXPECT_EQ(time_input("12:30", TimeZone::none), "12:30:00");
  EXPECT_EQ(time_input("12:30:15.5Z", TimeZone::none), "12:30:15.5");
  EXPECT_EQ(time_input("00:30:00+01:00", TimeZone::none), "23:30:00");
  EXPECT_EQ(time_input("24:00:00", TimeZone::none), "24:00:00");
  EXPECT_EQ(time_input("12:30:00-03:30", TimeZone::kept), "12:30:00-03:30");
  EXPECT_EQ(time_input("12:30:00", TimeZone::kept), "12:30:00+00");
  EXPECT_FALSE(time_input("1:30", TimeZone::none));
  EXPECT_FALSE(time_input("12", TimeZone::none));
}

TEST(Scalars, InputOfTextBytesAndJson) {
  EXPECT_EQ(input(TypeKind::text, InputKind::string, "o'clock \\ \"x\""), "o'clock \\ \"x\"");
  EXPECT_EQ(input(TypeKind::text, InputKind::string, std::string("a\0b", 3)),
            "! The text holds a NUL character (U+0000), which the database cannot store.");
  EXPECT_EQ(input(TypeKind::bytes, InputKind::string, ""), "\\x");
  EXPECT_EQ(input(TypeKind::bytes, InputKind::string, "AP8="), "\\x00ff");
  EXPECT_EQ(input(TypeKind::bytes, InputKind::string, "AA=="), "\\x00");
  for (const std::string_view bad : {"A", "AP8", "A===", "====", "AP=8", "AP8=\n", "A-_="})
    EXPECT_TRUE(input(TypeKind::bytes, InputKind::string, std::string(bad)).starts_with("! ")) << bad;
  EXPECT_EQ(input(TypeKind::jsonb, InputKind::string, "a\"b"), R"("a\"b")");
  EXPECT_EQ(input(TypeKind::jsonb, InputKind::object, R"({"a":[1]})"), R"({"a":[1]})");
  EXPECT_EQ(input(TypeKind::jsonb, InputKind::int_, "12"), "12");
  EXPECT_EQ(input(TypeKind::jsonb, InputKind::boolean, "true"), "true");
  EXPECT_TRUE(input(TypeKind::jsonb, InputKind::object, R"({"a":"\u0000"})").starts_with("! "));
  EXPECT_EQ(input(TypeKind::jsonb, InputKind::object, R"({"a":"\\u0000"})"), R"({"a":"\\u0000"})");
  EXPECT_EQ(input(TypeKind::json, InputKind::object, R"({"a":"\u0000"})"), R"({"a":"\u0000"})");
  EXPECT_TRUE(input(TypeKind::jsonb, InputKind::enum_, "WORD").starts_with("! "));
  EXPECT_EQ(input(TypeKind::uuid, InputKind::string, "123e4567-e89b-12d3-a456-426614174000"),
            "123e4567-e89b-12d3-a456-426614174000");
  EXPECT_EQ(input(TypeKind::uuid, InputKind::string, "123"),
            "! Expected a UUID such as \"123e4567-e89b-12d3-a456-426614174000\", found \"123\".");
  EXPECT_EQ(input(TypeKind::enumeration, InputKind::enum_, "so_so"), "so-so");
  EXPECT_EQ(input(TypeKind::enumeration, InputKind::enum_, "so-so"),
            "! Expected a value of the enum Mood, found so-so.");
  EXPECT_EQ(input(TypeKind::boolean, InputKind::boolean, "true"), "t");
  EXPECT_EQ(input(TypeKind::text, InputKind::null, ""), "NULL");
  const std::string long_text(200, 'x');
  EXPECT_LT(input(TypeKind::date, InputKind::string, long_text).size(), 120);
}

TEST(Scalars, InputOfLists) {
  Tree t;
  const auto string = [&](std::string text) { return t.scalar(InputKind::string, std::move(text)); };
  const auto integer = [&](std::string text) { return t.scalar(InputKind::int_, std::move(text)); };
  const InputNode null = t.scalar(InputKind::null, "");
  const auto result = [&](TypeKind kind, const InputNode& node, std::uint8_t dimensions,
                          bool element = false) {
    const auto text = input_text(moods(), column_of(kind, dimensions), t.tree, node, element);
    return text ? text->value_or("NULL") : "! " + text.error();
  };
  EXPECT_EQ(result(TypeKind::text, t.list({}), 1), "{}");
  EXPECT_EQ(result(TypeKind::text, t.list({string("a"), null, string("NULL"), string("x\"\\{},")}), 1),
            R"({"a",NULL,"NULL","x\"\\{},"})");
  EXPECT_EQ(result(TypeKind::text, string("a"), 1, true), "a");
  EXPECT_EQ(result(TypeKind::text, null, 1), "NULL");
  EXPECT_EQ(result(TypeKind::text, string("a"), 1), "! Expected a list.");
  EXPECT_EQ(result(TypeKind::int32, t.list({t.list({integer("1")}), t.list({integer("2")})}), 2),
            R"({{"1"},{"2"}})");
  EXPECT_EQ(result(TypeKind::int32, t.list({t.list({integer("1")}), t.list({})}), 2),
            "! Inner lists must have one length: the column stores rectangular arrays.");
  EXPECT_EQ(result(TypeKind::int32, t.list({null}), 2), "! Expected a list of lists.");
  EXPECT_EQ(result(TypeKind::int16, t.list({integer("70000")}), 1),
            "! Expected an integer from -32768 to 32767, found 70000.");
}

// Random values of one kind, in the form in which the API shows them.
class RandomValue {
 public:
  explicit RandomValue(unsigned seed) : random_(seed) {}

  // The text and kind of an input, and the JSON that must come back.
  struct Value {
    InputKind kind;
    std::string text;
    std::string json;
  };
  Value of(TypeKind kind);

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  std::string text();
  static Value quoted(std::string text) {
    std::string json;
    base::append_json_string(json, text);
    return {InputKind::string, std::move(text), std::move(json)};
  }
  static Value bare(InputKind kind, const std::string& text) { return {kind, text, text}; }
  std::string date() {
    return fmt::format("{:04}-{:02}-{:02}", 1 + below(9999), 1 + below(12), 1 + below(28));
  }
  std::string clock() {
    std::string out = fmt::format("{:02}:{:02}:{:02}", below(24), below(60), below(60));
    if (below(2) == 0) out += fmt::format(".{:05}{}", below(100'000), 1 + below(9));
    return out;
  }

  std::mt19937_64 random_;
};

std::string RandomValue::text() {
  constexpr std::string_view pieces[] = {"a",    " ", "\"", "\\",   "{",  "}", ",",
                                         "NULL", "é", "\n", "\x01", "日", ";"};
  std::string out;
  for (std::uint64_t i = below(12); i > 0; --i) out += pieces[below(std::size(pieces))];
  return out;
}

RandomValue::Value RandomValue::of(TypeKind kind) {
  switch (kind) {
    case TypeKind::boolean:
      return bare(InputKind::boolean, below(2) == 0 ? "true" : "false");
    case TypeKind::int16:
      return bare(InputKind::int_, fmt::to_string(static_cast<std::int16_t>(random_())));
    case TypeKind::int32:
      return bare(InputKind::int_, fmt::to_string(static_cast<std::int32_t>(random_())));
    case TypeKind::int64:
      return quoted(fmt::to_string(static_cast<std::int64_t>(random_())));
    case TypeKind::decimal:
      return quoted(fmt::format("-{}.{:020}", random_(), random_()));
    case TypeKind::float64:
      return bare(InputKind::float_, fmt::format("{}.5", below(1'000'000)));
    case TypeKind::bytes: {
      std::string out;
      for (std::uint64_t i = below(6); i > 0; --i) out += "+/Az09Qm"[below(8)] + std::string("abZ");
      return quoted(out + (below(2) == 0 ? "AA==" : "zZ8="));
    }
    case TypeKind::date:
      return quoted(date());
    case TypeKind::time:
      return quoted(clock());
    case TypeKind::timetz:
      return quoted(clock() + (below(2) == 0 ? "Z" : "-03:30"));
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return quoted(date() + "T" + clock() + "Z");
    case TypeKind::uuid:
      return quoted(fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", below(1ULL << 32U), below(65'536),
                                below(65'536), below(65'536), below(1ULL << 48U)));
    case TypeKind::jsonb: {
      const Value inner = quoted(text());
      return bare(InputKind::object, "{\"a\":" + inner.json + "}");
    }
    case TypeKind::enumeration: {
      const std::string name = below(2) == 0 ? "so_so" : "ok";
      return {InputKind::enum_, name, "\"" + name + "\""};
    }
    default:
      return quoted(text());
  }
}

constexpr TypeKind round_trip_kinds[] = {
    TypeKind::boolean, TypeKind::int16,     TypeKind::int32,       TypeKind::int64, TypeKind::decimal,
    TypeKind::float64, TypeKind::bytes,     TypeKind::date,        TypeKind::time,  TypeKind::timetz,
    TypeKind::uuid,    TypeKind::timestamp, TypeKind::timestamptz, TypeKind::jsonb, TypeKind::enumeration,
    TypeKind::text,    TypeKind::interval,  TypeKind::inet,        TypeKind::other,
};

TEST(Scalars, WhatGoesInComesOut) {
  constexpr unsigned seed = 20'261'121;
  RandomValue random(seed);
  for (const TypeKind kind : round_trip_kinds)
    for (int i = 0; i < 300; ++i) {
      Tree t;
      const RandomValue::Value value = random.of(kind);
      const auto in = input_text(moods(), column_of(kind), t.tree, t.scalar(value.kind, value.text));
      ASSERT_TRUE(in) << in.error();
      ASSERT_EQ(output(kind, **in), value.json) << "seed " << seed;
    }
}

TEST(Scalars, WhatGoesInAsListsComesOut) {
  constexpr unsigned seed = 4711;
  RandomValue random(seed);
  for (const TypeKind kind : round_trip_kinds)
    for (int i = 0; i < 100; ++i) {
      Tree t;
      std::vector<InputNode> items;
      std::string json;
      for (int j = 0; j < i % 5; ++j) {
        const RandomValue::Value value = random.of(kind);
        items.push_back(j == 3 ? t.scalar(InputKind::null, "") : t.scalar(value.kind, value.text));
        json += (json.empty() ? "" : ",") + (j == 3 ? "null" : value.json);
      }
      const auto in = input_text(moods(), column_of(kind, 1), t.tree, t.list(items));
      ASSERT_TRUE(in) << in.error();
      const std::string out = output(kind, **in, 1);
      ASSERT_EQ(out, "[" + json + "]") << "seed " << seed;
      boost::json::error_code problem;
      boost::json::parse(out, problem);
      ASSERT_FALSE(problem) << out;
    }
}

}  // namespace
}  // namespace tenon::api
