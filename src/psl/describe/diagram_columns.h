// The first half of the layout of one connected part of a diagram: which column each box stands in, the order
// within columns, and the heights. Lines that pass a column get a lane there, an item without height.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "psl/describe/diagram_layout.h"

namespace tenon::psl::describe {

// Boxes that lines connect, or one box alone.
struct Component {
  std::vector<std::uint32_t> boxes;
  std::vector<std::uint32_t> edges;
};

// A box or a lane within a column.
struct Item {
  std::optional<std::uint32_t> box;  // absent: a lane
  std::uint32_t column = 0;
  double height = 0;
  double y = 0;  // of its upper side
};

// Where a line meets an item.
struct Port {
  std::uint32_t item = 0;
  double offset = 0;  // from the item's upper side
};

struct WireEdge {
  std::uint32_t edge = 0;
  Port child;
};

// All edges to one row of one box: they share lines, as branches of a tree.
struct Wire {
  Port parent;
  std::vector<WireEdge> edges;
  // Lanes by column, for the columns strictly between the parent and its farthest children.
  std::uint32_t first_column = 0;
  std::vector<std::uint32_t> lanes;  // items; no_item at the parent's own column
  std::uint32_t lane(std::uint32_t column) const { return lanes[column - first_column]; }
};
inline constexpr std::uint32_t no_item = ~0U;

struct Columns {
  std::vector<Item> items;
  std::vector<std::vector<std::uint32_t>> columns;  // items from top to bottom
  std::vector<Wire> wires;

  std::uint32_t column(const Port& port) const { return items[port.item].column; }
  double y(const Port& port) const { return items[port.item].y + port.offset; }
};

// The ends of a wire in one channel, which is what lies between a column and the next one. The first end on
// the parent's side is where all the others come from.
struct Net {
  std::uint32_t wire = 0;
  bool from_left = true;  // the parent's side
  std::vector<Port> left;
  std::vector<Port> right;
};
// By channel; the last one, right of the last column, is for lines within that column.
std::vector<std::vector<Net>> nets_of(const Columns& columns);

Columns arrange(const Diagram& diagram, std::span<const double> widths, const Component& component);

}  // namespace tenon::psl::describe
