// graphql::Operation + Schema → Plan. Pure: no connection, no state.
#pragma once

#include <expected>
#include <memory>

#include "api/plan/plan.h"
#include "api/rules/rights.h"
#include "base/limits.h"

namespace tenon::api {

// What planning needs besides the operation.
struct PlannerOptions {
  base::OperationLimits limits;
  bool single_statement = false;  // for queries, where the dialect has such a form
};

// The plan does what `rights`, which are of the schema, allow; `variables` are those the operation was
// collected with. What an argument asks for in vain fails its root field alone (Plan::refused).
std::shared_ptr<const Plan> make_plan(std::shared_ptr<const Schema> schema,
                                      std::shared_ptr<const Rights> rights,
                                      const graphql::Operation& operation,
                                      const graphql::VariableValues& variables,
                                      const PlannerOptions& options);

}  // namespace tenon::api
