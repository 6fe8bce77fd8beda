#include "graphql/json.h"

#include <cstring>

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/limits.h"

namespace tenon::graphql {

// Receives the events of Boost.JSON's parser. Texts gather in one buffer of the input's size, which suffices
// because no escape is shorter than what it stands for.
class JsonReader {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  using Code = boost::json::error_code;
  using View = boost::json::string_view;

  explicit JsonReader(std::size_t text_bytes) {
    json_.texts_ = std::make_unique_for_overwrite<char[]>(text_bytes);
    begin_ = end_ = json_.texts_.get();
    json_.nodes_.reserve(16);
  }

  Json take() { return std::move(json_); }

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return open(JsonKind::object); }
  bool on_object_end(std::size_t size, Code&) { return close(size); }
  bool on_array_begin(Code&) { return open(JsonKind::array); }
  bool on_array_end(std::size_t size, Code&) { return close(size); }
  bool on_key_part(View part, std::size_t, Code&) { return append(part); }
  bool on_key(View part, std::size_t, Code&) {
    append(part);
    key_ = take_text();
    return true;
  }
  bool on_string_part(View part, std::size_t, Code&) { return append(part); }
  bool on_string(View part, std::size_t, Code&) {
    append(part);
    return add(JsonKind::string, take_text());
  }
  bool on_number_part(View part, Code&) { return append(part); }
  bool on_int64(std::int64_t, View part, Code&) { return number(part); }
  bool on_uint64(std::uint64_t, View part, Code&) { return number(part); }
  bool on_double(double, View part, Code&) { return number(part); }
  bool on_bool(bool value, Code&) { return add(JsonKind::boolean, value ? "true" : "false"); }
  bool on_null(Code&) { return add(JsonKind::null, {}); }
  bool on_comment_part(View, Code&) { return true; }
  bool on_comment(View, Code&) { return true; }

 private:
  bool append(View part) {
    std::memcpy(end_, part.data(), part.size());
    end_ += part.size();
    return true;
  }
  std::string_view take_text() {
    const std::string_view text(begin_, static_cast<std::size_t>(end_ - begin_));
    begin_ = end_;
    return text;
  }
  bool number(View part) {
    append(part);
    return add(JsonKind::number, take_text());
  }
  bool add(JsonKind kind, std::string_view text) {
    json_.nodes_.push_back({.kind = kind,
                            .key = std::exchange(key_, {}),
                            .text = text,
                            .end = static_cast<JsonId>(json_.nodes_.size() + 1)});
    return true;
  }
  // Until its end is known, `end` of an open array or object holds the one around it.
  bool open(JsonKind kind) {
    add(kind, {});
    json_.nodes_.back().end = std::exchange(open_, static_cast<JsonId>(json_.nodes_.size() - 1));
    return true;
  }
  bool close(std::size_t size) {
    JsonNode& node = json_.nodes_[open_];
    node.size = static_cast<std::uint32_t>(size);
    open_ = std::exchange(node.end, static_cast<JsonId>(json_.nodes_.size()));
    return true;
  }

  Json json_;
  char* begin_ = nullptr;  // of the text under construction
  char* end_ = nullptr;
  std::string_view key_;
  JsonId open_ = 0;
};

std::expected<Json, std::string> parse_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = base::json_depth_max;
  boost::json::basic_parser<JsonReader> parser(options, text.size());
  boost::json::error_code code;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), code);
  if (code == boost::json::error::too_deep)
    return std::unexpected(fmt::format("it is nested deeper than {} levels", base::json_depth_max));
  if (code == boost::json::error::incomplete) return std::unexpected("it ends too early");
  if (code) return std::unexpected(fmt::format("{} at byte {}", code.message(), read));
  const std::size_t rest = text.find_first_not_of(" \t\r\n", read);
  if (rest != std::string_view::npos) return std::unexpected(fmt::format("extra data at byte {}", rest));
  return parser.handler().take();
}

JsonValue JsonValue::member(std::string_view key) const {
  JsonValue found;
  if (kind() != JsonKind::object) return found;
  for (const JsonValue value : *this)
    if (value->key == key) found = value;
  return found;
}

void append_json(std::string& out, JsonValue value) {
  switch (value.kind()) {
    case JsonKind::null:
      out += "null";
      return;
    case JsonKind::boolean:
    case JsonKind::number:
      out += value->text;
      return;
    case JsonKind::string:
      base::append_json_string(out, value->text);
      return;
    case JsonKind::array:
    case JsonKind::object:
      break;
  }
  const bool object = value.kind() == JsonKind::object;
  out += object ? '{' : '[';
  bool first = true;
  for (const JsonValue child : value) {
    if (!first) out += ',';
    first = false;
    if (object) {
      base::append_json_string(out, child->key);
      out += ':';
    }
    append_json(out, child);
  }
  out += object ? '}' : ']';
}

namespace {

constexpr int shown_depth_max = 2;
constexpr std::uint32_t shown_items_max = 10;
constexpr std::size_t shown_bytes_max = 200;

// Cuts before a byte that starts a character.
std::string shortened(std::string_view text) {
  if (text.size() <= shown_bytes_max) return std::string(text);
  std::size_t end = shown_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::string show(JsonValue value, int depth) {
  const bool object = value.kind() == JsonKind::object;
  if (value.kind() == JsonKind::null) return "null";
  if (value.kind() == JsonKind::string) {
    std::string quoted;
    base::append_json_string(quoted, shortened(value->text));
    return quoted;
  }
  if (!object && value.kind() != JsonKind::array) return shortened(value->text);
  if (value->size == 0) return object ? "{}" : "[]";
  if (depth == shown_depth_max) return object ? "[Object]" : "[Array]";
  std::string out;
  std::uint32_t shown = 0;
  for (const JsonValue child : value) {
    if (shown == shown_items_max) break;
    if (shown++ > 0) out += ", ";
    if (object) out.append(shortened(child->key)).append(": ");
    out += show(child, depth + 1);
  }
  if (value->size > shown) out += fmt::format(", ... {} more", value->size - shown);
  return object ? fmt::format("{{ {} }}", out) : fmt::format("[{}]", out);
}

}  // namespace

std::string show_json(JsonValue value) { return show(value, 0); }

}  // namespace tenon::graphql
