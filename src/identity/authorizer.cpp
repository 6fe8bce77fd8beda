#include "identity/authorizer.h"

#include <algorithm>
#include <charconv>

#include "base/json_writer.h"
#include "base/limits.h"
#include "graphql/request.h"
#include "identity/token.h"

namespace tenon::identity {

using graphql::JsonKind;
using graphql::JsonValue;
using std::chrono::seconds;

namespace {

// `Type.field`, also of arn:aws:appsync:…:apis/ID/types/Type/fields/field.
std::string field_name(std::string_view text) {
  constexpr std::string_view types = "/types/";
  constexpr std::string_view fields = "/fields/";
  const std::size_t type = text.find(types);
  const std::size_t field = type == std::string_view::npos ? type : text.find(fields, type);
  if (field == std::string_view::npos) return std::string(text);
  const std::size_t begin = type + types.size();
  return std::string(text.substr(begin, field - begin)) + "." +
         std::string(text.substr(field + fields.size()));
}

bool read_denied_fields(JsonValue fields, std::vector<std::string>& denied) {
  if (!fields || fields.is_null()) return true;
  if (fields.kind() != JsonKind::array || fields->size > base::authorizer_fields_max) return false;
  for (const JsonValue field : fields) {
    if (field.kind() != JsonKind::string) return false;
    denied.push_back(field_name(field->text));
  }
  return true;
}

bool read_ttl(JsonValue value, seconds& ttl) {
  if (!value || value.is_null()) return true;
  std::int64_t given = -1;
  if (value.kind() != JsonKind::number) return false;
  const char* end = value->text.data() + value->text.size();
  const auto read = std::from_chars(value->text.data(), end, given);
  if (read.ec != std::errc{} || read.ptr != end || given < 0) return false;
  ttl = seconds(given);
  return true;
}

}  // namespace

AuthorizerVerdict read_verdict(std::string_view body, seconds default_ttl) {
  const AuthorizerVerdict failed{.verdict = std::unexpected(Refusal::authorizer_failed)};
  const auto json = graphql::parse_json(body);
  if (!json || (*json)[0].kind != JsonKind::object) return failed;
  const JsonValue root(*json);
  const JsonValue authorized = root.member("isAuthorized");
  if (!authorized || authorized.kind() != JsonKind::boolean) return failed;
  seconds ttl = default_ttl;
  policy::Principal principal{.provider = policy::Provider::function, .name = "function"};
  if (!read_ttl(root.member("ttlOverride"), ttl) ||
      !read_denied_fields(root.member("deniedFields"), principal.denied_fields))
    return failed;
  if (const JsonValue context = root.member("resolverContext"); context && !context.is_null()) {
    if (context.kind() != JsonKind::object) return failed;
    principal.claims = policy::Claims(claims_of(context));
    if (const std::string who = principal.claims.text("sub"); !who.empty()) principal.name += ":" + who;
  }
  ttl = std::min(ttl, seconds(base::authorizer_ttl_max));
  if (authorized->text != "true")
    return {.verdict = std::unexpected(Refusal::authorizer_refused), .ttl = ttl};
  return {.verdict = std::make_shared<const policy::Principal>(std::move(principal)), .ttl = ttl};
}

std::string authorizer_request(std::string_view token, const net::Request& request) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().member("authorizationToken", token);
  json.key("requestContext").begin_object();
  json.member("apiId", std::string_view("tenon")).member("accountId", std::string_view());
  json.member("requestId", request.id);
  const auto operation = graphql::parse_request(request.body);
  json.member("queryString", operation ? operation->query : std::string_view());
  json.member("operationName", operation ? operation->operation_name.value_or("") : std::string_view());
  std::string variables;
  if (operation && operation->variables()) graphql::append_json(variables, operation->variables());
  json.key("variables").raw(variables.empty() ? std::string_view("{}") : std::string_view(variables));
  json.end_object().end_object();
  return out;
}

boost::asio::awaitable<AuthorizerVerdict> ask_authorizer(const AuthorizerOptions& options,
                                                         std::string_view token,
                                                         const net::Request& request) {
  net::ClientRequest call{.method = net::Method::post,
                          .headers = {{"content-type", "application/json"}},
                          .body = authorizer_request(token, request),
                          .timeout = options.timeout,
                          .answer_bytes_max = base::authorizer_answer_bytes_max};
  const auto answer = co_await net::http_exchange(options.url, std::move(call), options.trust);
  if (!answer || answer->status != 200)
    co_return AuthorizerVerdict{.verdict = std::unexpected(Refusal::authorizer_failed)};
  co_return read_verdict(answer->body, options.ttl);
}

}  // namespace tenon::identity
