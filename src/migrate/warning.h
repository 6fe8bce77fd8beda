// Data that a migration would lose, and steps that cannot run on tables with rows, in Prisma's words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "migrate/diff.h"

namespace tenon::migrate {

// A count that would make the findings exact: SELECT COUNT(*) FROM table, or of the rows where the column is
// (not) NULL. Ids of the catalog before.
struct CountQuestion {
  enum class Kind : std::uint8_t { rows, non_null, nulls };
  Kind kind = Kind::rows;
  catalog::TableId table;
  std::optional<catalog::ColumnId> column;
  friend bool operator==(const CountQuestion&, const CountQuestion&) = default;
};

// The answers known. What is missing counts as unknown, and then Prisma's pure texts are given.
class Statistics {
 public:
  void set(const CountQuestion& question, std::uint64_t count);
  std::optional<std::uint64_t> find(const CountQuestion& question) const;
  bool empty() const { return counts_.empty(); }

 private:
  std::unordered_map<std::uint64_t, std::uint64_t> counts_;
};

struct Finding {
  std::string message;
  std::size_t step;  // position in Difference::steps
};

struct Findings {
  std::vector<Finding> warnings;      // data could be lost
  std::vector<Finding> unexecutable;  // cannot run when there are rows
};

// What to count so that check() can be exact.
std::vector<CountQuestion> questions(const Difference& difference);

// With counts a finding about an empty table or column is left out.
Findings check(const Difference& difference, const Statistics& statistics = {});

}  // namespace tenon::migrate
