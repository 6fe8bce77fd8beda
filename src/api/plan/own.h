// The part of the planner that turns a root field of the overlay's own into the owner's statement.
#pragma once

#include "api/plan/levels.h"

namespace tenon::api {

// Plans plan.fields[index], a query's or a mutation's.
void plan_own(PlannerScope& scope, LevelPlanner& levels, Plan& plan, std::uint32_t index,
              const graphql::OperationField& field, const OverlayOperation& operation);

}  // namespace tenon::api
