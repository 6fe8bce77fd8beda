#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "base/limits.h"
#include "psl/check/check.h"
#include "psl/describe/default_value.h"
#include "psl/describe/diagram.h"
#include "psl/describe/diagram_layout.h"
#include "psl/describe/diagram_svg.h"
#include "psl/describe/dmmf.h"
#include "tests/support/golden.h"

namespace tenon::psl {
namespace {

// Keeps what a CheckedSchema points into.
struct Described {
  explicit Described(std::string text) {
    const std::vector<base::SourceId> files{sources.add("schema.prisma", std::move(text))};
    schema = check_schema(sources, files, diagnostics);
    EXPECT_TRUE(schema.complete) << base::render(diagnostics, sources, {});
  }
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  CheckedSchema schema;
};

std::filesystem::path with_extension(std::filesystem::path file, const char* extension) {
  return file.replace_extension(extension);
}

TEST(Describe, Golden) {
  for (const std::filesystem::path& file : test::cases("tests/golden/psl/describe", ".prisma")) {
    const Described checked(test::read_file(test::source_dir() / file));
    const Diagram diagram = diagram_of(checked.schema.resolved);
    test::expect_golden(with_extension(file, ".dmmf.json"), describe_datamodel(checked.schema) + '\n');
    test::expect_golden(with_extension(file, ".mermaid"), mermaid_text(diagram));
    test::expect_golden(with_extension(file, ".svg"), diagram_svg(diagram));
  }
}

TEST(DecimalValue, IsWhatPrismaComputes) {
  EXPECT_EQ(describe::decimal_value("9.9999999"), 9.999999899999999);
  EXPECT_EQ(describe::decimal_value("0.3"), 0.30000000000000004);
  EXPECT_EQ(describe::decimal_value("-1e5"), -100000);
  EXPECT_EQ(describe::decimal_value("123456789012345678901234567890.123456789"), 1.234567890123457e29);
  EXPECT_EQ(describe::decimal_value("121.10299000124800000001"), 121.102990001248);
  EXPECT_EQ(describe::decimal_value("-0.00"), 0);
  EXPECT_EQ(describe::decimal_value(""), 0);
}

TEST(DateTimeText, HasAnOffsetInNumbers) {
  EXPECT_EQ(describe::date_time_text("2020-01-01T00:00:00.000Z"), "2020-01-01T00:00:00+00:00");
  EXPECT_EQ(describe::date_time_text("2020-01-01T00:00:00.1-08:30"), "2020-01-01T00:00:00.100-08:30");
  EXPECT_EQ(describe::date_time_text("2020-01-01t00:00:00.1234567891z"),
            "2020-01-01T00:00:00.123456789+00:00");
}

TEST(Mermaid, QuotesWhatItCouldTakeForItsOwnWords) {
  const Described checked(
      "datasource db {\n  provider = \"postgresql\"\n}\nmodel one {\n  id Int @id\n  to many[]\n"
      "  p Unsupported(\"bit <varying>(5)\")?\n}\nmodel many {\n  id Int @id\n  oneId Int\n"
      "  only one @relation(fields: [oneId], references: [id])\n}\n");
  EXPECT_EQ(mermaid_text(diagram_of(checked.schema.resolved)),
            "erDiagram\n  \"one\" {\n    Int id PK\n    bit__varying_(5) p \"optional\"\n  }\n"
            "  \"many\" {\n    Int id PK\n    Int oneId FK\n  }\n  \"one\" ||--o{ \"many\" : \"only\"\n");
}

TEST(DiagramSvg, EscapesWhatSchemasSay) {
  const Described checked(
      "datasource db {\n  provider = \"mysql\"\n}\n/// <b> & \"c\"\nmodel A {\n  id Int @id\n  x "
      "Unsupported(\"<x>\")?\n}\n");
  const std::string svg = diagram_svg(diagram_of(checked.schema.resolved));
  EXPECT_NE(svg.find("&lt;b&gt; &amp; &quot;c&quot;"), std::string::npos);
  EXPECT_NE(svg.find("&lt;x&gt;?"), std::string::npos);
}

TEST(DiagramSvg, SaysWhatItLeavesOut) {
  Diagram diagram;
  for (std::size_t i = 0; i < base::diagram_boxes_max + 3; ++i)
    diagram.boxes.push_back({.name = fmt::format("Box{}", i), .rows = {}});
  diagram.edges.push_back(
      {.child = {.box = 0}, .parent = {.box = static_cast<std::uint32_t>(base::diagram_boxes_max)}});
  EXPECT_NE(diagram_svg(diagram).find("3 more are not shown."), std::string::npos);
}

Diagram random_diagram(std::mt19937& random, std::uint32_t boxes) {
  Diagram diagram;
  for (std::uint32_t box = 0; box < boxes; ++box) {
    diagram.boxes.push_back({.name = fmt::format("Box{}", box), .rows = {}});
    diagram.boxes.back().rows.resize(1 + random() % 12);
  }
  const auto end = [&](bool whole) {
    DiagramEnd found{.box = static_cast<std::uint32_t>(random() % boxes)};
    if (!whole) found.row = random() % diagram.boxes[found.box].rows.size();
    return found;
  };
  for (std::uint32_t edge = 0; edge < boxes * 3 / 2; ++edge) {
    const bool whole = random() % 5 == 0;
    diagram.edges.push_back({.child = end(whole), .parent = end(whole)});
  }
  return diagram;
}

bool crosses(const describe::Point& a, const describe::Point& b, const describe::Rectangle& box) {
  const auto [left, right] = std::minmax(a.x, b.x);
  const auto [top, bottom] = std::minmax(a.y, b.y);
  return left < box.x + box.width - 1 && right > box.x + 1 && top < box.y + box.height - 1 &&
         bottom > box.y + 1;
}

bool overlap(const describe::Rectangle& a, const describe::Rectangle& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

TEST(DiagramLayout, NothingRunsOverABox) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    std::mt19937 random(seed);
    const Diagram diagram = random_diagram(random, 2 + seed);
    std::vector<double> widths(diagram.boxes.size());
    for (double& width : widths) width = 100 + static_cast<double>(random() % 150);
    const describe::DiagramLayout layout = describe::lay_out(diagram, widths);
    for (std::size_t i = 0; i < layout.boxes.size(); ++i)
      for (std::size_t k = 0; k < i; ++k)
        EXPECT_FALSE(overlap(layout.boxes[i], layout.boxes[k])) << i << " and " << k;
    for (const std::vector<describe::Point>& route : layout.routes) {
      ASSERT_GE(route.size(), 2U);
      for (std::size_t i = 0; i + 1 < route.size(); ++i) {
        EXPECT_TRUE(route[i].x == route[i + 1].x || std::abs(route[i].y - route[i + 1].y) < 0.5);
        for (const describe::Rectangle& box : layout.boxes)
          EXPECT_FALSE(crosses(route[i], route[i + 1], box));
        EXPECT_LE(route[i].x, layout.width);
        EXPECT_LE(route[i].y, layout.height);
      }
    }
  }
}

}  // namespace
}  // namespace tenon::psl
