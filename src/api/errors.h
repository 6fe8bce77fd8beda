// What the database refused, as errors of a GraphQL response: stable codes, names of the API instead of the
// database's, and no text that could hold somebody else's values.
#pragma once

#include <string_view>

#include "api/plan.h"
#include "base/limits.h"
#include "graphql/error.h"
#include "sql/error.h"

namespace tenon::api {

// extensions.code of execution errors; docs/errors.md lists them beside graphql::code.
namespace code {
inline constexpr std::string_view not_found = "NOT_FOUND";
inline constexpr std::string_view condition_failed = "CONDITION_FAILED";
inline constexpr std::string_view unique_violation = "UNIQUE_VIOLATION";
inline constexpr std::string_view foreign_key_violation = "FOREIGN_KEY_VIOLATION";
inline constexpr std::string_view not_null_violation = "NOT_NULL_VIOLATION";
inline constexpr std::string_view check_violation = "CHECK_VIOLATION";
inline constexpr std::string_view exclusion_violation = "EXCLUSION_VIOLATION";
inline constexpr std::string_view data_exception = "DATA_EXCEPTION";
inline constexpr std::string_view forbidden = "FORBIDDEN";
inline constexpr std::string_view serialization_failure = "SERIALIZATION_FAILURE";
inline constexpr std::string_view deadlock = "DEADLOCK";
inline constexpr std::string_view raised = "RAISED_BY_DATABASE";
inline constexpr std::string_view timeout = "TIMEOUT";
inline constexpr std::string_view database_unavailable = "DATABASE_UNAVAILABLE";
inline constexpr std::string_view internal = "INTERNAL";
}  // namespace code

// Without location and path, which the caller knows. `write` is the mutation field concerned, if any. In
// debug mode the database's own words are added as extensions.debug.
graphql::Error to_error(const sql::DatabaseError& error, const Schema& schema, const Write* write,
                        bool debug);

graphql::Error not_found_error(const Schema& schema, const Write& write);
graphql::Error condition_error(const Schema& schema, const Write& write);
// More than OperationLimits::rows_answer_max; a write, if it was one, is undone.
graphql::Error too_many_rows_error(const base::OperationLimits& limits, const Write* write);
// More than OperationLimits::answer_bytes_max. What a mutation did stays done.
graphql::Error answer_too_large_error(std::size_t bytes_max, graphql::OperationKind kind);

}  // namespace tenon::api
