#include "base/diagnostic.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/limits.h"
#include "tests/support/golden.h"

namespace tenon::base {
namespace {

Span find(const SourceSet& sources, SourceId id, std::string_view text) {
  const auto at = static_cast<std::uint32_t>(sources.text(id).find(text));
  return {.source = id, .begin = at, .end = at + static_cast<std::uint32_t>(text.size())};
}

// One of each kind of place: on the first line, behind tabs and wide text, over several lines, at the very
// end.
Diagnostics sample(SourceSet& sources) {
  const SourceId id = sources.add("api/blog.graphql",
                                  "extend type Pst @auth(rules: [])\n"
                                  "\t# Straße 日本\n"
                                  "\ttype é { naïve: Strng }\r\n"
                                  "type Open {\n"
                                  "  a: Int\n");
  const auto size = static_cast<std::uint32_t>(sources.text(id).size());
  Diagnostics found;
  found.error(code::overlay_unknown_model, "There is no model Pst.", find(sources, id, "Pst"),
              "did you mean \"Post\"?");
  found.warning(code::overlay_syntax, "Unknown type Strng.", find(sources, id, "Strng"));
  found.error(code::overlay_syntax, "This is never closed.", find(sources, id, "{\n  a: Int\n"));
  found.error(code::overlay_syntax, "Unexpected end of the file.",
              Span{.source = id, .begin = size, .end = size});
  found.add({.severity = Severity::note,
             .code = code::api_empty,
             .message = "No place at all.",
             .help = "do something"});
  return found;
}

TEST(Diagnostics, RenderAsText) {
  SourceSet sources;
  const Diagnostics found = sample(sources);
  test::expect_golden("tests/golden/base/diagnostics.txt", render(found, sources, {}));
}

TEST(Diagnostics, RenderInColour) {
  SourceSet sources;
  const Diagnostics found = sample(sources);
  test::expect_golden("tests/golden/base/diagnostics_colour.txt", render(found, sources, {.colour = true}));
}

TEST(Diagnostics, CountErrorsApartFromWarnings) {
  Diagnostics found;
  EXPECT_TRUE(found.empty());
  found.warning(code::api_empty, "w");
  EXPECT_FALSE(found.empty());
  EXPECT_FALSE(found.has_errors());
  found.error(code::api_empty, "e");
  EXPECT_TRUE(found.has_errors());
  EXPECT_EQ(found.error_count(), 1U);
  EXPECT_EQ(found.all().size(), 2U);
}

TEST(Diagnostics, ASpanBeyondTheTextIsNoDisaster) {
  SourceSet sources;
  const SourceId id = sources.add("a", "x");
  const Diagnostic wild{
      .code = code::api_empty, .message = "m", .span = Span{.source = id, .begin = 50, .end = 10}};
  EXPECT_NE(render(wild, sources, {}).find("a:1:2"), std::string::npos);
}

TEST(Error, PrintsWhatItHas) {
  EXPECT_EQ(to_string(Error{.code = code::config_invalid, .message = "No."}), "TN1001: No.");
  EXPECT_EQ(
      to_string(Error{.code = code::config_invalid, .message = "No.", .help = "Yes.", .place = "a:1:2"}),
      "a:1:2: TN1001: No.\n  Yes.");
}

TEST(Diagnostics, KeepsOnlySoManyButAlwaysErrors) {
  Diagnostics found;
  for (std::size_t i = 0; i < diagnostics_kept_max + 5; ++i) found.warning(code::schema_invalid, "w");
  found.error(code::schema_invalid, "e");
  EXPECT_EQ(found.all().size(), diagnostics_kept_max + 1);
  EXPECT_EQ(found.omitted(), 5U);
  EXPECT_TRUE(found.has_errors());
  EXPECT_EQ(found.all().back().message, "e");
  EXPECT_TRUE(render(found, SourceSet(), {}).ends_with("and 5 more that are not shown\n"));
}

}  // namespace
}  // namespace tenon::base
