#include "lsp/message.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/limits.h"

namespace tenon::lsp {

namespace json = boost::json;

std::expected<Message, RpcError> parse_message(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error, {}, {.max_depth = base::json_depth_max});
  if (error) return std::unexpected(RpcError{ErrorCode::parse_error, "not JSON: " + error.message()});
  if (!value.is_object())
    return std::unexpected(RpcError{ErrorCode::invalid_request, "A message is an object."});
  json::object& object = value.as_object();
  Message message;
  message.method = text_at(object, "method");
  const json::value* id = object.if_contains("id");
  const bool has_id = id != nullptr && (id->is_number() || id->is_string());
  if (has_id) message.id = json::serialize(*id);
  if (message.method.empty() && !object.contains("result") && !object.contains("error"))
    return std::unexpected(RpcError{ErrorCode::invalid_request, "The message has no method."});
  message.kind = message.method.empty() ? Message::Kind::response
                 : has_id               ? Message::Kind::request
                                        : Message::Kind::notification;
  if (json::value* params = object.if_contains("params"); params != nullptr && params->is_object())
    message.params = std::move(params->as_object());
  return message;
}

std::string success(std::string_view id, std::string_view result) {
  std::string text;
  base::JsonWriter(text)
      .begin_object()
      .member("jsonrpc", "2.0")
      .key("id")
      .raw(id)
      .key("result")
      .raw(result)
      .end_object();
  return text;
}

std::string failure(std::string_view id, const RpcError& error) {
  std::string text;
  base::JsonWriter writer(text);
  writer.begin_object().member("jsonrpc", "2.0").key("id").raw(id).key("error").begin_object();
  writer.member("code", static_cast<int>(error.code)).member("message", error.message);
  writer.end_object().end_object();
  return text;
}

std::string notification(std::string_view method, std::string_view params) {
  std::string text;
  base::JsonWriter(text)
      .begin_object()
      .member("jsonrpc", "2.0")
      .member("method", method)
      .key("params")
      .raw(params)
      .end_object();
  return text;
}

std::string request(std::string_view id, std::string_view method, std::string_view params) {
  std::string text;
  base::JsonWriter writer(text);
  writer.begin_object().member("jsonrpc", "2.0").key("id").raw(id).member("method", method);
  writer.key("params").raw(params).end_object();
  return text;
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  return value != nullptr ? value->if_object() : nullptr;
}

const json::array* array_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  return value != nullptr ? value->if_array() : nullptr;
}

std::string_view text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  const json::string* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string_view(text->data(), text->size()) : std::string_view();
}

bool is_true_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace tenon::lsp
