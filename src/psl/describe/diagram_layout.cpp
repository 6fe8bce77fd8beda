#include "psl/describe/diagram_layout.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "psl/describe/diagram_columns.h"
#include "psl/describe/diagram_routes.h"

namespace tenon::psl::describe {

namespace {

constexpr double component_gap = 44;
constexpr double aspect_of_pages = 1.6;

// Boxes that are joined, directly or not, have one root.
class Joined {
 public:
  explicit Joined(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0); }
  std::uint32_t root(std::uint32_t box) {
    while (parent_[box] != box) box = parent_[box] = parent_[parent_[box]];
    return box;
  }
  void join(std::uint32_t a, std::uint32_t b) { parent_[root(a)] = root(b); }

 private:
  std::vector<std::uint32_t> parent_;
};

std::vector<Component> components_of(const Diagram& diagram) {
  Joined joined(diagram.boxes.size());
  for (const DiagramEdge& edge : diagram.edges) joined.join(edge.child.box, edge.parent.box);
  std::vector<Component> components;
  std::vector<std::uint32_t> number(diagram.boxes.size(), no_item);
  for (std::uint32_t box = 0; box < diagram.boxes.size(); ++box) {
    std::uint32_t& of_root = number[joined.root(box)];
    if (of_root == no_item) {
      of_root = static_cast<std::uint32_t>(components.size());
      components.emplace_back();
    }
    components[of_root].boxes.push_back(box);
  }
  for (std::uint32_t edge = 0; edge < diagram.edges.size(); ++edge)
    components[number[joined.root(diagram.edges[edge].child.box)]].edges.push_back(edge);
  return components;
}

// Rectangles from the top down, each as high as it can go.
class Skyline {
 public:
  explicit Skyline(double width) : steps_{{.x = 0, .y = 0, .width = width}} {}

  Point place(double width, double height) {
    std::size_t best = 0;
    double best_y = std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const double y = top_at(i, width);
      if (y < best_y) {
        best = i;
        best_y = y;
      }
    }
    const Point found{.x = steps_[best].x, .y = best_y};
    cover({.x = found.x, .y = found.y + height, .width = width});
    return found;
  }

 private:
  struct Step {
    double x = 0;
    double y = 0;
    double width = 0;
  };

  double top_at(std::size_t first, double width) const {
    double y = 0;
    double rest = width;
    for (std::size_t i = first; i < steps_.size() && rest > 0.01; ++i) {
      y = std::max(y, steps_[i].y);
      rest -= steps_[i].width;
    }
    return rest > 0.01 ? std::numeric_limits<double>::max() : y;
  }

  void cover(const Step& step) {
    std::vector<Step> steps;
    const double end = step.x + step.width;
    for (const Step& old : steps_) {
      const double old_end = old.x + old.width;
      if (old.x < step.x - 0.01) steps.push_back({old.x, old.y, std::min(old_end, step.x) - old.x});
      if (old.x <= step.x && step.x < old_end - 0.01) steps.push_back(step);
      if (old_end > end + 0.01) {
        const double x = std::max(old.x, end);
        steps.push_back({x, old.y, old_end - x});
      }
    }
    steps_ = std::move(steps);
  }

  std::vector<Step> steps_;
};

}  // namespace

double box_height(const DiagramBox& box) {
  return header_height + row_height * static_cast<double>(box.rows.size()) + bottom_height;
}

DiagramLayout lay_out(const Diagram& diagram, std::span<const double> widths) {
  std::vector<RoutedComponent> parts;
  double area = 0;
  double widest = 0;
  for (const Component& component : components_of(diagram)) {
    parts.push_back(route(arrange(diagram, widths, component), widths));
    area += (parts.back().width + component_gap) * (parts.back().height + component_gap);
    widest = std::max(widest, parts.back().width + component_gap);
  }
  // The large parts first; single boxes fill what is left.
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return std::pair(parts[a].boxes.size(), parts[a].height) >
               std::pair(parts[b].boxes.size(), parts[b].height) ||
           (parts[a].boxes.size() == parts[b].boxes.size() && parts[a].height == parts[b].height && a < b);
  });
  DiagramLayout layout{.boxes = std::vector<Rectangle>(diagram.boxes.size()),
                       .routes = std::vector<std::vector<Point>>(diagram.edges.size())};
  Skyline skyline(std::max(widest, std::sqrt(area * aspect_of_pages)));
  for (const std::size_t i : order) {
    const Point at = skyline.place(parts[i].width + component_gap, parts[i].height + component_gap);
    for (const auto& [box, rectangle] : parts[i].boxes)
      layout.boxes[box] = {rectangle.x + at.x, rectangle.y + at.y, rectangle.width, rectangle.height};
    for (auto& [edge, points] : parts[i].routes) {
      for (Point& point : points) point = {point.x + at.x, point.y + at.y};
      layout.routes[edge] = std::move(points);
    }
    layout.width = std::max(layout.width, at.x + parts[i].width);
    layout.height = std::max(layout.height, at.y + parts[i].height);
  }
  return layout;
}

}  // namespace tenon::psl::describe
