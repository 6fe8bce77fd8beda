// The columns of a block as Prisma's formatter lays them out: name, type and attributes, one space apart,
// each column as wide as its longest entry (in bytes) within a run of lines without a blank one.
#pragma once

#include <string>
#include <vector>

namespace tenon::psl {

struct Row {
  // Column texts; trailing empty ones are left out. A row with one text only takes no part in the widths of
  // others (comments, block attributes).
  std::vector<std::string> cells;
  bool is_plain = false;  // printed as it is, outside the columns
  std::string comment;    // behind the last column, one space apart; in no column's width
};

// Appends the rows with two spaces before each. An empty row is a blank line and ends a run.
void append_rows(std::string& out, const std::vector<Row>& rows);

}  // namespace tenon::psl
