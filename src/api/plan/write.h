// The part of the planner that plans one root field of a mutation.
#pragma once

#include "api/plan/levels.h"

namespace tenon::api {

// Plans plan.fields[index] and appends to plan.writes.
void plan_write(PlannerScope& scope, LevelPlanner& levels, Plan& plan, std::uint32_t index,
                const graphql::OperationField& field, const OutputBinding& binding);

}  // namespace tenon::api
