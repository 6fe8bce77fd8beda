#include "graphql/checker.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/limits.h"
#include "graphql/json.h"
#include "graphql/operation.h"
#include "graphql/parser.h"
#include "graphql/schema_builder.h"

namespace tenon::graphql {

namespace {

using SchemaResult = std::expected<std::shared_ptr<const Schema>, Error>;

void write_places(base::JsonWriter& json, const Error& error) {
  json.member("message", error.message).key("locations").begin_array();
  for (const base::LineColumn& at : error.locations)
    json.begin_object().member("line", at.line).member("column", at.column).end_object();
  json.end_array();
}

class Checker {
 public:
  // One answer, without its line end.
  std::string answer(std::string_view line) {
    std::string out;
    base::JsonWriter json(out);
    json.begin_object().key("id");
    const auto request = parse_json(line);
    if (!request) {
      json.null().member("error", fmt::format("The line is not valid JSON: {}.", request.error()));
    } else {
      answer(json, JsonValue(*request));
    }
    json.end_object();
    return out;
  }

 private:
  void answer(base::JsonWriter& json, JsonValue request) {
    std::string id = "null";
    if (const JsonValue given = request.member("id")) {
      id.clear();
      append_json(id, given);
    }
    json.raw(id);
    const auto text = [&](std::string_view key) -> const JsonNode* {
      const JsonValue value = request.member(key);
      return value && value.kind() == JsonKind::string ? value.operator->() : nullptr;
    };
    const JsonNode* op = text("op");
    if (op && op->text == "parse" && text("source")) return parse_source(json, text("source")->text);
    if (op && op->text == "validate" && text("schema") && text("query"))
      return validate_query(json, text("schema")->text, text("query")->text);
    json.member("error",
                R"(A request has "op": "parse" with "source", or "validate" with "schema" and "query".)");
  }

  void parse_source(base::JsonWriter& json, std::string_view source) {
    const auto document = parse(std::string(source), limits_);
    json.member("ok", document.has_value());
    if (!document) write_places(json, document.error());
  }

  void validate_query(base::JsonWriter& json, std::string_view sdl, std::string_view query) {
    Errors errors;
    if (const SchemaResult& schema = schema_of(sdl); !schema) {
      errors.push_back(schema.error());
    } else if (auto loaded = load_document(*schema, std::string(query), limits_); !loaded) {
      errors = std::move(loaded.error());
    }
    json.key("errors").begin_array();
    for (const Error& error : errors) {
      json.begin_object();
      write_places(json, error);
      json.end_object();
    }
    json.end_array();
  }

  // A suite asks for the same few schemas again and again; the oldest gives way.
  const SchemaResult& schema_of(std::string_view sdl) {
    const auto known = std::ranges::find(schemas_, sdl, &std::pair<std::string, SchemaResult>::first);
    if (known != schemas_.end()) return known->second;
    if (schemas_.size() == base::checker_schemas_max) schemas_.pop_front();
    return schemas_.emplace_back(std::string(sdl), build_schema(sdl, true)).second;
  }

  const base::DocumentLimits limits_;
  std::deque<std::pair<std::string, SchemaResult>> schemas_;
};

}  // namespace

void run_checker(std::istream& in, std::ostream& out) {
  Checker checker;
  for (std::string line; std::getline(in, line);) out << checker.answer(line) << '\n' << std::flush;
}

}  // namespace tenon::graphql
