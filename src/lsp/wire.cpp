#include "lsp/wire.h"

#include <limits>

#include "lsp/message.h"

namespace tenon::lsp {

namespace {

void write_position(base::JsonWriter& json, const Position& position) {
  json.begin_object().member("line", position.line).member("character", position.character).end_object();
}

std::optional<std::uint32_t> read_count(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(boost::json::string_view(key.data(), key.size()));
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return std::nullopt;
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();  // the protocol's uinteger
  return static_cast<std::uint32_t>(std::min(value->get_int64(), most));
}

}  // namespace

void write_range(base::JsonWriter& json, const Range& range) {
  json.begin_object().key("start");
  write_position(json, range.start);
  json.key("end");
  write_position(json, range.end);
  json.end_object();
}

Range range_of(const Analysis& analysis, const base::Span& span) {
  return analysis.lines_of(span.source).range(span.begin, span.end);
}

void write_location(base::JsonWriter& json, const Workspace& workspace, const Analysis& analysis,
                    const base::Span& span) {
  json.begin_object().member("uri", workspace.uri(analysis.paths[span.source.value])).key("range");
  write_range(json, range_of(analysis, span));
  json.end_object();
}

std::optional<Position> read_position(const boost::json::object* object) {
  if (object == nullptr) return std::nullopt;
  const auto line = read_count(*object, "line");
  const auto character = read_count(*object, "character");
  if (!line || !character) return std::nullopt;
  return Position{*line, *character};
}

std::optional<Range> read_range(const boost::json::object* object) {
  if (object == nullptr) return std::nullopt;
  const auto start = read_position(object_at(*object, "start"));
  const auto end = read_position(object_at(*object, "end"));
  if (!start || !end) return std::nullopt;
  return Range{*start, *end};
}

}  // namespace tenon::lsp
