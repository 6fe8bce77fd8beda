#include "sql/postgres/default.h"

#include <gtest/gtest.h>

namespace tenon::sql::postgres {
namespace {

using catalog::ColumnType;
using catalog::Default;
using catalog::TypeKind;

// "literal x", "literal [a|b]", "expression …", "now", "autoincrement s", "none"
std::string parsed(std::string_view expression, TypeKind kind, std::uint8_t dimensions = 0) {
  const Default found = parse_default(expression, ColumnType{.kind = kind, .array_dimensions = dimensions});
  switch (found.kind) {
    case Default::Kind::none:
      return "none";
    case Default::Kind::literal: {
      if (!found.is_array) return "literal " + found.text;
      std::string text;
      for (const std::string& item : found.items) text += (text.empty() ? "" : "|") + item;
      return "literal [" + text + "]";
    }
    case Default::Kind::expression:
      return "expression " + found.text;
    case Default::Kind::now:
      return "now";
    case Default::Kind::autoincrement:
      return "autoincrement " + found.sequence;
  }
  return "";
}

TEST(ParseDefault, ReadsLiteralsWithTheirCasts) {
  EXPECT_EQ(parsed("", TypeKind::text), "none");
  EXPECT_EQ(parsed("NULL::character varying", TypeKind::varchar), "none");
  EXPECT_EQ(parsed("'sad'::public.mood", TypeKind::enumeration), "literal sad");
  EXPECT_EQ(parsed("'x'::\"My Schema\".\"Odd \"\"Type\"", TypeKind::enumeration), "literal x");
  EXPECT_EQ(parsed("'it''s'::text", TypeKind::text), "literal it's");
  EXPECT_EQ(parsed("''::text", TypeKind::text), "literal ");
  EXPECT_EQ(parsed("E'a\\\\b'::text", TypeKind::text), "literal a\\b");
  EXPECT_EQ(parsed("('b'::text)::character varying(20)", TypeKind::varchar), "literal b");
  EXPECT_EQ(parsed("'{\"a\": 1}'::jsonb", TypeKind::jsonb), "literal {\"a\": 1}");
  EXPECT_EQ(parsed("'2020-01-01'::date", TypeKind::date), "literal 2020-01-01");
  EXPECT_EQ(parsed("B'101'::\"bit\"", TypeKind::bit), "literal 101");
  EXPECT_EQ(parsed("true", TypeKind::boolean), "literal true");
  EXPECT_EQ(parsed("5", TypeKind::int32), "literal 5");
  EXPECT_EQ(parsed("'-1'::integer", TypeKind::int32), "literal -1");
  EXPECT_EQ(parsed("(-1)", TypeKind::int32), "literal -1");
  EXPECT_EQ(parsed("(0)::numeric", TypeKind::decimal), "literal 0");
  EXPECT_EQ(parsed("0::bigint", TypeKind::int64), "literal 0");
  EXPECT_EQ(parsed("1.50", TypeKind::decimal), "literal 1.50");
  EXPECT_EQ(parsed("'NaN'::double precision", TypeKind::float64), "literal NaN");
}

TEST(ParseDefault, ReadsArrays) {
  EXPECT_EQ(parsed("'{}'::text[]", TypeKind::text, 1), "literal []");
  EXPECT_EQ(parsed("'{a,\"b c\",\"d\\\"e\",\"\"}'::text[]", TypeKind::text, 1), "literal [a|b c|d\"e|]");
  EXPECT_EQ(parsed("ARRAY['a'::text, 'b, ]c'::text]", TypeKind::text, 1), "literal [a|b, ]c]");
  EXPECT_EQ(parsed("ARRAY[]::text[]", TypeKind::text, 1), "literal []");
  EXPECT_EQ(parsed("ARRAY[1, '-2'::integer]", TypeKind::int32, 1), "literal [1|-2]");
  EXPECT_EQ(parsed("ARRAY[now()]", TypeKind::timestamptz, 1), "expression ARRAY[now()]");
  EXPECT_EQ(parsed("'{a,NULL}'::text[]", TypeKind::text, 1), "expression '{a,NULL}'::text[]");
  EXPECT_EQ(parsed("'{{1},{2}}'::integer[]", TypeKind::int32, 1), "expression '{{1},{2}}'::integer[]");
}

TEST(ParseDefault, KnowsNowAndSequences) {
  EXPECT_EQ(parsed("now()", TypeKind::timestamptz), "now");
  EXPECT_EQ(parsed("CURRENT_TIMESTAMP", TypeKind::timestamp), "now");
  EXPECT_EQ(parsed("CURRENT_TIMESTAMP(3)", TypeKind::timestamp), "now");
  EXPECT_EQ(parsed("now()", TypeKind::text), "expression now()");
  EXPECT_EQ(parsed("(now() + '1 day'::interval)", TypeKind::timestamptz),
            "expression (now() + '1 day'::interval)");
  EXPECT_EQ(parsed("nextval('public.t_id_seq'::regclass)", TypeKind::int64), "autoincrement public.t_id_seq");
  EXPECT_EQ(parsed("nextval('\"My s\".\"q''s\"'::regclass)", TypeKind::int64),
            "autoincrement \"My s\".\"q's\"");
  EXPECT_EQ(parsed("(nextval('s'::regclass) + 1)", TypeKind::int64),
            "expression (nextval('s'::regclass) + 1)");
}

TEST(ParseDefault, LeavesAnythingElseAlone) {
  const char* expressions[] = {"(1 + 2)",
                               "('a'::text || 'b'::text)",
                               "'a'::text || 'b'::text",
                               "upper('a'::text)",
                               "('2020'::text)::integer",
                               "(1.5)::integer",
                               "'unterminated",
                               "E'odd \\x'::text",
                               "CURRENT_USER",
                               "(",
                               "ARRAY[",
                               "'a'::text COLLATE \"x"};
  for (const char* one : expressions) {
    EXPECT_EQ(parsed(one, TypeKind::int32), "expression " + std::string(one));
    EXPECT_EQ(parsed(one, TypeKind::int32, 1), "expression " + std::string(one));
  }
}

}  // namespace
}  // namespace tenon::sql::postgres
