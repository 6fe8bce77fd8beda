// One write program on one connection.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "api/run/unit.h"

namespace tenon::api {

class WriteRunner {
 public:
  WriteRunner(BoundPlan& bound, std::size_t index, PlanRows& result, sql::Connection& connection,
              const ExecuteOptions& options)
      : bound_(bound),
        plan_(bound.plan()),
        write_(plan_.writes[index]),
        index_(index),
        result_(result),
        connection_(connection),
        unit_(bound, result, connection, options),
        options_(options) {}

  // Runs all of it. `begin` is how the transaction starts, Begin::none when it has; `end` says whether it
  // ends here. After a failure nothing of the transaction is left, and Stop::answer is the field's error.
  boost::asio::awaitable<Outcome<void>> run(sql::Begin begin, sql::End end);

 private:
  struct Round {
    std::vector<StepIndex> steps;
    std::vector<sql::Call> calls;
  };
  boost::asio::awaitable<Outcome<void>> run_all();
  boost::asio::awaitable<Outcome<void>> run_round(std::uint32_t number, bool last);
  boost::asio::awaitable<Outcome<void>> read(bool before);
  boost::asio::awaitable<Outcome<void>> answer();
  boost::asio::awaitable<graphql::Error> missing_row();

  LevelRange levels() const { return {write_.level, write_.level_end, LevelRange::Part::here}; }
  bool reads() const { return plan_.levels[write_.level].rows.has_value(); }
  bool reads_after() const { return reads() && !write_.reads_first; }
  bool is_known_before(const PlannedStatement& statement, std::uint32_t round) const;
  bool may_lose_the_answer() const;
  bool has_further_levels() const;
  bool may_read_with(std::uint32_t round) const;
  void bind_levels();
  bool is_skipped(const WriteStep& step) const;
  Round collect(std::uint32_t number);
  bool may_end_with(const Round& round) const;
  std::uint64_t rows_possible(const WriteStep& step) const;
  void bind(const BoundPlan::Statement& statement);
  sql::Parameter cell(const ParameterSource& source) const;
  std::string key_array(std::uint32_t part) const;
  std::string step_array(const ParameterSource& source) const;
  template <class Visit>
  void each_answer_row(Visit&& visit) const;
  void sort_answer();
  void take_answer();
  Stop explained(Stop stop, const Round& round) const;
  sql::Begin take_begin() { return std::exchange(begin_, sql::Begin::none); }

  BoundPlan& bound_;
  const Plan& plan_;
  const Write& write_;
  std::size_t index_;
  PlanRows& result_;
  sql::Connection& connection_;
  Unit unit_;
  const ExecuteOptions& options_;
  sql::Begin begin_ = sql::Begin::none;
  sql::End end_ = sql::End::finish;
  bool first_read_ = false;         // the answer's row, with the last round
  sql::Results results_;            // by step; null: it did not run
  std::deque<std::string> arrays_;  // texts of key parameters
  std::vector<sql::Cell> cells_;    // of the row at hand
};

}  // namespace tenon::api
