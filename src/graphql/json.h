// JSON text from outside (request bodies, variables) as one flat tree that keeps numbers as they were
// written: variables of 64-bit and decimal columns must not pass through a double. Two allocations per text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::graphql {

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

using JsonId = std::uint32_t;

struct JsonNode {
  JsonKind kind = JsonKind::null;
  std::string_view key;    // of a member of an object, unescaped
  std::string_view text;   // string: unescaped; number: as written; boolean: "true" or "false"
  std::uint32_t size = 0;  // array, object: how many values it holds
  JsonId end = 0;          // one past its last descendant: rows lie in the order of the text
};

// Owns its texts; moving it keeps views valid. Row 0 is the whole value.
class Json {
 public:
  Json() = default;

  const JsonNode& operator[](JsonId id) const { return nodes_[id]; }
  std::size_t size() const { return nodes_.size(); }

 private:
  friend class JsonReader;

  std::unique_ptr<char[]> texts_;
  std::vector<JsonNode> nodes_;
};

// One value of a Json, which must outlive it. Default-made, it stands for "not given".
class JsonValue {
 public:
  JsonValue() = default;
  explicit JsonValue(const Json& json, JsonId id = 0) : json_(&json), id_(id) {}

  explicit operator bool() const { return json_ != nullptr; }
  const JsonNode* operator->() const { return &(*json_)[id_]; }
  JsonId id() const { return id_; }
  JsonKind kind() const { return (*json_)[id_].kind; }
  bool is_null() const { return kind() == JsonKind::null; }

  // The member with this key, the last one if there are several, as JSON.parse has it.
  JsonValue member(std::string_view key) const;

  class Iterator {
   public:
    Iterator(const Json* json, JsonId at) : json_(json), at_(at) {}
    JsonValue operator*() const { return JsonValue(*json_, at_); }
    Iterator& operator++() {
      at_ = (*json_)[at_].end;
      return *this;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const Json* json_;
    JsonId at_;
  };
  // The values of an array or object in order; none for others.
  Iterator begin() const { return {json_, id_ + 1}; }
  Iterator end() const { return {json_, (*json_)[id_].end}; }

 private:
  const Json* json_ = nullptr;
  JsonId id_ = 0;
};

// RFC 8259 with nothing added; the text must be UTF-8 and nest no deeper than base::json_depth_max. The error
// is a sentence for the client: "unexpected character at byte 12".
std::expected<Json, std::string> parse_json(std::string_view text);

// For messages: `{ name: "x", tags: [1, 2] }`, nested and long values shortened.
std::string show_json(JsonValue value);

// Appends the value as JSON text without insignificant spaces.
void append_json(std::string& out, JsonValue value);

}  // namespace tenon::graphql
