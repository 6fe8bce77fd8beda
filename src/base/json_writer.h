// Appends JSON text to a string the caller owns. No document is built: the response of the API and every
// --json output go straight from values to bytes.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace tenon::base {

// Appends `text` (UTF-8) as a JSON string with its quotes. Escapes `"`, `\` and control characters below
// 0x20 (RFC 8259, section 7); everything else is copied.
void append_json_string(std::string& out, std::string_view text);
std::string json_string(std::string_view text);
// Nothing in `text` needs an escape.
bool is_plain_json(std::string_view text);

// Writes one JSON value, commas included. The caller opens and closes what it nests; a broken nesting is a
// programming error and asserted.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& string(std::string_view text);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  JsonWriter& number(T value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return raw({digits, static_cast<std::size_t>(end - digits)});
  }
  // The shortest text that reads back as `value`; NaN and infinities, which JSON lacks, become null.
  JsonWriter& number(double value);
  // JSON text made elsewhere, copied as it is.
  JsonWriter& raw(std::string_view json);

  // key(name) followed by the value.
  JsonWriter& member(std::string_view name, std::string_view text) { return key(name).string(text); }
  JsonWriter& member(std::string_view name, const char* text) { return key(name).string(text); }
  template <std::same_as<bool> T>
  JsonWriter& member(std::string_view name, T value) {
    return key(name).boolean(value);
  }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  JsonWriter& member(std::string_view name, T value) {
    return key(name).number(value);
  }

 private:
  void separate();

  std::string& out_;
  int depth_ = 0;
  bool needs_comma_ = false;
};

}  // namespace tenon::base
