#include "psl/describe/diagram_routes.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace tenon::psl::describe {

namespace {

constexpr double track_distance = 10;
// Between a box and the first track: room for the marks of the line's end.
constexpr double channel_margin = 26;
// Lines nearer than this look like one.
constexpr double apart = 4;

// The vertical part of a net.
struct Track {
  const Net* net = nullptr;
  double top = 0;
  double bottom = 0;
  std::uint32_t number = 0;
  bool is_straight() const { return bottom - top < 0.5; }
};

// The nets of one channel, each with a track of its own where it needs one. Nets that do not overlap share a
// track; where one net comes from the left at the height at which another leaves to the right, the first one
// gets a track further left, so that the two do not run over each other.
class Channel {
 public:
  Channel(const Columns& columns, const std::vector<Net>& nets) {
    for (const Net& net : nets) {
      Track track{.net = &net, .top = 1e12, .bottom = -1e12};
      for (const std::vector<Port>* side : {&net.left, &net.right})
        for (const Port& port : *side) {
          const double y = columns.y(port);
          track.top = std::min(track.top, y);
          track.bottom = std::max(track.bottom, y);
          ends_.push_back({y, static_cast<std::uint32_t>(tracks_.size()), side == &net.left});
        }
      // A line back into its own column needs a track even when its ends are level.
      if (net.right.empty()) track.bottom = std::max(track.bottom, track.top + 1);
      tracks_.push_back(track);
    }
    number_tracks();
  }

  std::uint32_t count() const { return count_; }
  const Track* find(std::uint32_t wire) const {
    const auto found = std::ranges::find(tracks_, wire, [](const Track& track) { return track.net->wire; });
    return found == tracks_.end() ? nullptr : &*found;
  }

 private:
  struct End {
    double y = 0;
    std::uint32_t track = 0;
    bool is_left = false;
  };

  void number_tracks() {
    find_constraints();
    std::vector<std::vector<std::pair<double, double>>> taken;
    std::vector<std::uint32_t> least(tracks_.size(), 0);
    for (const std::uint32_t id : order()) {
      Track& track = tracks_[id];
      if (track.is_straight()) continue;
      std::uint32_t number = least[id];
      while (number < taken.size() && overlaps(taken[number], track)) ++number;
      if (number >= taken.size()) taken.resize(number + 1);
      taken[number].emplace_back(track.top, track.bottom);
      track.number = number;
      for (const std::uint32_t later : later_[id]) least[later] = std::max(least[later], number + 1);
    }
    count_ = static_cast<std::uint32_t>(taken.size());
  }

  static bool overlaps(const std::vector<std::pair<double, double>>& taken, const Track& track) {
    return std::ranges::any_of(taken, [&](const auto& other) {
      return track.top < other.second + apart && other.first < track.bottom + apart;
    });
  }

  void find_constraints() {
    later_.resize(tracks_.size());
    earlier_.assign(tracks_.size(), 0);
    std::ranges::sort(ends_, {}, &End::y);
    for (std::size_t i = 0; i < ends_.size(); ++i)
      for (std::size_t k = i + 1; k < ends_.size() && ends_[k].y < ends_[i].y + apart; ++k) {
        if (ends_[i].is_left == ends_[k].is_left || ends_[i].track == ends_[k].track) continue;
        const End& left = ends_[i].is_left ? ends_[i] : ends_[k];
        const End& right = ends_[i].is_left ? ends_[k] : ends_[i];
        later_[left.track].push_back(right.track);
        ++earlier_[right.track];
      }
  }

  // Earlier ones first; in a circle of constraints the one with the fewest open ones.
  std::vector<std::uint32_t> order() const {
    std::vector<std::uint32_t> open = earlier_;
    std::vector<std::uint32_t> waiting(tracks_.size());
    for (std::uint32_t i = 0; i < waiting.size(); ++i) waiting[i] = i;
    std::vector<std::uint32_t> result;
    while (!waiting.empty()) {
      const auto next = std::ranges::min_element(waiting, {}, [&](std::uint32_t id) {
        return std::pair(open[id], tracks_[id].bottom - tracks_[id].top);
      });
      const std::uint32_t id = *next;
      waiting.erase(next);
      result.push_back(id);
      for (const std::uint32_t later : later_[id])
        if (open[later] > 0) --open[later];
    }
    return result;
  }

