// The second half of the layout of one connected part of a diagram: how wide the channels between columns
// are, and which way each line takes through them.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "psl/describe/diagram_columns.h"

namespace tenon::psl::describe {

struct RoutedComponent {
  std::vector<std::pair<std::uint32_t, Rectangle>> boxes;
  std::vector<std::pair<std::uint32_t, std::vector<Point>>> routes;  // of edges, from child to parent
  double width = 0;
  double height = 0;
};

RoutedComponent route(const Columns& columns, std::span<const double> widths);

}  // namespace tenon::psl::describe
