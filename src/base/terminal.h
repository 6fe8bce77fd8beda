// What commands print for people: whether somebody looks, colours, a line of progress, tables. Nothing of the
// API or of --json output comes through here.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::base {

// One output of the program.
struct Terminal {
  bool interactive = false;  // a person's terminal that can move its cursor
  bool colour = false;
  std::uint32_t width = 80;  // columns
};

// What stands behind file descriptor `fd` (1 or 2). Honours NO_COLOR (no-color.org), CLICOLOR_FORCE,
// TERM=dumb and COLUMNS.
Terminal inspect_terminal(int fd);

enum class Tone : std::uint8_t { strong, dim, good, warning, bad, name };

// `text` between the escape sequences of the tone, or as it is when there is no colour.
std::string toned(std::string_view text, Tone tone, bool colour);

// Columns that `text` (UTF-8) takes on a terminal: wide East Asian characters and emoji take two, combining
// marks none, our own colour sequences none.
std::uint32_t display_width(std::string_view text);

// Control characters, and bytes that are not UTF-8, made visible: names in a database are not ours and must
// not steer the terminal.
std::string printable(std::string_view text);

// Steps of a longer piece of work. On a terminal one line that is drawn anew, then replaced by a tick and the
// time it took; elsewhere a plain line for each step and nothing that moves.
class Progress {
 public:
  Progress(std::ostream& out, const Terminal& terminal) : out_(out), terminal_(terminal) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  // An unfinished step is cleared from the line: what failed is told by the error that follows.
  ~Progress();

  // Begins a step ("reading tables"), and finishes the one before.
  void step(std::string_view name);
  // How far the step is; `total` zero when nobody knows. Drawn at most every 50 ms.
  void advance(std::uint64_t done, std::uint64_t total);
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  void draw(std::uint64_t done, std::uint64_t total);

  std::ostream& out_;
  Terminal terminal_;
  std::string name_;
  Clock::time_point begun_;
  Clock::time_point drawn_;
  std::uint32_t frame_ = 0;
};

enum class Align : std::uint8_t { left, right };

struct TableColumn {
  std::string title;
  Align align = Align::left;
};

// Rows in aligned columns, two spaces apart, under a dim line of titles (left out when all are empty).
class TablePrinter {
 public:
  explicit TablePrinter(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  // One cell for each column; missing ones are empty. Cells may hold colour sequences, no line breaks.
  void row(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  std::string text(bool colour) const;

 private:
  std::string line(const std::vector<std::string>& cells, const std::vector<std::uint32_t>& widths) const;

  std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// "1.5 MB", "12 kB": decimal units.
std::string human_bytes(std::uintmax_t bytes);
// "340 ms", "2.1 s", "3 min 20 s".
std::string human_duration(std::chrono::milliseconds duration);

}  // namespace tenon::base