  std::vector<Track> tracks_;
  std::vector<End> ends_;
  std::vector<std::vector<std::uint32_t>> later_;
  std::vector<std::uint32_t> earlier_;
  std::uint32_t count_ = 0;
};

class Router {
 public:
  Router(const Columns& columns, std::span<const double> widths) : columns_(columns), widths_(widths) {}

  RoutedComponent run() {
    const std::vector<std::vector<Net>> nets = nets_of(columns_);
    channels_.reserve(nets.size());
    for (const std::vector<Net>& of_channel : nets) channels_.emplace_back(columns_, of_channel);
    place_columns();
    for (const Wire& wire : columns_.wires)
      for (const WireEdge& edge : wire.edges)
        result_.routes.emplace_back(edge.edge, route_of(wire, edge.child));
    return std::move(result_);
  }

 private:
  void place_columns() {
    double x = 0;
    for (std::size_t column = 0; column < columns_.columns.size(); ++column) {
      double width = 0;
      for (const std::uint32_t item : columns_.columns[column])
        if (columns_.items[item].box) width = std::max(width, widths_[*columns_.items[item].box]);
      for (const std::uint32_t id : columns_.columns[column]) {
        const Item& item = columns_.items[id];
        if (!item.box) continue;
        const double own = widths_[*item.box];
        result_.boxes.emplace_back(
            *item.box,
            Rectangle{
                .x = x + std::floor((width - own) / 2), .y = item.y, .width = own, .height = item.height});
        result_.height = std::max(result_.height, item.y + item.height);
      }
      x += width;
      first_track_.push_back(x + channel_margin);
      const bool is_last = column + 1 == columns_.columns.size();
      const std::uint32_t tracks = channels_[column].count();
      if (!is_last || tracks > 0)
        x += (is_last ? 1 : 2) * channel_margin + std::max(0.0, (tracks - 1.0) * track_distance);
    }
    result_.width = x;
    for (const Item& item : columns_.items)
      result_.height = std::max(result_.height, item.y + item.height + 2);
    box_of_item_.resize(columns_.items.size());
    std::size_t next = 0;
    for (const auto& column : columns_.columns)
      for (const std::uint32_t item : column)
        if (columns_.items[item].box) box_of_item_[item] = next++;
  }

  double side(const Port& port, bool right) const {
    const Rectangle& box = result_.boxes[box_of_item_[port.item]].second;
    return right ? box.x + box.width : box.x;
  }

  // From the child towards the parent's column, channel by channel.
  std::vector<Point> route_of(const Wire& wire, const Port& child) const {
    const std::uint32_t own = columns_.column(wire.parent);
    const std::uint32_t column = columns_.column(child);
    const bool to_right = column < own;  // the parent is on the right
    std::vector<Point> points;
    double y = columns_.y(child);
    points.push_back({side(child, column <= own), y});
    const auto cross = [&](std::uint32_t channel, double to) {
      const Track* track = channels_[channel].find(static_cast<std::uint32_t>(&wire - columns_.wires.data()));
      if (track != nullptr && !track->is_straight()) {
        const double x = first_track_[channel] + track->number * track_distance;
        points.push_back({x, y});
        points.push_back({x, to});
      }
      y = to;
    };
    if (column == own) cross(own, columns_.y(wire.parent));
    for (std::uint32_t at = column; at != own; at = to_right ? at + 1 : at - 1) {
      const std::uint32_t next = to_right ? at + 1 : at - 1;
      const double to = next == own ? columns_.y(wire.parent) : columns_.items[wire.lane(next)].y;
      cross(to_right ? at : next, to);
    }
    points.push_back({side(wire.parent, column >= own), y});
    return points;
  }

  const Columns& columns_;
  std::span<const double> widths_;
  std::vector<Channel> channels_;
  std::vector<double> first_track_;
  std::vector<std::size_t> box_of_item_;  // place in result_.boxes
  RoutedComponent result_;
};

}  // namespace

RoutedComponent route(const Columns& columns, std::span<const double> widths) {
  return Router(columns, widths).run();
}

}  // namespace tenon::psl::describe
