// JSON-RPC 2.0 messages as the protocol uses them: what comes in is sorted into requests, notifications and
// answers, what goes out is written.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace tenon::lsp {

enum class ErrorCode : std::int32_t {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  not_initialized = -32002,
  request_failed = -32803,
};

struct RpcError {
  ErrorCode code = ErrorCode::invalid_request;
  std::string message;
};

struct Message {
  enum class Kind : std::uint8_t { request, notification, response };
  Kind kind = Kind::notification;
  std::string id;  // JSON text: a number or a string; empty for notifications
  std::string method;
  boost::json::object params;  // empty when there are none
};

// Nesting is bounded by base::json_depth_max.
std::expected<Message, RpcError> parse_message(std::string_view text);

// `id` is JSON text; "null" when the request's own could not be read. `result` is JSON text.
std::string success(std::string_view id, std::string_view result);
std::string failure(std::string_view id, const RpcError& error);
// `params` is JSON text.
std::string notification(std::string_view method, std::string_view params);
std::string request(std::string_view id, std::string_view method, std::string_view params);

// Members of params; nullptr, nullopt or empty when there is no such member of that type.
const boost::json::object* object_at(const boost::json::object& object, std::string_view key);
const boost::json::array* array_at(const boost::json::object& object, std::string_view key);
std::string_view text_at(const boost::json::object& object, std::string_view key);
bool is_true_at(const boost::json::object& object, std::string_view key);

}  // namespace tenon::lsp
