#include "psl/describe/diagram_columns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace tenon::psl::describe {

namespace {

constexpr double box_gap = 30;
constexpr double lane_gap = 14;
constexpr double port_distance = 7;
constexpr int order_sweeps = 12;
constexpr int height_sweeps = 16;
// A picture is about this much wider than it is high.
constexpr double aspect_of_columns = 1.5;
constexpr double channel_width_expected = 80;

class Arrangement {
 public:
  Arrangement(const Diagram& diagram, std::span<const double> widths, const Component& component)
      : diagram_(diagram), widths_(widths), component_(component) {}

  Columns run() {
    for (const std::uint32_t box : component_.boxes) {
      item_of_[box] = static_cast<std::uint32_t>(result_.items.size());
      result_.items.push_back({.box = box, .height = box_height(diagram_.boxes[box])});
    }
    find_neighbours();
    assign_levels();
    make_columns();
    make_wires();
    make_lanes();
    links_of_nets();
    order_columns();
    settle_heights();
    return std::move(result_);
  }

 private:
  std::uint32_t child_item(const DiagramEdge& edge) const { return item_of_.at(edge.child.box); }
  std::uint32_t parent_item(const DiagramEdge& edge) const { return item_of_.at(edge.parent.box); }

  void find_neighbours() {
    parents_.resize(result_.items.size());
    children_.resize(result_.items.size());
    for (const std::uint32_t id : component_.edges) {
      const std::uint32_t child = child_item(diagram_.edges[id]);
      const std::uint32_t parent = parent_item(diagram_.edges[id]);
      if (child == parent) continue;
      parents_[child].push_back(parent);
      children_[parent].push_back(child);
    }
  }

  // A box comes after all that it refers to; in a circle, one that waits for the fewest goes first.
  void assign_levels() {
    const std::size_t count = result_.items.size();
    level_.assign(count, 0);
    std::vector<std::size_t> waits(count);
    for (std::size_t i = 0; i < count; ++i) waits[i] = parents_[i].size();
    std::vector<char> done(count, 0);
    std::vector<std::uint32_t> ready;
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < count; ++i)
      if (waits[i] == 0) ready.push_back(i);
    while (order.size() < count) {
      if (ready.empty()) ready.push_back(least_waiting(waits, done));
      const std::uint32_t item = ready.back();
      ready.pop_back();
      if (std::exchange(done[item], 1) != 0) continue;
      order.push_back(item);
      for (const std::uint32_t child : children_[item]) {
        if (done[child] != 0) continue;
        level_[child] = std::max(level_[child], level_[item] + 1);
        if (--waits[child] == 0) ready.push_back(child);
      }
    }
    // Towards its children, where that makes lines shorter.
    for (auto item = order.rbegin(); item != order.rend(); ++item) {
      std::uint32_t nearest = std::numeric_limits<std::uint32_t>::max();
      for (const std::uint32_t child : children_[*item])
        if (level_[child] > level_[*item]) nearest = std::min(nearest, level_[child]);
      if (nearest != std::numeric_limits<std::uint32_t>::max() && parents_[*item].empty())
        level_[*item] = nearest - 1;
    }
  }

  std::uint32_t least_waiting(const std::vector<std::size_t>& waits, const std::vector<char>& done) const {
    std::uint32_t best = 0;
    for (std::uint32_t i = 0; i < waits.size(); ++i)
      if (done[i] == 0 && (done[best] != 0 || std::tuple(waits[i], -std::ssize(children_[i])) <
                                                  std::tuple(waits[best], -std::ssize(children_[best]))))
        best = i;
    return best;
  }

