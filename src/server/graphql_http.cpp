#include "server/graphql_http.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "graphql/json.h"
#include "net/media_type.h"
#include "net/url_decoding.h"

namespace tenon::server {

namespace asio = boost::asio;
using net::Method;
using net::Request;
using net::Response;

namespace {

constexpr std::string_view json_type = "application/json; charset=utf-8";
constexpr std::string_view graphql_response_type = "application/graphql-response+json; charset=utf-8";
constexpr std::string_view event_stream_type = "text/event-stream; charset=utf-8";
constexpr std::string_view malformed = "MalformedHttpRequestException";

// A page of another origin cannot send these without asking first (Fetch, "CORS-safelisted request-header").
constexpr std::string_view preflighted_headers[] = {"x-api-key", "authorization", "x-requested-with",
                                                    "graphql-require-preflight", "apollo-require-preflight"};

bool is_json(std::string_view essence) {
  return net::equal_ignoring_case(essence, "application/json") ||
         net::equal_ignoring_case(essence, "application/graphql-response+json");
}

bool could_not_be_forged(const Request& request) {
  return is_json(net::parse_content_type(request.header("content-type")).essence) ||
         std::any_of(std::begin(preflighted_headers), std::end(preflighted_headers),
                     [&](std::string_view name) { return request.header_count(name) > 0; });
}

std::string_view first_character(std::string_view json) {
  const std::size_t at = json.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? std::string_view() : json.substr(at, 1);
}

// Writes a parameter that holds JSON, which must be one object or null.
bool append_json_parameter(base::JsonWriter& writer, const net::QueryParameter& parameter) {
  const auto json = graphql::parse_json(parameter.value);
  if (!json) return false;
  const graphql::JsonValue value(*json);
  if (value.kind() != graphql::JsonKind::object && !value.is_null()) return false;
  std::string text;
  graphql::append_json(text, value);
  writer.key(parameter.name).raw(text);
  return true;
}

unsigned status_of(Outcome outcome, AnswerType type) {
  switch (outcome) {
    case Outcome::executed:
    case Outcome::executed_in_part:
      return 200;
    case Outcome::request_error:
      return type == AnswerType::graphql_response ? 400 : 200;
    case Outcome::bad_request:
      return 400;
    case Outcome::method_not_allowed:
      return 405;
    case Outcome::too_often:
      return 429;
    case Outcome::unauthorized:
      return 401;
    case Outcome::unavailable:
      return 503;
    case Outcome::cancelled:
    case Outcome::internal:
      return 500;
  }
  return 500;
}

// Amplify's client sends again what got a 429, three times within a second, and then hides the reason; a 200
// it hands on as it is.
bool repeats_at_once(const Request& request) { return !request.header("x-amz-user-agent").empty(); }

// parse;dur=0.021, plan;dur=0.140, cost;desc="120" (Server Timing, W3C); milliseconds.
std::string server_timing_text(const GraphqlReply& reply) {
  std::string text;
  for (const StageTime& stage : reply.stages)
    text += fmt::format("{}{};dur={:.3f}", text.empty() ? "" : ", ", stage.name,
                        std::chrono::duration<double, std::milli>(stage.duration).count());
  if (reply.cost > 0) text += fmt::format(", cost;desc=\"{}\"", reply.cost);
  return text;
}

// A query has one result, so its stream is complete when it is written.
std::string as_event_stream(std::string_view body) {
  std::string out("event: next\ndata: ");
  out.append(body).append("\n\nevent: complete\ndata:\n\n");
  return out;
}

}  // namespace

std::optional<AnswerType> choose_answer_type(std::string_view accept) {
  const int json = net::accept_quality(accept, "application/json");
  const int graphql = net::quality_of_token(accept, "application/graphql-response+json").value_or(0);
  const int stream = net::quality_of_token(accept, "text/event-stream").value_or(0);
  if (stream > 0 && stream > std::max(json, graphql)) return AnswerType::event_stream;
  if (graphql > 0 && graphql >= json) return AnswerType::graphql_response;
  if (json > 0) return AnswerType::json;
  if (stream > 0) return AnswerType::event_stream;
  // "application/graphql-*" cannot be written; a range that covers only our second name can: "application/*"
  // minus JSON.
  if (net::accept_quality(accept, "application/graphql-response+json") > 0)
    return AnswerType::graphql_response;
  return std::nullopt;
}

std::optional<std::string> request_of_query_string(std::string_view query) {
  const auto parameters = net::decode_query(query);
  if (!parameters) return std::nullopt;
  std::string out;
  bool has_query = false;
  bool has_id = false;
  base::JsonWriter json(out);
  json.begin_object();
  for (const net::QueryParameter& parameter : *parameters) {
    if (parameter.name == "query" || parameter.name == "operationName" || parameter.name == "documentId") {
      if (parameter.name == "query" && std::exchange(has_query, true)) return std::nullopt;
      has_id = has_id || parameter.name == "documentId";
      json.member(parameter.name, std::string_view(parameter.value));
    } else if (parameter.name == "variables" || parameter.name == "extensions") {
      if (parameter.value.empty()) continue;
      if (!append_json_parameter(json, parameter)) return std::nullopt;
      has_id = has_id || parameter.name == "extensions";  // perhaps; who reads the request looks closer
    }
  }
  json.end_object();
  if (!has_query && !has_id) return std::nullopt;
  return out;
}

Response GraphqlHttp::refuse(const Request& request, Outcome outcome, unsigned status,
                             std::string_view message, std::string_view code, std::string_view error_type,
                             std::string_view cause) {
  runner_.count_refusal(request.id, outcome, code, cause);
  Response response{.status = status, .content_type = json_type};
  response.body = error_body(message, code, error_type);
  if (status == 405) response.add_header("allow", "GET, POST");
  if (!error_type.empty()) response.add_header("x-amzn-errortype", error_type);
  return response;
}

Response GraphqlHttp::refuse(const Request& request, identity::Refusal refusal) {
  return refuse(request, Outcome::unauthorized, 401, refusal_message(refusal), code::unauthenticated,
                unauthorized_type, identity::cause(refusal));
}

asio::awaitable<Response> GraphqlHttp::answer(const Request& request) {
  const identity::Verdict principal = co_await authenticator_.authenticate(request);
  if (!principal) co_return refuse(request, principal.error());
  if (request.method != Method::get && request.method != Method::post) {
    co_return refuse(request, Outcome::method_not_allowed, 405, "Send a POST, or a GET for a query.",
                     code::method_not_allowed);
  }
  const auto type = choose_answer_type(request.header("accept"));
  if (!type) {
    co_return refuse(request, Outcome::bad_request, 406,
                     "Answers are application/graphql-response+json, application/json or text/event-stream.",
                     code::not_acceptable);
  }
  if (request.method == Method::get) {
    if (!could_not_be_forged(request)) {
      co_return refuse(request, Outcome::bad_request, 403,
                       "A GET needs a header that another site's page cannot send, such as "
                       "graphql-require-preflight: 1.",
                       code::csrf_prevented);
    }
    const auto json = request_of_query_string(request.query);
    if (!json) {
      co_return refuse(request, Outcome::bad_request, 400,
                       "The query string needs one `query`; `variables` and `extensions` are JSON objects.",
                       code::bad_request, malformed);
    }
    co_return co_await run(request, *json, *type, *principal);
  }
  const net::ContentType content = net::parse_content_type(request.header("content-type"));
  if (!net::equal_ignoring_case(content.essence, "application/json") ||
      !(content.charset.empty() || net::equal_ignoring_case(content.charset, "utf-8"))) {
    co_return refuse(request, Outcome::bad_request, 415, "Send the request as application/json in UTF-8.",
                     code::unsupported_media_type);
  }
  const std::string_view first = first_character(request.body);
  if (first.empty()) {
    co_return refuse(request, Outcome::bad_request, 400, "Request body is empty.", code::bad_request,
                     malformed);
  }
  if (first == "[") {
    co_return refuse(request, Outcome::bad_request, 400,
                     "Batches are not served; send one request object at a time.",
                     code::batching_not_supported, malformed);
  }
  co_return co_await run(request, request.body, *type, *principal);
}

asio::awaitable<Response> GraphqlHttp::run(const Request& request, std::string_view json, AnswerType type,
                                           std::shared_ptr<const policy::Principal> principal) {
  GraphqlReply reply = co_await runner_.run(json, {.request_id = request.id,
                                                   .remote_address = request.remote_address,
                                                   .principal = std::move(principal),
                                                   .traceparent = request.header("traceparent"),
                                                   .queries_only = request.method == Method::get});
  Response response{.status = status_of(reply.outcome, type)};
  if (server_timing_ && !reply.stages.empty())
    response.add_header("server-timing", server_timing_text(reply));
  if (reply.outcome == Outcome::method_not_allowed) response.add_header("allow", "POST");
  if (reply.outcome == Outcome::unavailable) response.add_header("retry-after", "1");
  if (reply.outcome == Outcome::too_often) {
    response.add_header("retry-after", retry_after_text(reply.retry_after));
    if (repeats_at_once(request)) response.status = 200;
  }
  if (type == AnswerType::event_stream) {
    response.status = 200;
    response.content_type = event_stream_type;
    response.body = as_event_stream(reply.body);
    response.add_header("cache-control", "no-cache");
  } else {
    response.content_type = type == AnswerType::json ? json_type : graphql_response_type;
    response.body = std::move(reply.body);
  }
  co_return response;
}

}  // namespace tenon::server
