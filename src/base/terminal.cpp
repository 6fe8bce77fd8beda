#include "base/terminal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <ostream>
#include <span>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace tenon::base {

namespace {

constexpr std::uint32_t width_min = 20;
constexpr std::uint32_t width_max = 1'000;
constexpr std::chrono::milliseconds redraw_interval{50};
constexpr std::string_view reset = "\x1b[0m";
constexpr std::string_view clear_line = "\r\x1b[K";
constexpr char32_t invalid = 0xFFFFFFFF;

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

std::uint32_t columns_of(int fd) {
  winsize size{};
  if (const char* named = std::getenv("COLUMNS")) {
    std::uint32_t columns = 0;
    std::from_chars(named, named + std::strlen(named), columns);
    return columns;
  }
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::string_view sequence(Tone tone) {
  switch (tone) {
    case Tone::strong:
      return "\x1b[1m";
    case Tone::dim:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::warning:
      return "\x1b[33m";
    case Tone::bad:
      return "\x1b[31m";
    case Tone::name:
      return "\x1b[36m";
  }
  return "";
}

// Takes the next code point off `text`; `invalid` and one byte when it does not begin with one (RFC 3629).
char32_t next_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xC2 ? 0
                           : lead < 0xE0 ? 2
                           : lead < 0xF0 ? 3
                           : lead < 0xF5 ? 4
                                         : 0;
  bool good = size > 0 && size <= text.size();
  char32_t point = size == 1 ? lead : good ? lead & (0x7FU >> size) : 0;
  for (std::size_t i = 1; good && i < size; ++i) {
    good = (byte(i) & 0xC0U) == 0x80U;
    point = (point << 6U) | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  good = good && point >= least[size] && point <= 0x10FFFF && !(point >= 0xD800 && point <= 0xDFFF);
  text.remove_prefix(good ? size : 1);
  return good ? point : invalid;
}

struct Range {
  char32_t first, last;
};

bool within(char32_t point, std::span<const Range> ranges) {
  const auto after = std::ranges::upper_bound(ranges, point, {}, &Range::first);
  return after != ranges.begin() && point <= std::prev(after)->last;
}

// Combining marks and other characters without a column of their own, as blocks.
constexpr std::array<Range, 17> narrowest = {{{0x0300, 0x036F},
                                              {0x0483, 0x0489},
                                              {0x0591, 0x05BD},
                                              {0x0610, 0x061A},
                                              {0x064B, 0x065F},
                                              {0x06D6, 0x06DC},
                                              {0x093C, 0x093C},
                                              {0x0941, 0x0948},
                                              {0x0E31, 0x0E31},
                                              {0x0E34, 0x0E3A},
                                              {0x1AB0, 0x1AFF},
                                              {0x1DC0, 0x1DFF},
                                              {0x200B, 0x200F},
                                              {0x20D0, 0x20FF},
                                              {0xFE00, 0xFE0F},
                                              {0xFE20, 0xFE2F},
                                              {0xE0100, 0xE01EF}}};
// East Asian Wide and Fullwidth (UAX #11), and emoji, as blocks.
constexpr std::array<Range, 13> widest = {{{0x1100, 0x115F},
                                           {0x231A, 0x231B},
                                           {0x2E80, 0x303E},
                                           {0x3041, 0x33FF},
                                           {0x3400, 0x4DBF},
                                           {0x4E00, 0xA4CF},
                                           {0xA960, 0xA97F},
                                           {0xAC00, 0xD7A3},
                                           {0xF900, 0xFAFF},
                                           {0xFE30, 0xFE6F},
                                           {0xFF01, 0xFF60},
                                           {0x1F300, 0x1FAFF},
                                           {0x20000, 0x3FFFD}}};

// Skips one of our own colour sequences: ESC [ digits ; … m
bool skip_colour(std::string_view& text) {
  if (!text.starts_with("\x1b[")) return false;
  const auto end = text.find_first_not_of("0123456789;", 2);
  if (end == std::string_view::npos || text[end] != 'm') return false;
  text.remove_prefix(end + 1);
  return true;
}

// The first `width` columns of a text without colours.
std::string shortened(std::string_view text, std::uint32_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::string out;
  std::uint32_t used = 0;
  while (!text.empty()) {
    std::string_view rest = text;
    next_code_point(rest);
    const std::string_view character = text.substr(0, text.size() - rest.size());
    used += display_width(character);
    if (used + 1 > width) break;
    out += character;
    text = rest;
  }
  return out + "…";
}

}  // namespace

Terminal inspect_terminal(int fd) {
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb" || *term == '\0';
  Terminal terminal;
  terminal.interactive = ::isatty(fd) == 1 && !dumb;
  terminal.colour = (terminal.interactive || is_set("CLICOLOR_FORCE")) && !is_set("NO_COLOR");
  if (const std::uint32_t columns = columns_of(fd); columns > 0)
    terminal.width = std::clamp(columns, width_min, width_max);
  return terminal;
}

std::string toned(std::string_view text, Tone tone, bool colour) {
  if (!colour) return std::string(text);
  return fmt::format("{}{}{}", sequence(tone), text, reset);
}

std::uint32_t display_width(std::string_view text) {
  std::uint32_t width = 0;
  while (!text.empty()) {
    if (skip_colour(text)) continue;
    const char32_t point = next_code_point(text);
    if (point == invalid) {
      ++width;
    } else if (point >= 0x20 && point != 0x7F && !within(point, narrowest)) {
      width += within(point, widest) ? 2 : 1;
    }
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char first = text.front();
    std::string_view rest = text;
    const char32_t point = next_code_point(rest);
    const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
    // Marks that turn the direction of writing can make a name look like another.
    const bool turns = (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    if (point == invalid || (control && point < 0x80)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(first));
    } else if (control || turns) {
      out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(point));
    } else {
      out += text.substr(0, text.size() - rest.size());
    }
    text = rest;
  }
  return out;
}

