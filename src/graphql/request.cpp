#include "graphql/request.h"

#include <utility>

#include <fmt/format.h>

namespace tenon::graphql {

namespace {

std::unexpected<Error> refuse_request(std::string message) {
  return std::unexpected(Error{.message = std::move(message), .code = code::bad_request});
}

// Automatic persisted queries, as Apollo's clients speak them.
std::string_view persisted_hash(JsonValue extensions) {
  const JsonValue persisted = extensions ? extensions.member("persistedQuery") : JsonValue();
  if (!persisted || persisted.kind() != JsonKind::object) return {};
  const JsonValue version = persisted.member("version");
  const JsonValue hash = persisted.member("sha256Hash");
  const bool ours = version && version->text == "1" && hash && hash.kind() == JsonKind::string;
  return ours ? hash->text : std::string_view();
}

}  // namespace

std::expected<Request, Error> parse_request(std::string_view body) {
  auto json = parse_json(body);
  if (!json) return refuse_request(fmt::format("The request body is not valid JSON: {}.", json.error()));
  return read_request(std::move(*json), 0);
}

std::expected<Request, Error> read_request(Json json, JsonId id) {
  Request request{.json = std::move(json)};
  const JsonValue object(request.json, id);
  if (object.kind() != JsonKind::object) return refuse_request("The request must be a JSON object.");
  for (JsonId at = id + 1; at < request.json[id].end; at = request.json[at].end) {
    const JsonNode& member = request.json[at];
    const bool null = member.kind == JsonKind::null;
    if (member.key == "query") {
      if (member.kind != JsonKind::string) return refuse_request("\"query\" must be a string.");
      request.query = member.text;
      request.has_query = true;
    } else if (member.key == "documentId") {
      if (!null && member.kind != JsonKind::string) return refuse_request("\"documentId\" must be a string.");
      request.document_id = member.text;
    } else if (member.key == "operationName") {
      if (!null && member.kind != JsonKind::string)
        return refuse_request("\"operationName\" must be a string.");
      request.operation_name.reset();
      if (!member.text.empty()) request.operation_name = member.text;
    } else if (member.key == "variables" || member.key == "extensions") {
      if (!null && member.kind != JsonKind::object)
        return refuse_request(fmt::format("\"{}\" must be an object.", member.key));
      auto& target = member.key == "variables" ? request.variables_id : request.extensions_id;
      target.reset();
      if (!null) target = at;
    }
  }
  request.persisted_hash = persisted_hash(request.extensions());
  if (!request.has_query && request.document_id.empty() && request.persisted_hash.empty())
    return refuse_request("The request must have a \"query\".");
  return request;
}

}  // namespace tenon::graphql
