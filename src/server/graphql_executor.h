// The seam between the transports of GraphQL (HTTP, WebSocket, server-sent events) and the engine that runs
// an operation: bytes in, bytes out.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "identity/refusal.h"
#include "policy/principal.h"

namespace tenon::server {

// Of one operation. Views are valid until the executor has returned.
struct RequestContext {
  std::string_view request_id;
  std::string_view remote_address;
  std::shared_ptr<const policy::Principal> principal;  // who asks; never null
  std::string_view traceparent;                        // the header, as sent
  bool traced = false;                                 // the reply's statements are wanted
  bool queries_only = false;                           // GET: anything else is Outcome::method_not_allowed
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

// What became of an operation. It decides the status of the HTTP answer and is what metrics count.
enum class Outcome : std::uint8_t {
  executed,            // the body has `data`, and no errors
  executed_in_part,    // `data` (perhaps null) and errors of its fields
  request_error,       // syntax, validation, variables, choice of operation: no `data`
  bad_request,         // not a GraphQL request at all: no JSON object, no query, a member of a wrong type
  method_not_allowed,  // a mutation by GET
  too_often,           // above the rate of who asks
  unauthorized,
  unavailable,  // too many requests waiting, or no database
  cancelled,    // the client left
  internal,     // ours to mend
};
inline constexpr std::size_t outcome_count = 10;
std::string_view name(Outcome outcome);

// How long a part of the work took, in the order of the work.
struct StageTime {
  std::string_view name;  // of static text
  std::chrono::nanoseconds duration{};
};

// Statements of one exchange with the database have the same times.
struct StatementTime {
  std::string text;  // with placeholders: no values of a request
  std::chrono::steady_clock::time_point start;
  std::chrono::steady_clock::time_point end;
  std::uint64_t rows = 0;
  bool failed = false;
};

struct GraphqlReply {
  std::string body;  // the response map as JSON, errors included
  Outcome outcome = Outcome::executed;
  std::string_view error_code;  // extensions.code of the first error; of static text, may be empty
  std::string operation_name;   // for the log; may be empty
  std::string cause;            // for the log: SQLSTATE, why there is no connection, what broke; no values
  std::string_view operation_type;         // query, mutation; empty when there was none
  std::uint64_t document = 0;              // names it in logs and traces; zero when there was none
  std::uint64_t cost = 0;                  // of its plan (api/plan/cost.h); zero when there was none
  std::chrono::nanoseconds retry_after{};  // of Outcome::too_often
  std::vector<StageTime> stages;
  std::vector<StatementTime> statements;  // when traced
};

// `request` is the JSON text of {query, operationName, variables, extensions}, not yet looked at. Failures
// are replies; when the client leaves, the pending asynchronous operation completes with operation_aborted
// (see net/http_server.h) and the reply should be Outcome::cancelled.
using GraphqlExecutor = std::function<boost::asio::awaitable<GraphqlReply>(std::string_view request,
                                                                           const RequestContext& context)>;

// As logs and traces show GraphqlReply::document; empty for none.
std::string document_text(std::uint64_t document);

// {"errors":[{"message":…,"errorType":…,"extensions":{"code":…,"errorType":…}}]}; errorType, which Amplify's
// clients know and AppSync writes beside the message, is left out when empty.
std::string error_body(std::string_view message, std::string_view code, std::string_view error_type = {});

// What a client is told whose credential was refused: that one is missing, or no more than that it is not
// good.
std::string_view refusal_message(identity::Refusal refusal);
inline constexpr std::string_view unauthorized_type = "UnauthorizedException";

// Codes of what the transports refuse; they become extensions.code.
namespace code {
inline constexpr std::string_view bad_request = "BAD_REQUEST";
inline constexpr std::string_view unauthenticated = "UNAUTHENTICATED";
inline constexpr std::string_view csrf_prevented = "CSRF_PREVENTED";
inline constexpr std::string_view batching_not_supported = "BATCHING_NOT_SUPPORTED";
inline constexpr std::string_view method_not_allowed = "METHOD_NOT_ALLOWED";
inline constexpr std::string_view not_acceptable = "NOT_ACCEPTABLE";
inline constexpr std::string_view unsupported_media_type = "UNSUPPORTED_MEDIA_TYPE";
inline constexpr std::string_view not_found = "NOT_FOUND";
inline constexpr std::string_view rate_limited = "RATE_LIMITED";
inline constexpr std::string_view internal = "INTERNAL";
}  // namespace code

}  // namespace tenon::server
