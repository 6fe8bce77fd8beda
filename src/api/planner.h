// graphql::Operation + Schema → Plan. Pure: no connection, no state.
#pragma once

#include <expected>
#include <memory>

#include "api/plan.h"
#include "base/limits.h"

namespace tenon::api {

// What planning needs besides the operation.
struct PlannerOptions {
  const sql::Dialect* dialect = nullptr;
  base::OperationLimits limits;
};

// `variables` are those the operation was collected with. Errors are request errors: nothing has been
// executed.
std::expected<std::shared_ptr<const Plan>, graphql::Errors> make_plan(
    std::shared_ptr<const Schema> schema, const graphql::Operation& operation,
    const graphql::VariableValues& variables, const PlannerOptions& options);

}  // namespace tenon::api
