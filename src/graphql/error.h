// An error of a GraphQL response (September 2025 edition, section 7.1.2, "Errors").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_writer.h"
#include "base/source.h"

namespace tenon::graphql {

// A response key or a list index on the way from the root to the field that failed.
using PathSegment = std::variant<std::string, std::uint32_t>;

// Entries of "extensions", in order, each a ready JSON value.
struct Extension {
  std::string key;
  std::string json;
};

struct Error {
  std::string message;
  std::vector<base::LineColumn> locations;  // left out of the response when empty
  std::vector<PathSegment> path;            // likewise
  std::string_view code;                    // extensions.code: one of api's stable codes, never empty
  std::vector<Extension> extensions;        // further entries
  // "errorType" beside the message, with "data" and "errorInfo", as AppSync's clients read it. Empty: none of
  // the three.
  std::string_view type = {};
};
using Errors = std::vector<Error>;

// Codes of what this library itself refuses; they become extensions.code.
namespace code {
inline constexpr std::string_view parse_failed = "GRAPHQL_PARSE_FAILED";
inline constexpr std::string_view validation_failed = "GRAPHQL_VALIDATION_FAILED";
inline constexpr std::string_view bad_user_input = "BAD_USER_INPUT";
inline constexpr std::string_view operation_resolution_failure = "OPERATION_RESOLUTION_FAILURE";
inline constexpr std::string_view query_too_deep = "QUERY_TOO_DEEP";
inline constexpr std::string_view query_too_complex = "QUERY_TOO_COMPLEX";
inline constexpr std::string_view too_many_aliases = "TOO_MANY_ALIASES";
inline constexpr std::string_view bad_request = "BAD_REQUEST";        // no GraphQL request at all: HTTP 400
inline constexpr std::string_view schema_invalid = "SCHEMA_INVALID";  // of SchemaBuilder; no request sees it
}  // namespace code

void write(base::JsonWriter& json, const Error& error);

// The response to a request that was not executed: {"errors":[…]} without "data" (section 7.1).
std::string error_response(const Errors& errors);

}  // namespace tenon::graphql
