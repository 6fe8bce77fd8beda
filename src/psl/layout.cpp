#include "psl/layout.h"

#include <algorithm>
#include <cstddef>

namespace tenon::psl {

namespace {

void append_row(std::string& out, const Row& row, const std::vector<std::size_t>& widths) {
  std::string line = "  ";
  std::size_t last = row.cells.size();
  while (last > 0 && row.cells[last - 1].empty()) --last;
  for (std::size_t i = 0; i < last; ++i) {
    line += row.cells[i];
    if (i + 1 < last && !row.is_plain) line.append(widths[i] - row.cells[i].size() + 1, ' ');
  }
  if (last > 0) out += line;
  if (!row.comment.empty()) (out += ' ') += row.comment;
  out += '\n';
}

}  // namespace

void append_rows(std::string& out, const std::vector<Row>& rows) {
  for (std::size_t begin = 0; begin < rows.size();) {
    std::size_t end = begin;
    std::vector<std::size_t> widths;
    for (; end < rows.size() && !rows[end].cells.empty(); ++end) {
      if (rows[end].is_plain) continue;
      widths.resize(std::max(widths.size(), rows[end].cells.size()));
      for (std::size_t i = 0; i < rows[end].cells.size(); ++i)
        widths[i] = std::max(widths[i], rows[end].cells[i].size());
    }
    if (end < rows.size()) ++end;  // the blank line itself
    for (; begin < end; ++begin) append_row(out, rows[begin], widths);
  }
}

}  // namespace tenon::psl
