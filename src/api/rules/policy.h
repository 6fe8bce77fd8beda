// The overlay's rules, ready to become SQL: which roles there are, and what each of them asks of a row, as
// conditions whose values are constants and claims of the caller. Made once per schema.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/plan/parameters.h"
#include "api/schema/schema.h"
#include "base/diagnostic.h"
#include "policy/access.h"
#include "policy/role.h"
#include "sql/statement.h"

namespace tenon::api {

// A condition on the rows of one table, apart from any statement: its parameters are its own.
struct RowCheck {
  sql::Predicate predicate;
  std::vector<ParameterSource> parameters;
};

// Of one policy::ModelRole: the rows it is about, and what new and changed rows must be like.
struct RoleChecks {
  RowCheck rows;
  RowCheck news;
};

struct Policy {
  policy::Roles roles;
  // What parameters of kind claim stand for; their origin's variable is the index.
  std::vector<ClaimValue> claims;
  std::vector<std::vector<RoleChecks>> models;  // by TableId, pairwise ModelRoles::roles

  // Which claim the owner of such rows is told by: into `claims`.
  std::size_t identity(const policy::RowTest& test) const;
  // The condition for such rows, its values bound through `parameters`.
  sql::Predicate condition(catalog::TableId table, const policy::Rows& rows, Parameters& parameters) const;
  // … for what a row must be like after it was created or changed by one of these roles.
  sql::Predicate check(catalog::TableId table, const policy::Rows& rows, Parameters& parameters) const;
};

// Compiles the rules of schema.overlay, whose other members must be complete. Findings have their place in
// the overlay; with errors the result is not to be used.
std::shared_ptr<const Policy> compile_policy(const Schema& schema, base::Diagnostics& diagnostics);

}  // namespace tenon::api
