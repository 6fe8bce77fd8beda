#include "migrate/expression_text.h"

#include <string>

#include <gtest/gtest.h>

namespace tenon::migrate {
namespace {

void expect_same(std::string_view written, std::string_view shown) {
  EXPECT_EQ(canonical_expression(written), canonical_expression(shown)) << written << " | " << shown;
}

TEST(ExpressionText, WhatADatabaseShowsIsWhatWasWritten) {
  expect_same("b > 10", "(b > 10)");
  expect_same("lower('X')", "lower('X'::text)");
  expect_same("(\"a\" = 5 AND \"o\" IS NOT NULL)", "((a = 5) AND (o IS NOT NULL))");
  expect_same("status IN ('a', 'b')", "(status = ANY (ARRAY['a'::text, 'b'::text]))");
  expect_same("n BETWEEN 1 AND 3", "((n >= 1) AND (n <= 3))");
  expect_same("name LIKE 'a%'", "((name)::text ~~ 'a%'::text)");
  expect_same("now() + interval '1 day'", "(now() + '1 day'::interval)");
  expect_same("lower('A')", "lower(_utf8mb4'A')");
  expect_same("lower('A')", "lcase('A')");
  expect_same("CURRENT_DATE", "curdate()");
  expect_same("x != -1", "(x <> '-1'::integer)");
}

TEST(ExpressionText, DifferencesAreSeen) {
  for (const auto& [one, other] : {std::pair{"b > 10", "b > 20"},
                                   {"a AND (b OR c)", "(a AND b) OR c"},
                                   {"\"A\" > 1", "a > 1"},
                                   {"a IS NULL", "a IS NOT NULL"},
                                   {"'a  b'", "'a b'"},
                                   {"a - (b - c)", "(a - b) - c"}})
    EXPECT_NE(canonical_expression(one), canonical_expression(other)) << one;
}

TEST(ExpressionText, WhatIsNotUnderstoodKeepsItsWords) {
  EXPECT_EQ(canonical_expression("a  ;;  b"), "a ; ; b ");
  EXPECT_EQ(canonical_expression("'open"), "'open");
  EXPECT_NE(canonical_expression(std::string(1000, '(')), "");
}

}  // namespace
}  // namespace tenon::migrate
