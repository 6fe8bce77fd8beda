#include "server/graphql_executor.h"

#include <fmt/format.h>

#include "base/json_writer.h"

namespace tenon::server {

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::executed:
      return "executed";
    case Outcome::executed_in_part:
      return "executed_in_part";
    case Outcome::request_error:
      return "request_error";
    case Outcome::bad_request:
      return "bad_request";
    case Outcome::method_not_allowed:
      return "method_not_allowed";
    case Outcome::too_often:
      return "too_often";
    case Outcome::unauthorized:
      return "unauthorized";
    case Outcome::unavailable:
      return "unavailable";
    case Outcome::cancelled:
      return "cancelled";
    case Outcome::internal:
      return "internal";
  }
  return "internal";
}

std::string document_text(std::uint64_t document) {
  return document == 0 ? std::string() : fmt::format("{:016x}", document);
}

std::string_view refusal_message(identity::Refusal refusal) {
  return refusal == identity::Refusal::credential_missing ? "Valid authorization header not provided."
                                                          : "You are not authorized to make this call.";
}

std::string error_body(std::string_view message, std::string_view code, std::string_view error_type) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().key("errors").begin_array().begin_object();
  json.member("message", message);
  if (!error_type.empty()) json.member("errorType", error_type);
  json.key("extensions").begin_object().member("code", code);
  if (!error_type.empty()) json.member("errorType", error_type);
  json.end_object().end_object().end_array().end_object();
  return out;
}

}  // namespace tenon::server
