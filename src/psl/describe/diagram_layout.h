// Where the boxes of a diagram stand and how its lines run: boxes in columns, referred-to ones to the left,
// lines in the channels between columns and in lanes kept free within them, so that none crosses a box.
#pragma once

#include <span>
#include <vector>

#include "psl/describe/diagram.h"

namespace tenon::psl::describe {

// All lengths are pixels of the picture.
inline constexpr double header_height = 30;
inline constexpr double row_height = 22;
inline constexpr double bottom_height = 6;  // below the last row

struct Point {
  double x = 0;
  double y = 0;
};

struct Rectangle {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

struct DiagramLayout {
  std::vector<Rectangle> boxes;            // as Diagram::boxes
  std::vector<std::vector<Point>> routes;  // as Diagram::edges, from the child to the parent
  double width = 0;
  double height = 0;
};

double box_height(const DiagramBox& box);

// `widths` are those of the boxes.
DiagramLayout lay_out(const Diagram& diagram, std::span<const double> widths);

}  // namespace tenon::psl::describe
