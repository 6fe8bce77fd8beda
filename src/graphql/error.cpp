#include "graphql/error.h"

namespace tenon::graphql {

namespace {

void write_locations(base::JsonWriter& json, const std::vector<base::LineColumn>& locations) {
  json.key("locations").begin_array();
  for (const base::LineColumn& location : locations)
    json.begin_object().member("line", location.line).member("column", location.column).end_object();
  json.end_array();
}

void write_path(base::JsonWriter& json, const std::vector<PathSegment>& path) {
  json.key("path").begin_array();
  for (const PathSegment& segment : path) {
    if (const auto* index = std::get_if<std::uint32_t>(&segment))
      json.number(*index);
    else
      json.string(std::get<std::string>(segment));
  }
  json.end_array();
}

}  // namespace

void write(base::JsonWriter& json, const Error& error) {
  json.begin_object().member("message", error.message);
  if (!error.locations.empty()) write_locations(json, error.locations);
  if (!error.path.empty()) write_path(json, error.path);
  if (!error.type.empty()) json.key("data").null().member("errorType", error.type).key("errorInfo").null();
  json.key("extensions").begin_object().member("code", error.code);
  for (const Extension& extension : error.extensions) json.key(extension.key).raw(extension.json);
  json.end_object().end_object();
}

std::string error_response(const Errors& errors) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().key("errors").begin_array();
  for (const Error& error : errors) write(json, error);
  json.end_array().end_object();
  return out;
}

}  // namespace tenon::graphql