  // Levels become columns; one that is too high becomes several.
  void make_columns() {
    double area = 0;
    double highest = 0;
    for (const Item& item : result_.items) {
      area += (widths_[*item.box] + channel_width_expected) * (item.height + box_gap);
      highest = std::max(highest, item.height);
    }
    const double height_max = std::max(highest, std::sqrt(area / aspect_of_columns)) * 1.15;
    std::vector<std::uint32_t> order(result_.items.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {},
                      [&](std::uint32_t item) { return std::tuple(level_[item], mean_parent(item), item); });
    double height = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::uint32_t item = order[i];
      const bool next_level = i > 0 && level_[item] != level_[order[i - 1]];
      if (i == 0 || next_level || height + result_.items[item].height > height_max) {
        result_.columns.emplace_back();
        height = 0;
      }
      height += result_.items[item].height + box_gap;
      result_.items[item].column = static_cast<std::uint32_t>(result_.columns.size() - 1);
      result_.columns.back().push_back(item);
    }
  }

  // Boxes with the same parents stay together when a level is split.
  double mean_parent(std::uint32_t item) const {
    double sum = 0;
    for (const std::uint32_t parent : parents_[item]) sum += parent;
    return parents_[item].empty() ? -1 : sum / static_cast<double>(parents_[item].size());
  }

  void make_wires() {
    // By box, row and cardinality of the parent.
    std::map<std::tuple<std::uint32_t, std::int64_t, Cardinality>, std::uint32_t> wires;
    for (const std::uint32_t id : component_.edges) {
      const DiagramEnd& parent = diagram_.edges[id].parent;
      const auto [found, is_new] = wires.try_emplace({parent.box, row_number(parent), parent.cardinality},
                                                     static_cast<std::uint32_t>(result_.wires.size()));
      if (is_new) result_.wires.push_back({.parent = {.item = item_of_.at(parent.box)}});
      result_.wires[found->second].edges.push_back(
          {.edge = id, .child = {.item = item_of_.at(diagram_.edges[id].child.box)}});
    }
    place_ports();
  }

  static std::int64_t row_number(const DiagramEnd& end) { return end.row ? std::int64_t{*end.row} : -1; }

  // Ports of one row stand apart a little, so that each line can be followed.
  void place_ports() {
    std::map<std::pair<std::uint32_t, std::int64_t>, std::vector<Port*>> rows;
    for (Wire& wire : result_.wires) {
      const DiagramEnd& parent = diagram_.edges[wire.edges.front().edge].parent;
      rows[{parent.box, row_number(parent)}].push_back(&wire.parent);
      for (WireEdge& edge : wire.edges) {
        const DiagramEnd& child = diagram_.edges[edge.edge].child;
        rows[{child.box, row_number(child)}].push_back(&edge.child);
      }
    }
    for (auto& [row, ports] : rows) {
      const auto count = static_cast<double>(ports.size());
      const double middle = row.second < 0
                                ? header_height / 2
                                : header_height + (static_cast<double>(row.second) + 0.5) * row_height;
      const double distance = std::min(port_distance, (row_height - 4) / count);
      for (std::size_t i = 0; i < ports.size(); ++i)
        ports[i]->offset = middle + (static_cast<double>(i) - (count - 1) / 2) * distance;
    }
  }

  void make_lanes() {
    for (Wire& wire : result_.wires) {
      const std::uint32_t own = result_.column(wire.parent);
      std::uint32_t first = own;
      std::uint32_t last = own;
      for (const WireEdge& edge : wire.edges) {
        first = std::min(first, result_.column(edge.child));
        last = std::max(last, result_.column(edge.child));
      }
      wire.first_column = first;
      wire.lanes.assign(last - first + 1, no_item);
      for (std::uint32_t column = first + 1; column < last; ++column) {
        if (column == own) continue;
        wire.lanes[column - first] = static_cast<std::uint32_t>(result_.items.size());
        result_.columns[column].push_back(static_cast<std::uint32_t>(result_.items.size()));
        result_.items.push_back({.column = column});
      }
    }
  }

  // Pairs of ports that one line should join, as level as can be.
  struct Link {
    Port own;
    Port other;
  };

  void links_of_nets() {
    links_.resize(result_.items.size());
    for (const std::vector<Net>& channel : nets_of(result_))
      for (const Net& net : channel) {
        if (net.left.empty() || net.right.empty()) continue;
        const Port& trunk = net.from_left ? net.left.front() : net.right.front();
        for (const Port& port : net.from_left ? net.right : net.left) link(trunk, port);
      }
  }

  void link(const Port& a, const Port& b) {
    links_[a.item].push_back({a, b});
    links_[b.item].push_back({b, a});
  }

  void stack(const std::vector<std::uint32_t>& column) {
    double y = 0;
    for (const std::uint32_t item : column) {
      result_.items[item].y = y;
      y += result_.items[item].height + box_gap;
    }
    for (const std::uint32_t item : column) result_.items[item].y -= y / 2;
  }

  // Repeatedly, from left to right and back: by the mean height of what an item is joined to on that side.
  void order_columns() {
    for (const auto& column : result_.columns) stack(column);
    for (int sweep = 0; sweep < order_sweeps; ++sweep) {
      const bool forward = sweep % 2 == 0;
      for (std::size_t i = 0; i < result_.columns.size(); ++i) {
        auto& column = result_.columns[forward ? i : result_.columns.size() - 1 - i];
        std::vector<std::pair<double, std::uint32_t>> order;
        for (const std::uint32_t item : column) order.emplace_back(wanted_middle(item, forward), item);
        std::ranges::sort(order);
        for (std::size_t k = 0; k < order.size(); ++k) column[k] = order[k].second;
        stack(column);
      }
    }
  }

  double wanted_middle(std::uint32_t item, bool from_left) const {
    double sum = 0;
    int count = 0;
    for (const Link& link : links_[item]) {
      const std::uint32_t other = result_.items[link.other.item].column;
      const std::uint32_t own = result_.items[item].column;
      if (from_left ? other >= own : other <= own) continue;
      sum += result_.y(link.other);
      ++count;
    }
    return count > 0 ? sum / count : result_.items[item].y + result_.items[item].height / 2;
  }

  // Moves items up and down, in their order, to make lines level.
  void settle_heights() {
    for (int sweep = 0; sweep < height_sweeps; ++sweep)
      for (std::size_t i = 0; i < result_.columns.size(); ++i)
        settle(result_.columns[sweep % 2 == 0 ? i : result_.columns.size() - 1 - i]);
    double top = std::numeric_limits<double>::max();
    for (const Item& item : result_.items) top = std::min(top, item.y);
    for (Item& item : result_.items) item.y = std::round(item.y - top);
  }

  // Least squares of the distances to what each item wants, by pooling neighbours that would overlap.
  void settle(const std::vector<std::uint32_t>& column) {
    struct Pool {
      double sum = 0;
      double weight = 0;
      std::size_t first = 0;
      double mean() const { return sum / weight; }
    };
    std::vector<Pool> pools;
    std::vector<double> below(column.size(), 0);  // how far under the first item, when all touch
    for (std::size_t i = 0; i < column.size(); ++i) {
      const Item& item = result_.items[column[i]];
      if (i > 0) {
        const Item& above = result_.items[column[i - 1]];
        below[i] = below[i - 1] + above.height + (item.box && above.box ? box_gap : lane_gap);
      }
      double sum = 0;
      for (const Link& link : links_[column[i]]) sum += result_.y(link.other) - link.own.offset;
      double weight = static_cast<double>(links_[column[i]].size());
      if (weight == 0) {
        weight = 0.1;
        sum = item.y * weight;
      }
      pools.push_back({.sum = sum - below[i] * weight, .weight = weight, .first = i});
      while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
        const Pool last = pools.back();
        pools.pop_back();
        pools.back().sum += last.sum;
        pools.back().weight += last.weight;
      }
    }
    for (std::size_t pool = 0; pool < pools.size(); ++pool) {
      const std::size_t end = pool + 1 < pools.size() ? pools[pool + 1].first : column.size();
      for (std::size_t i = pools[pool].first; i < end; ++i)
        result_.items[column[i]].y = pools[pool].mean() + below[i];
    }
  }

  const Diagram& diagram_;
  std::span<const double> widths_;
  const Component& component_;
  Columns result_;
  std::map<std::uint32_t, std::uint32_t> item_of_;    // of a box
  std::vector<std::vector<std::uint32_t>> parents_;   // items by item
  std::vector<std::vector<std::uint32_t>> children_;  // likewise
  std::vector<std::uint32_t> level_;
  std::vector<std::vector<Link>> links_;
};

}  // namespace

