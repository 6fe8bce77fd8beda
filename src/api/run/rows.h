// What the statements of a plan gave for one request: rows by level and parent, and what failed.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/plan/plan.h"
#include "graphql/error.h"
#include "sql/error.h"
#include "sql/result.h"

namespace tenon::api {

// Rows of one level, in groups: one for each distinct parent key, a single one at the root.
struct LevelRows {
  static constexpr std::uint32_t no_group = std::numeric_limits<std::uint32_t>::max();

  std::unique_ptr<sql::ResultSet> rows;
  // Child levels: the group of each of the parent's rows; no_group where its key is NULL.
  std::vector<std::uint32_t> group_of_parent_row;
  // Rows of group g: positions [starts[g], starts[g+1]).
  std::vector<std::uint32_t> starts;
  // Row numbers by position; empty when the rows came in that order.
  std::vector<std::uint32_t> order;
  std::vector<std::uint64_t> counts;  // totalCount by group

  std::uint32_t size(std::uint32_t group) const {
    return group + 1 < starts.size() ? starts[group + 1] - starts[group] : 0;
  }
  // The number of the i-th row of a group.
  std::uint32_t row(std::uint32_t group, std::uint32_t i) const {
    const std::uint32_t position = starts[group] + i;
    return order.empty() ? position : order[position];
  }
  std::uint64_t count(std::uint32_t group) const { return group < counts.size() ? counts[group] : 0; }
};

// Rows of a group that are shown: the one more that was fetched for nextToken is not.
inline std::uint32_t shown(const Level& level, const LevelRows& rows, std::uint32_t group) {
  const std::uint32_t size = rows.size(group);
  return level.page && *level.page < size ? static_cast<std::uint32_t>(*level.page) : size;
}

// A level below the root that could not be read, as its database failed and not that of its parent: what it
// would have shown is null for each parent row that has a key.
struct LevelFailure {
  LevelIndex level = 0;
  graphql::Error error;  // without path and location
};

struct PlanRows {
  std::vector<LevelRows> levels;  // one for each of Plan::levels
  std::vector<FieldFailure> failures;
  std::vector<LevelFailure> level_failures;
  std::vector<sql::DatabaseError> database_errors;  // behind the failures, for the log
  std::chrono::nanoseconds queued{};                // waiting for a connection
};

// Puts a child level's rows into groups. `keys` has, for each group, the texts of its key columns; the result
// set has the same columns first.
class KeyGroups {
 public:
  ~KeyGroups();
  KeyGroups(KeyGroups&&) noexcept;
  KeyGroups& operator=(KeyGroups&&) noexcept;

  KeyGroups() : KeyGroups(std::vector<KeyForm>()) {}
  // With `forms`, one for each part, keys are brought into these.
  explicit KeyGroups(std::vector<KeyForm> forms);
  // The group of a key, made when it is new. no_group when a part is NULL, or has not its form. Without forms
  // the cells must stay readable.
  std::uint32_t add(std::span<const sql::Cell> key);
  // no_group when unknown.
  std::uint32_t find(std::span<const sql::Cell> key);
  std::uint32_t size() const;
  // The array parameter for key column `part`.
  std::string array(std::uint32_t part) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Fills group_of_parent_row of a child level, and returns the distinct keys of the parent's shown rows.
KeyGroups collect_keys(const Level& parent, const LevelRows& parent_rows, const Level& child,
                       LevelRows& child_rows);
void group_rows(const Level& level, LevelRows& rows, KeyGroups& keys);
void read_counts(const Level& level, const sql::ResultSet& result, LevelRows& rows, KeyGroups& keys);

// The answer of a single statement by its parts; nullopt when it has not their form. Only what is in the same
// row stays together: in which order parts come does not matter.
std::optional<sql::Results> split(const SingleStatement& single, std::unique_ptr<sql::ResultSet> answer);

}  // namespace tenon::api
