// Runs a plan: level by level over one connection to each database, all statements of a level in one
// exchange, everything that takes more than one statement on one snapshot; or all in one statement
// (reading.h). Mutations: execute_writes.h.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "api/plan/plan.h"
#include "api/run/pools.h"
#include "api/run/rows.h"
#include "base/limits.h"
#include "graphql/input.h"
#include "sql/connection.h"

namespace tenon::api {

// Of one request.
struct ExecuteOptions {
  base::OperationLimits limits;
  sql::Clock::time_point deadline = sql::Clock::time_point::max();
  bool debug = false;
  sql::ExchangeObserver* observer = nullptr;
};

// What a request's values are bound to, made before a connection is asked for. Not copyable: its parameters
// are views into it and into the plan.
class BoundPlan {
 public:
  // `claims` are the caller's, whose rights the plan was made for; they must live as long as the result. A
  // value that has not the form its column needs fails its root field alone.
  static std::unique_ptr<BoundPlan> bind(std::shared_ptr<const Plan> plan,
                                         const graphql::VariableValues& variables,
                                         const policy::Claims& claims, const base::OperationLimits& limits);
  BoundPlan(const BoundPlan&) = delete;
  BoundPlan& operator=(const BoundPlan&) = delete;

  const Plan& plan() const { return *plan_; }
  // Root fields that will not be answered, those of the plan included.
  const std::vector<FieldFailure>& refused() const { return refused_; }
  bool is_refused(std::uint32_t root_field) const;

  // Parameters of one statement: [first, first + its number of sources) of all.
  struct Statement {
    const PlannedStatement* planned = nullptr;
    std::uint32_t first = 0;
  };
  Statement rows(LevelIndex level) const { return rows_[level]; }
  Statement count(LevelIndex level) const { return counts_[level]; }
  // The parameters of Plan::single; nothing when there is none, or when a field it is to answer was refused.
  std::optional<std::span<const sql::Parameter>> single() const;
  Statement write(std::size_t index, StepIndex step) const { return writes_[index][step]; }
  Statement exists(std::size_t index) const { return exists_[index]; }
  std::span<sql::Parameter> parameters(const Statement& statement) {
    return {parameters_.data() + statement.first, statement.planned->parameters.size()};
  }

 private:
  BoundPlan(std::shared_ptr<const Plan> plan, const graphql::VariableValues& variables,
            const policy::Claims& claims, const base::OperationLimits& limits);
  Statement add(const PlannedStatement* planned, std::uint32_t root_field);
  void bind_single();

  std::shared_ptr<const Plan> plan_;
  Binder binder_;
  std::vector<sql::Parameter> parameters_;
  std::vector<Statement> rows_;
  std::vector<Statement> counts_;
  std::vector<std::vector<Statement>> writes_;
  std::vector<Statement> exists_;
  std::optional<std::vector<sql::Parameter>> single_;
  std::vector<FieldFailure> refused_;
};

// Takes connections from the pools as needed; these outlive the coroutine. Failures of a database are in the
// result, by root field and by level.
boost::asio::awaitable<PlanRows> execute(BoundPlan& bound, const Pools& pools, const ExecuteOptions& options);

}  // namespace tenon::api
