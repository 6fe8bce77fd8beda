// The operator's limits, and documents made to cost more than they weigh. Each of those ends in milliseconds;
// where a bound were missing, the test would not end or overflow the stack.
#include <algorithm>

#include <gtest/gtest.h>

#include "graphql/operation.h"
#include "graphql/schema_builder.h"

namespace tenon::graphql {
namespace {

constexpr std::string_view limited_sdl = R"(
  type Query { a: Int q: Query f(x: [String], y: I): Int }
  input I { s: String i: I }
)";

template <class Part>
std::string repeat(int times, Part part) {
  std::string out;
  for (int i = 0; i < times; ++i) out += part(i);
  return out;
}

std::string numbered(std::string_view name, int number) { return std::string(name) + std::to_string(number); }

// The fragments x0 … x(count - 1), each of which spreads the next inside `open` and `close`, the last one the
// first.
std::string circle(std::string_view name, int count, std::string_view open = "",
                   std::string_view close = "") {
  return repeat(count, [&](int i) {
    return " fragment " + numbered(name, i) + " on Query {" + std::string(open) + "..." +
           numbered(name, (i + 1) % count) + std::string(close) + "}";
  });
}

Errors errors_of(std::string query, const base::DocumentLimits& limits = {}) {
  const auto schema = build_schema(limited_sdl);
  const auto document = load_document(*schema, std::move(query), limits);
  return document ? Errors() : document.error();
}

// The code of the first error; empty for a valid document.
std::string code_of(std::string query, const base::DocumentLimits& limits = {}) {
  const Errors errors = errors_of(std::move(query), limits);
  return errors.empty() ? std::string() : std::string(errors.front().code);
}

TEST(ValidationLimits, SelectionDepth) {
  const base::DocumentLimits limits{.selection_depth_max = 3};
  EXPECT_EQ(code_of("{ q { q { a } } }", limits), "");
  EXPECT_EQ(code_of("{ q { q { q { a } } } }", limits), "QUERY_TOO_DEEP");
  EXPECT_EQ(code_of("{ q { ...F } } fragment F on Query { q { a } }", limits), "");
  EXPECT_EQ(code_of("{ q { ...F } } fragment F on Query { q { q { a } } }", limits), "QUERY_TOO_DEEP");
  EXPECT_EQ(code_of("{ a } fragment F on Query { q { q { q { a } } } }", limits), "QUERY_TOO_DEEP");
  EXPECT_EQ(errors_of("{ q { q { q { nothing } } } }", limits).size(), 1U);  // the other rules do not run
}

TEST(ValidationLimits, RootFields) {
  const base::DocumentLimits limits{.root_fields_max = 3};
  EXPECT_EQ(code_of("{ a b: a ... { c: a } }", limits), "");
  EXPECT_EQ(code_of("{ a b: a ... { c: a ...F } } fragment F on Query { d: a }", limits),
            "QUERY_TOO_COMPLEX");
}

TEST(ValidationLimits, AliasesOfOneField) {
  const base::DocumentLimits limits{.aliases_of_one_field_max = 2};
  EXPECT_EQ(code_of("{ x: a y: a q { z: a } }", limits), "");
  EXPECT_EQ(code_of("{ q { x: a y: a z: a } }", limits), "TOO_MANY_ALIASES");
}

TEST(ValidationLimits, DirectivesInOnePlace) {
  const base::DocumentLimits limits{.directives_per_place_max = 1};
  EXPECT_EQ(code_of("{ a @skip(if: true) q @skip(if: true) { a } }", limits), "");
  EXPECT_EQ(code_of("{ a @skip(if: true) @include(if: true) }", limits), "QUERY_TOO_COMPLEX");
}

TEST(ValidationLimits, IntrospectionDepth) {
  EXPECT_EQ(code_of("{ __schema { types { fields { type { fields { name } } } } } }"), "");
  EXPECT_EQ(code_of("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"),
            "GRAPHQL_VALIDATION_FAILED");
  EXPECT_EQ(code_of("{ __type(name: \"I\") { ...F } } fragment F on __Type { fields { type { ...G } } } "
                    "fragment G on __Type { fields { type { fields { name } } } }"),
            "GRAPHQL_VALIDATION_FAILED");
}

TEST(ValidationLimits, ErrorsReported) {
  const Errors errors =
      errors_of("{" + repeat(50, [](int i) { return numbered(" x", i); }) + "}", {.errors_reported_max = 7});
  ASSERT_EQ(errors.size(), 8U);
  EXPECT_EQ(errors.back().message, "Too many validation errors, error limit reached. Validation aborted.");
}

TEST(ValidationLimits, ManyAliasesOfOneField) {
  const base::DocumentLimits wide{.root_fields_max = 10'000, .aliases_of_one_field_max = 10'000};
  const std::string different =
      "{ q {" + repeat(2'000, [](int i) { return numbered(" x", i) + ": a"; }) + "} }";
  EXPECT_EQ(code_of(different), "TOO_MANY_ALIASES");
  EXPECT_EQ(code_of(different, wide), "");
  EXPECT_EQ(code_of("{" + repeat(2'000, [](int) { return " x: a"; }) + "}", wide), "");
  EXPECT_EQ(code_of("{" + repeat(1'000, [](int) { return " x: q { a }"; }) + "}", wide), "QUERY_TOO_COMPLEX");
}

TEST(ValidationLimits, ChainsOfFragments) {
  const auto chain = [](int count) {
    return "{ ...F0 }" +
           repeat(count,
                  [](int i) {
                    return " fragment " + numbered("F", i) + " on Query { ..." + numbered("F", i + 1) + "}";
                  }) +
           " fragment " + numbered("F", count) + " on Query { a }";
  };
  EXPECT_EQ(code_of(chain(300)), "");
  EXPECT_EQ(code_of(chain(1'000)), "QUERY_TOO_COMPLEX");
}

// Walked spread by spread, this would be 3^13 fields.
TEST(ValidationLimits, FragmentsThatFanOut) {
  EXPECT_EQ(code_of("{ ...F0 }" +
                    repeat(13,
                           [](int i) {
                             const std::string next = "..." + numbered("F", i + 1);
                             return " fragment " + numbered("F", i) + " on Query { " + next + " q {" + next +
                                    "} q {" + next + "} }";
                           }) +
                    " fragment F13 on Query { a }"),
            "");
}

TEST(ValidationLimits, CirclesOfFragments) {
  EXPECT_EQ(errors_of("{ ...A0 }" + circle("A", 300)).front().locations.size(), 100U);
  EXPECT_EQ(code_of("{ ...A0 ...B0 }" + circle("A", 300) + circle("B", 299)), "QUERY_TOO_COMPLEX");
  EXPECT_EQ(code_of("{ ...A0 ...B0 }" + circle("A", 7, "q {", "}") + circle("B", 6, "q {", "}")),
            "GRAPHQL_VALIDATION_FAILED");
  EXPECT_EQ(code_of("{ a }" + circle("A", 300, "q {", "}")), "QUERY_TOO_DEEP");
}

TEST(ValidationLimits, DeepValues) {
  const auto nested = [](std::string_view open, std::string_view inside, std::string_view close) {
    return repeat(190, [&](int) { return std::string(open); }) + std::string(inside) +
           repeat(190, [&](int) { return std::string(close); });
  };
  EXPECT_EQ(code_of("{ f(y: " + nested("{i: ", "null", "}") + ") }"), "");
  EXPECT_EQ(code_of("{ f(x: " + nested("[", "1", "]") + ") }"), "GRAPHQL_VALIDATION_FAILED");
}

// Errors are no longer than what is worth reading, and positions are found without starting over.
TEST(ValidationLimits, LongTexts) {
  const std::string name(900'000, 'n');
  const Errors unknown = errors_of("{ " + name + " }");
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_LT(unknown[0].message.size(), 2'100U);
  const Errors repeated = errors_of("#" + name + "\nquery (" +
                                    repeat(2'000, [](int) { return std::string("$a: Int "); }) + ") { a }");
  ASSERT_EQ(repeated.size(), 101U);
  const auto found =
      std::ranges::find(repeated, "There can be only one variable named \"$a\".", &Error::message);
  ASSERT_NE(found, repeated.end());
  EXPECT_EQ(found->locations.size(), 100U);
  EXPECT_EQ(found->locations[1], (base::LineColumn{2, 17}));
}

TEST(ValidationLimits, ManyConflicts) {
  const std::string fields = repeat(48, [](int i) {
    return " a: " + numbered(std::string(200, 'k'), i) + " { x: " + numbered(std::string(200, 'l'), i) + " }";
  });
  const Errors errors = errors_of("{ q {" + fields + "} q {" + fields + "} }");
  ASSERT_EQ(errors.size(), 101U);
  for (const Error& error : errors) {
    EXPECT_LT(error.message.size(), 2'100U);
    EXPECT_LE(error.locations.size(), 100U);
  }
}

}  // namespace
}  // namespace tenon::graphql
