// One GraphQL request as a client sends it (GraphQL over HTTP, and the payload of `subscribe` in
// graphql-transport-ws): {query, operationName, variables, extensions}; or, instead of the query, an id of a
// document that the server has.
#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "graphql/error.h"
#include "graphql/json.h"

namespace tenon::graphql {

// Texts are views into `json`, which keeps them valid when the request is moved.
struct Request {
  std::string_view query;  // empty when the client sent an id alone
  bool has_query = false;
  std::string_view document_id;     // `documentId`; empty: none
  std::string_view persisted_hash;  // extensions.persistedQuery.sha256Hash, of version 1; empty: none
  std::optional<std::string_view> operation_name;  // an empty name is an absent one

  // The object given, or "not given" when absent or null.
  JsonValue variables() const { return variables_id ? JsonValue(json, *variables_id) : JsonValue(); }
  JsonValue extensions() const { return extensions_id ? JsonValue(json, *extensions_id) : JsonValue(); }

  Json json;
  std::optional<JsonId> variables_id;
  std::optional<JsonId> extensions_id;
};

// From the body of a POST. Errors have code BAD_REQUEST: the body is no JSON object, there is neither a query
// nor an id, or a member has the wrong type. Members not listed above are ignored.
std::expected<Request, Error> parse_request(std::string_view body);

// From a larger message that was parsed already; `id` names the request's object in it.
std::expected<Request, Error> read_request(Json json, JsonId id);

}  // namespace tenon::graphql