Progress::~Progress() {
  if (!name_.empty() && terminal_.interactive) out_ << clear_line << std::flush;
}

void Progress::step(std::string_view name) {
  finish();
  name_ = name;
  begun_ = Clock::now();
  if (terminal_.interactive) {
    draw(0, 0);
  } else {
    out_ << name_ << '\n' << std::flush;
  }
}

void Progress::advance(std::uint64_t done, std::uint64_t total) {
  if (terminal_.interactive && !name_.empty() && Clock::now() - drawn_ >= redraw_interval) draw(done, total);
}

void Progress::draw(std::uint64_t done, std::uint64_t total) {
  constexpr std::array<std::string_view, 8> frames = {"⣾", "⣽", "⣻", "⢿", "⡿", "⣟", "⣯", "⣷"};
  drawn_ = Clock::now();
  std::string line = name_;
  if (total > 0) line += fmt::format(" {} %", std::min(done, total) * 100 / total);
  out_ << clear_line << toned(frames[frame_++ % frames.size()], Tone::name, terminal_.colour) << ' '
       << shortened(line, terminal_.width - 3) << std::flush;
}

void Progress::finish() {
  if (name_.empty()) return;
  if (terminal_.interactive) {
    const auto took =
        human_duration(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun_));
    out_ << clear_line << toned("✓", Tone::good, terminal_.colour) << ' '
         << shortened(name_, terminal_.width - 14) << ' ' << toned(took, Tone::dim, terminal_.colour) << '\n'
         << std::flush;
  }
  name_.clear();
}

void TablePrinter::row(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::string TablePrinter::line(const std::vector<std::string>& cells,
                               const std::vector<std::uint32_t>& widths) const {
  std::string out;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::string blank(widths[i] - display_width(cells[i]), ' ');
    if (i > 0) out += "  ";
    out += columns_[i].align == Align::right ? blank + cells[i] : cells[i] + blank;
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

std::string TablePrinter::text(bool colour) const {
  std::vector<std::uint32_t> widths;
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(display_width(columns_[i].title));
    titles.push_back(columns_[i].title);
    for (const auto& cells : rows_) widths.back() = std::max(widths.back(), display_width(cells[i]));
  }
  std::string out;
  if (std::ranges::any_of(titles, [](const std::string& title) { return !title.empty(); }))
    out += toned(line(titles, widths), Tone::dim, colour) + '\n';
  for (const auto& cells : rows_) out += line(cells, widths) + '\n';
  return out;
}

std::string human_bytes(std::uintmax_t bytes) {
  if (bytes < 1'000) return fmt::format("{} bytes", bytes);
  constexpr std::array<std::string_view, 6> units = {"kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes) / 1'000;
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1'000;
  return fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, units[unit]);
}

std::string human_duration(std::chrono::milliseconds duration) {
  const auto count = duration.count();
  if (count < 1'000) return fmt::format("{} ms", count);
  if (count < 60'000) return fmt::format("{:.1f} s", static_cast<double>(count / 100) / 10);
  return fmt::format("{} min {} s", count / 60'000, count / 1'000 % 60);
}

}  // namespace tenon::base