std::vector<std::vector<Net>> nets_of(const Columns& columns) {
  std::vector<std::vector<Net>> channels(columns.columns.size());
  for (std::uint32_t id = 0; id < columns.wires.size(); ++id) {
    const Wire& wire = columns.wires[id];
    const std::uint32_t own = columns.column(wire.parent);
    const auto last = wire.first_column + static_cast<std::uint32_t>(wire.lanes.size()) - 1;
    std::vector<Net> nets(wire.lanes.size(), Net{.wire = id});
    const auto net = [&](std::uint32_t channel) -> Net& { return nets[channel - wire.first_column]; };
    const auto trunk = [&](std::uint32_t column) {
      return column == own ? wire.parent : Port{.item = wire.lane(column)};
    };
    // Away from the parent on both sides, to the last lane before the farthest children.
    for (std::uint32_t column = wire.first_column; column < last; ++column) {
      net(column).from_left = column >= own;
      if (column >= own || column > wire.first_column) net(column).left.push_back(trunk(column));
      if (column < own || column + 1 < last) net(column).right.push_back(trunk(column + 1));
    }
    const auto is_beside = [&](const WireEdge& edge) { return columns.column(edge.child) == own; };
    if (last == own && std::ranges::any_of(wire.edges, is_beside)) {
      net(own).from_left = true;
      net(own).left.push_back(wire.parent);
    }
    for (const WireEdge& edge : wire.edges) {
      const std::uint32_t column = columns.column(edge.child);
      if (column > own)
        net(column - 1).right.push_back(edge.child);
      else
        net(column).left.push_back(edge.child);
    }
    for (std::uint32_t channel = 0; channel < nets.size(); ++channel)
      if (nets[channel].left.size() + nets[channel].right.size() > 1)
        channels[wire.first_column + channel].push_back(std::move(nets[channel]));
  }
  return channels;
}

Columns arrange(const Diagram& diagram, std::span<const double> widths, const Component& component) {
  return Arrangement(diagram, widths, component).run();
}

}  // namespace tenon::psl::describe
