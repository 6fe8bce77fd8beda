#include "api/run/execute.h"

#include <algorithm>
#include <utility>

#include "api/run/execute_writes.h"
#include "api/run/reading.h"

namespace tenon::api {

using boost::asio::awaitable;

namespace {

const PlannedStatement* address(const std::optional<PlannedStatement>& planned) {
  return planned ? &*planned : nullptr;
}

}  // namespace

BoundPlan::BoundPlan(std::shared_ptr<const Plan> plan, const graphql::VariableValues& variables,
                     const policy::Claims& claims, const base::OperationLimits& limits)
    : plan_(std::move(plan)), binder_(*plan_->schema, variables, claims, limits, plan_->parameter_count) {}

bool BoundPlan::is_refused(std::uint32_t root_field) const {
  return std::ranges::find(refused_, root_field, &FieldFailure::field) != refused_.end();
}

BoundPlan::Statement BoundPlan::add(const PlannedStatement* planned, std::uint32_t root_field) {
  if (planned == nullptr || is_refused(root_field)) return {};
  const Statement statement{.planned = planned, .first = static_cast<std::uint32_t>(parameters_.size())};
  auto bound = binder_.bind(planned->parameters, parameters_);
  if (bound) return statement;
  refused_.push_back({root_field, std::move(bound.error())});
  return {};
}

std::optional<std::span<const sql::Parameter>> BoundPlan::single() const {
  if (!single_) return std::nullopt;
  return std::span<const sql::Parameter>(*single_);
}

void BoundPlan::bind_single() {
  std::vector<sql::Parameter>& bound = single_.emplace();
  for (const SingleStatement::Part& part : plan_->single->parts) {
    const Statement statement = part.count ? counts_[part.level] : rows_[part.level];
    const std::vector<ParameterSource>& sources = statement.planned->parameters;
    for (std::size_t i = 0; i < sources.size(); ++i)
      if (sources[i].kind != ParameterSource::Kind::parent_key)
        bound.push_back(parameters_[statement.first + i]);
  }
}

std::unique_ptr<BoundPlan> BoundPlan::bind(std::shared_ptr<const Plan> plan,
                                           const graphql::VariableValues& variables,
                                           const policy::Claims& claims,
                                           const base::OperationLimits& limits) {
  std::unique_ptr<BoundPlan> bound(new BoundPlan(std::move(plan), variables, claims, limits));
  const Plan& p = bound->plan();
  bound->refused_ = p.refused;
  bound->parameters_.reserve(p.parameter_count);
  for (const Level& level : p.levels) {
    bound->rows_.push_back(bound->add(address(level.rows), level.root_field));
    bound->counts_.push_back(bound->add(address(level.count), level.root_field));
  }
  if (p.single && bound->refused_.size() == p.refused.size()) bound->bind_single();
  for (const Write& write : p.writes) {
    std::vector<Statement>& steps = bound->writes_.emplace_back();
    for (const WriteStep& step : write.steps) steps.push_back(bound->add(&step.planned, write.field));
    bound->exists_.push_back(bound->add(address(write.exists), write.field));
  }
  return bound;
}

awaitable<PlanRows> execute(BoundPlan& bound, const Pools& pools, const ExecuteOptions& options) {
  const Plan& plan = bound.plan();
  PlanRows result;
  result.levels.resize(plan.levels.size());
  result.failures = bound.refused();
  if (plan.writes.empty()) {
    Reading reading(bound, result, pools, options);
    co_await reading.run({0, static_cast<LevelIndex>(plan.levels.size())});
  } else {
    co_await execute_writes(bound, result, pools, options);
  }
  co_return result;
}

}  // namespace tenon::api
