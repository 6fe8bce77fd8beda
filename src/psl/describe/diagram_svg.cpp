#include "psl/describe/diagram_svg.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/limits.h"
#include "psl/describe/diagram_layout.h"

namespace tenon::psl {

namespace {

using describe::DiagramLayout;
using describe::header_height;
using describe::Point;
using describe::Rectangle;
using describe::row_height;

constexpr double margin = 28;
constexpr double padding = 12;      // within boxes
constexpr double mark_width = 26;   // of the column with key marks
constexpr double column_gap = 22;   // between names and types
constexpr double corner = 6;        // radius where a line turns
constexpr double header_size = 13;  // of its font; rows are one smaller
constexpr double row_size = 12;

constexpr std::string_view style = R"(
  svg { --paper: #f7f8fa; --box: #ffffff; --line: #c9d1dc; --text: #1f2937; --soft: #6b7280; --rule: #eef0f4;
    --edge: #8592a6; --model: #4f5bd5; --view: #0d8a7c; --enum: #9a4fc4; --key: #b7791f; --foreign: #4f5bd5;
    --unique: #0d8a7c; --hover: #e0457b; }
  @media (prefers-color-scheme: dark) { svg { --paper: #14171c; --box: #1d2229; --line: #39424f; --text: #e3e7ee;
    --soft: #98a2b3; --rule: #272d36; --edge: #76839a; --model: #6d78e8; --view: #1fa594; --enum: #b06ad8;
    --key: #e0ae4c; --foreign: #939cf5; --unique: #3dc4b2; --hover: #ff6b9a; } }
  .paper { fill: var(--paper); }
  text { font-family: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif;
    font-size: 12px; fill: var(--text); }
  .box { fill: var(--box); stroke: var(--line); }
  .head { fill: var(--model); } .view .head { fill: var(--view); } .enum .head { fill: var(--enum); }
  .title { font-size: 13px; font-weight: 600; fill: #ffffff; }
  .table { font-size: 11px; fill: #ffffff; fill-opacity: .78; text-anchor: end; }
  .type { fill: var(--soft); text-anchor: end; }
  .key { font-weight: 600; }
  .mark { font-size: 9px; font-weight: 700; letter-spacing: .3px; }
  .pk { fill: var(--key); } .fk { fill: var(--foreign); } .uk { fill: var(--unique); }
  .rule { stroke: var(--rule); }
  .edge { fill: none; stroke: var(--edge); stroke-width: 1.4; stroke-linecap: round; }
  .edge circle { fill: var(--paper); }
  .edge .wide { stroke: transparent; stroke-width: 11; }
  .edge:hover { stroke: var(--hover); stroke-width: 2; }
)";

// Widths of characters in the usual sans-serif fonts, as parts of the font's size.
double character_width(unsigned char c) {
  if (c >= 0x80) return c >= 0xE3 ? 1.0 : 0.62;
  if (std::string_view("iljtfI.,:;'|!()[] ").contains(static_cast<char>(c))) return 0.33;
  if (std::string_view("mwMW@").contains(static_cast<char>(c))) return 0.9;
  if (c >= 'A' && c <= 'Z') return 0.69;
  return 0.575;
}

// Bytes after the first one of a UTF-8 sequence take no room.
double text_width(std::string_view text, double size) {
  double width = 0;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80)
      width += character_width(static_cast<unsigned char>(c));
  return width * size;
}

std::string shortened(std::string_view text) {
  if (text.size() <= base::diagram_text_bytes_max) return std::string(text);
  std::size_t end = base::diagram_text_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

// Text of an element or attribute. Control characters are not allowed in XML at all.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return out;
}

std::string_view class_of(BoxKind kind) {
  switch (kind) {
    case BoxKind::model:
      return "model";
    case BoxKind::view:
      return "view";
    case BoxKind::enumeration:
      return "enum";
  }
  return {};
}

// The one mark of a row that says most.
std::string_view mark_of(const DiagramRow& row) {
  if (row.is_primary) return "PK";
  if (row.is_foreign) return "FK";
  return row.is_unique ? "UK" : "";
}

bool has_marks(const DiagramBox& box) { return box.kind != BoxKind::enumeration; }

double box_width(const DiagramBox& box) {
  double name = 0;
  double type = 0;
  for (const DiagramRow& row : box.rows) {
    name = std::max(name, text_width(shortened(row.name), row_size) * (row.is_primary ? 1.06 : 1));
    type = std::max(type, text_width(shortened(row.type), row_size));
  }
  const double rows = (has_marks(box) ? mark_width : 0) + name + (type > 0 ? column_gap + type : 0);
  double header = text_width(shortened(box.name), header_size) * 1.06;
  if (!box.database_name.empty())
    header += column_gap + text_width(shortened(box.database_name), header_size - 2);
  return std::ceil(std::max({rows, header, 90.0}) + 2 * padding);
}

class Picture {
 public:
  Picture(const Diagram& diagram, std::size_t left_out) : diagram_(diagram), left_out_(left_out) {
    for (const DiagramBox& box : diagram.boxes) widths_.push_back(box_width(box));
    layout_ = describe::lay_out(diagram, widths_);
  }

  std::string draw() {
    const double note = left_out_ > 0 ? 24 : 0;
    const double width = layout_.width + 2 * margin;
    const double height = layout_.height + 2 * margin + note;
    print(
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" height="{1:.0f}")",
        width, height);
    out_ += " role=\"img\" aria-label=\"Entity-relationship diagram\">\n<style>";
    out_ += style;
    out_ += "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n";
    print("<g transform=\"translate({0} {0})\">\n", margin);
    for (std::size_t i = 0; i < diagram_.edges.size(); ++i) draw_edge(diagram_.edges[i], layout_.routes[i]);
    for (std::size_t i = 0; i < diagram_.boxes.size(); ++i) draw_box(diagram_.boxes[i], layout_.boxes[i]);
    if (left_out_ > 0)
      print("<text x=\"0\" y=\"{:.0f}\">{} more are not shown.</text>\n", layout_.height + note, left_out_);
    out_ += "</g>\n</svg>\n";
    return std::move(out_);
  }

 private:
  template <class... Arguments>
  void print(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Arguments>(arguments)...);
  }

  void draw_box(const DiagramBox& box, const Rectangle& at) {
    print("<g class=\"{}\" transform=\"translate({:.0f} {:.0f})\">\n", class_of(box.kind), at.x, at.y);
    if (!box.documentation.empty()) print("<title>{}</title>\n", escaped(box.documentation));
    print("<rect class=\"box\" width=\"{:.0f}\" height=\"{:.0f}\" rx=\"6\"/>\n", at.width, at.height);
    print("<path class=\"head\" d=\"M0 {1}V6a6 6 0 0 1 6-6H{0:.0f}a6 6 0 0 1 6 6V{1}z\"/>\n", at.width - 6,
          header_height);
    print("<text class=\"title\" x=\"{}\" y=\"20\">{}</text>\n", padding, escaped(shortened(box.name)));
    if (!box.database_name.empty())
      print("<text class=\"table\" x=\"{:.0f}\" y=\"20\">{}</text>\n", at.width - padding,
            escaped(shortened(box.database_name)));
    for (std::size_t i = 0; i < box.rows.size(); ++i) draw_row(box, box.rows[i], i, at.width);
    out_ += "</g>\n";
  }

  void draw_row(const DiagramBox& box, const DiagramRow& row, std::size_t number, double width) {
    const double top = header_height + row_height * static_cast<double>(number);
    const double base = top + 15;
    if (number > 0) print("<path class=\"rule\" d=\"M1 {:.0f}H{:.0f}\"/>\n", top, width - 1);
    const std::string_view mark = mark_of(row);
    if (!mark.empty())
      print("<text class=\"mark {}\" x=\"{}\" y=\"{:.0f}\">{}</text>\n",
            row.is_primary   ? "pk"
            : row.is_foreign ? "fk"
                             : "uk",
            padding, base - 0.5, mark);
    print("<text{} x=\"{}\" y=\"{:.0f}\">{}</text>", row.is_primary ? " class=\"key\"" : "",
          padding + (has_marks(box) ? mark_width : 0), base, escaped(shortened(row.name)));
    if (!row.type.empty())
      print("<text class=\"type\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>", width - padding, base,
            escaped(shortened(row.type)));
    out_ += '\n';
  }

  std::string end_name(const DiagramEnd& end) const {
    const DiagramBox& box = diagram_.boxes[end.box];
    return end.row ? box.name + '.' + box.rows[*end.row].name : box.name;
  }

  void draw_edge(const DiagramEdge& edge, const std::vector<Point>& points) {
    print("<g class=\"edge\"><title>{} → {} ({})</title>", escaped(end_name(edge.child)),
          escaped(end_name(edge.parent)), escaped(edge.label));
    const std::string path = path_of(points);
    print("<path class=\"wide\" d=\"{0}\"/><path d=\"{0}\"/>", path);
    const auto direction = [](const Point& from, const Point& to) { return to.x < from.x ? -1 : 1; };
    draw_end(edge.child.cardinality, points.front(), direction(points.front(), points[1]));
    draw_end(edge.parent.cardinality, points.back(), direction(points.back(), points[points.size() - 2]));
    out_ += "</g>\n";
  }

  // A crow's foot or a bar at the box; a circle where there may be none.
  void draw_end(Cardinality cardinality, const Point& at, int direction) {
    const double x = at.x;
    const int d = direction;
    if (cardinality == Cardinality::many)
      print("<path d=\"M{0:.0f} {1:.1f}L{2:.0f} {4:.1f}L{0:.0f} {3:.1f}\"/>", x, at.y - 5, x + 10 * d,
            at.y + 5, at.y);
    else
      print("<path d=\"M{0:.0f} {1:.1f}V{2:.1f}\"/>", x + 6 * d, at.y - 5, at.y + 5);
    if (cardinality == Cardinality::one)
      print("<path d=\"M{0:.0f} {1:.1f}V{2:.1f}\"/>", x + 10 * d, at.y - 5, at.y + 5);
    else
      print("<circle cx=\"{:.0f}\" cy=\"{:.1f}\" r=\"3.2\"/>",
            x + (cardinality == Cardinality::many ? 13.5 : 10) * d, at.y);
  }

  // Horizontal and vertical pieces with rounded corners.
  static std::string path_of(const std::vector<Point>& points) {
    std::string path = fmt::format("M{:.0f} {:.1f}", points[0].x, points[0].y);
    for (std::size_t i = 1; i + 1 < points.size(); ++i) {
      const Point& before = points[i - 1];
      const Point& at = points[i];
      const Point& after = points[i + 1];
      const double radius = std::min({corner, length(before, at) / 2, length(at, after) / 2});
      const Point from = towards(at, before, radius);
      const Point to = towards(at, after, radius);
      path +=
          fmt::format("L{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}", from.x, from.y, at.x, at.y, to.x, to.y);
    }
    return path + fmt::format("L{:.0f} {:.1f}", points.back().x, points.back().y);
  }

  static double length(const Point& a, const Point& b) { return std::abs(a.x - b.x) + std::abs(a.y - b.y); }

  static Point towards(const Point& from, const Point& to, double distance) {
    const double whole = length(from, to);
    if (whole < 0.01) return from;
    return {from.x + (to.x - from.x) * distance / whole, from.y + (to.y - from.y) * distance / whole};
  }

  const Diagram& diagram_;
  std::size_t left_out_;
  std::vector<double> widths_;
  DiagramLayout layout_;
  std::string out_;
};

// The first boxes only, with the edges between them.
Diagram first_boxes(const Diagram& diagram, std::size_t count) {
  Diagram first{.boxes = {diagram.boxes.begin(), diagram.boxes.begin() + static_cast<std::ptrdiff_t>(count)},
                .edges = {}};
  for (const DiagramEdge& edge : diagram.edges)
    if (edge.child.box < count && edge.parent.box < count) first.edges.push_back(edge);
  return first;
}

}  // namespace

std::string diagram_svg(const Diagram& diagram) {
  if (diagram.boxes.size() <= base::diagram_boxes_max) return Picture(diagram, 0).draw();
  return Picture(first_boxes(diagram, base::diagram_boxes_max),
                 diagram.boxes.size() - base::diagram_boxes_max)
      .draw();
}

}  // namespace tenon::psl
