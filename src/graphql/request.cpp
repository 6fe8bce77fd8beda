#include "graphql/request.h"

#include <utility>

#include <fmt/format.h>

namespace tenon::graphql {

namespace {

std::unexpected<Error> refuse(std::string message) {
  return std::unexpected(Error{.message = std::move(message), .code = code::bad_request});
}

bool is_given(JsonValue value) { return value && !value.is_null(); }

}  // namespace

std::expected<Request, Error> parse_request(std::string_view body) {
  auto json = parse_json(body);
  if (!json) return refuse(fmt::format("The request body is not valid JSON: {}.", json.error()));
  return read_request(std::move(*json), 0);
}

std::expected<Request, Error> read_request(Json json, JsonId id) {
  Request request{.json = std::move(json)};
  const JsonValue object(request.json, id);
  if (object.kind() != JsonKind::object) return refuse("The request must be a JSON object.");
  for (JsonId at = id + 1; at < request.json[id].end; at = request.json[at].end) {
    const JsonNode& member = request.json[at];
    const bool null = member.kind == JsonKind::null;
    if (member.key == "query") {
      if (member.kind != JsonKind::string) return refuse("\"query\" must be a string.");
      request.query = member.text;
    } else if (member.key == "operationName") {
      if (!null && member.kind != JsonKind::string) return refuse("\"operationName\" must be a string.");
      request.operation_name.reset();
      if (!member.text.empty()) request.operation_name = member.text;
    } else if (member.key == "variables" || member.key == "extensions") {
      if (!null && member.kind != JsonKind::object)
        return refuse(fmt::format("\"{}\" must be an object.", member.key));
      auto& target = member.key == "variables" ? request.variables_id : request.extensions_id;
      target.reset();
      if (!null) target = at;
    }
  }
  if (!is_given(object.member("query"))) return refuse("The request must have a \"query\".");
  return request;
}

}  // namespace tenon::graphql
