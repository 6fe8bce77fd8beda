#include "api/plan/cost.h"

#include <limits>
#include <vector>

#include <fmt/format.h>

#include "api/errors.h"

namespace tenon::api {

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

std::uint64_t plus(std::uint64_t a, std::uint64_t b) { return a > most - b ? most : a + b; }
std::uint64_t times(std::uint64_t a, std::uint64_t b) { return a != 0 && b > most / a ? most : a * b; }

std::uint64_t cost_of(const Level& level, std::uint64_t parents, std::uint64_t rows) {
  std::uint64_t cost = 0;
  if (level.count) cost = plus(cost, times(parents, count_weight));
  if (level.aggregate) cost = plus(cost, times(parents, count_weight));
  if (level.rows) cost = plus(cost, times(rows, 1 + level.select.joins.size()));
  return cost;
}

}  // namespace

std::uint64_t estimate_cost(const Plan& plan) {
  std::uint64_t cost = 0;
  std::vector<std::uint64_t> rows;  // of each level; parents come first
  rows.reserve(plan.levels.size());
  for (const Level& level : plan.levels) {
    const std::uint64_t parents = level.parent ? rows[*level.parent] : 1;
    rows.push_back(times(parents, level.page.value_or(1)));
    cost = plus(cost, cost_of(level, parents, rows.back()));
  }
  for (const Write& write : plan.writes) cost = plus(cost, times(write.steps.size(), write_weight));
  return cost;
}

graphql::Error too_costly_error(std::uint64_t cost, const base::OperationLimits& limits) {
  return {.message = fmt::format("The operation may cost {}, and {} is allowed; ask for fewer rows with a "
                                 "smaller `limit`, above all on nested lists, or for fewer lists and counts.",
                                 cost, limits.cost_max),
          .code = code::operation_too_costly};
}

}  // namespace tenon::api
