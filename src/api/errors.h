// What the database refused, as errors of a GraphQL response: stable codes, names of the API instead of the
// database's, and no text that could hold somebody else's values.
#pragma once

#include <string_view>

#include "api/plan/plan.h"
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
inline constexpr std::string_view rolled_back = "ROLLED_BACK";
inline constexpr std::string_view raised = "RAISED_BY_DATABASE";
inline constexpr std::string_view timeout = "TIMEOUT";
inline constexpr std::string_view operation_too_costly = "OPERATION_TOO_COSTLY";
inline constexpr std::string_view database_unavailable = "DATABASE_UNAVAILABLE";
inline constexpr std::string_view transaction_across_databases = "TRANSACTION_ACROSS_DATABASES";
inline constexpr std::string_view unauthorized = "UNAUTHORIZED";
inline constexpr std::string_view internal = "INTERNAL";
}  // namespace code

// What a failed statement did.
struct WriteTarget {
  catalog::TableId table;
  bool removes = false;
  std::string_view input_path = {};  // of the part of the input it was made for
};

// Without location and path, which the caller knows. Names what those may know of whom the plan is for.
// `write` is the write concerned, if any. In debug mode the database's own words are added as
// extensions.debug.
graphql::Error to_error(const sql::DatabaseError& error, const Plan& plan, const WriteTarget* write,
                        bool debug);

// `Not Authorized to access title on type Post`, as AppSync says it.
std::string unauthorized_message(std::string_view field, std::string_view type);
// With that message.
graphql::Error unauthorized_error(std::string message);
graphql::Error not_found_error(const Schema& schema, const Write& write);
graphql::Error condition_error(const Schema& schema, const Write& write);
// A row that the input of a nested write names.
graphql::Error target_missing_error(const Schema& schema, const WriteStep& step);
// mutation @transaction whose root fields write to several databases.
graphql::Error transaction_across_databases_error(const Schema& schema, const Plan& plan);
// A root field of a transaction that another one's failure undid.
graphql::Error rolled_back_error(std::string_view failed_key);
// `inputPath`: where in the arguments of the field.
graphql::Extension input_path_extension(std::string_view path);
// More than OperationLimits::rows_answer_max; `undone`: it was a write.
graphql::Error too_many_rows_error(const base::OperationLimits& limits, bool undone);
// More than OperationLimits::answer_bytes_max. What a mutation did stays done.
graphql::Error answer_too_large_error(std::size_t bytes_max, graphql::OperationKind kind);

}  // namespace tenon::api
