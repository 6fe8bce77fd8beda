// One unit of work on one connection, for whoever runs a plan: statements of levels depth by depth, within
// what an answer may have; and single exchanges of a write's steps.
#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "api/run/execute.h"

namespace tenon::api {

// Which levels an operation's root field (or all of a query) reads.
struct LevelRange {
  enum class Part : std::uint8_t { all, here, beyond };  // by Level::beyond
  LevelIndex first = 0;
  LevelIndex end = 0;
  Part part = Part::all;
  std::optional<catalog::DatabaseId> database = std::nullopt;  // absent: any

  bool holds(const Level& level) const {
    return (part == Part::all || level.beyond == (part == Part::beyond)) &&
           (!database || *database == level.database);
  }
};

// Why a unit ended before its end: what the database said, or what is to be answered instead; neither when
// there are more rows than an answer may have.
struct Stop {
  std::optional<sql::DatabaseError> error;
  std::optional<graphql::Error> answer;
  bool again = false;  // running the transaction once more may help
  Stop(sql::DatabaseError database_error) : error(std::move(database_error)) {}
  Stop(graphql::Error refusal) : answer(std::move(refusal)) {}
  Stop() = default;
};
template <class T>
using Outcome = std::expected<T, Stop>;

// A connection of the pool that is idle, or none.
sql::Lease try_acquire(sql::Pool& pool, const ExecuteOptions& options);
// A connection of the pool; the wait for it is told apart from the database's work.
boost::asio::awaitable<sql::DatabaseResult<sql::Lease>> acquire(sql::Pool& pool, PlanRows& result,
                                                                const ExecuteOptions& options);

// The text of the owner's own statements says nothing of how much they give.
sql::ResultLimits limits_of(const Level& level, const base::OperationLimits& limits);

// One unit of work on one connection: reads levels, or writes and reads.
class Unit {
 public:
  Unit(BoundPlan& bound, PlanRows& result, const ExecuteOptions& options)
      : bound_(bound), plan_(bound.plan()), result_(result), options_(options) {}
  Unit(BoundPlan& bound, PlanRows& result, sql::Connection& connection, const ExecuteOptions& options)
      : Unit(bound, result, options) {
    use(connection);
  }
  // The connection that whatever follows runs on.
  void use(sql::Connection& connection) { connection_ = &connection; }

  // The calls of the first depth, for an exchange of the caller's, and their results. Then read() goes on
  // from the second depth.
  std::span<const sql::Call> first_calls(LevelRange range);
  void take_first(sql::Results results);
  // Reads the levels, depth by depth. `begin` is how the unit starts if it has not; `end` how it ends.
  boost::asio::awaitable<Outcome<void>> read(LevelRange range, sql::Begin begin, sql::End end,
                                             std::uint32_t first_depth = 0);
  // Reads all levels by the plan's single statement.
  boost::asio::awaitable<Outcome<void>> read_at_once();
  // The same step by step. Collects the calls of one depth; the number of them.
  std::uint32_t prepare_depth(LevelRange range, std::uint32_t depth);
  std::size_t call_count() const { return calls_.size(); }
  // Runs the calls of one depth. Where they might be too many, the unit stays open whatever `end` says: then
  // nothing is committed that has no answer. `begin` is none from the first exchange on.
  boost::asio::awaitable<Outcome<void>> run_depth(sql::Begin& begin, sql::End end);
  // Runs calls that belong to no level.
  boost::asio::awaitable<Outcome<sql::Results>> write(std::span<const sql::Call> calls, sql::Begin begin,
                                                      sql::End end);
  boost::asio::awaitable<Outcome<void>> finish(sql::End end);
  // How many more rows the answer may have.
  std::uint64_t rows_left() const;

 private:
  struct Pending {
    LevelIndex level = 0;
    bool count = false;
    std::uint64_t rows_possible = 0;
  };
  // Consecutive calls that travel together.
  struct Batch {
    std::size_t first = 0;
    std::size_t end = 0;
    bool fits = true;  // the answer, however many rows they give
  };
  std::uint64_t rows_possible(LevelIndex level) const;
  Batch next_batch(std::size_t first) const;
  bool prepare_keys(LevelIndex level);
  void add_call(LevelIndex level, bool count);
  void take(Batch batch, sql::Results results);
  void take_rows(LevelIndex level, std::unique_ptr<sql::ResultSet> rows);
  bool take_parts(sql::Results parts);
  void take_counts(LevelIndex level, const sql::ResultSet& rows);

  BoundPlan& bound_;
  const Plan& plan_;
  PlanRows& result_;
  sql::Connection* connection_ = nullptr;
  const ExecuteOptions& options_;
  std::vector<KeyGroups> keys_;     // by level
  std::deque<std::string> arrays_;  // texts of key parameters
  std::vector<sql::Call> calls_;
  std::vector<Pending> pending_;
};

}  // namespace tenon::api
