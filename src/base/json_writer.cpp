#include "base/json_writer.h"

#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tenon::base {

namespace {

// Bytes that cannot stand in a JSON string as they are.
constexpr bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default: {
      constexpr char hex[] = "0123456789abcdef";
      out += "\\u00";
      out += hex[(static_cast<unsigned char>(c) >> 4U) & 0xFU];
      out += hex[static_cast<unsigned char>(c) & 0xFU];
    }
  }
}

constexpr std::size_t word_bytes = 8;

constexpr std::uint64_t every_byte(unsigned char c) { return 0x0101010101010101U * c; }
// A high bit for each zero byte of `word` (and perhaps for bytes after one: the first is exact).
constexpr std::uint64_t zero_bytes(std::uint64_t word) {
  return (word - every_byte(1)) & ~word & every_byte(0x80);
}

// Whether one of the eight bytes needs an escape.
bool word_needs_escape(const char* text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof word);
  const std::uint64_t control = (word - every_byte(0x20)) & ~word & every_byte(0x80);
  return (control | zero_bytes(word ^ every_byte('"')) | zero_bytes(word ^ every_byte('\\'))) != 0;
}

#if defined(__SSE2__)

constexpr std::size_t block_bytes = 16;

// One bit for each of the sixteen bytes that needs an escape.
unsigned escape_mask(const char* text) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  // Unsigned: a byte is below 0x20 exactly when the minimum of it and 0x1f is itself.
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))));
}

bool block_needs_escape(const char* text) { return escape_mask(text) != 0; }

std::size_t first_escape_in_block(const char* text) {
  return static_cast<std::size_t>(std::countr_zero(escape_mask(text) | (1U << block_bytes)));
}

#else

constexpr std::size_t block_bytes = word_bytes;

bool block_needs_escape(const char* text) { return word_needs_escape(text); }

std::size_t first_escape_in_block(const char* text) {
  if (!word_needs_escape(text)) return block_bytes;
  for (std::size_t i = 0; i < block_bytes; ++i)
    if (needs_escape(text[i])) return i;
  return block_bytes;
}

#endif

// Position of the first byte at or after `from` that needs an escape; the size when there is none.
std::size_t find_escape(std::string_view text, std::size_t from) {
  while (from + block_bytes <= text.size()) {
    const std::size_t found = first_escape_in_block(text.data() + from);
    if (found < block_bytes) return from + found;
    from += block_bytes;
  }
  while (from < text.size() && !needs_escape(text[from])) ++from;
  return from;
}

}  // namespace

// The last block may overlap the one before.
bool is_plain_json(std::string_view text) {
  const char* at = text.data();
  const std::size_t size = text.size();
  if (size >= block_bytes) {
    for (std::size_t i = 0; i + block_bytes < size; i += block_bytes)
      if (block_needs_escape(at + i)) return false;
    return !block_needs_escape(at + size - block_bytes);
  }
  if (size >= word_bytes) return !word_needs_escape(at) && !word_needs_escape(at + size - word_bytes);
  for (const char c : text)
    if (needs_escape(c)) return false;
  return true;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t copied = 0;
  while (true) {
    const std::size_t at = find_escape(text, copied);
    out.append(text.data() + copied, at - copied);
    if (at == text.size()) break;
    append_escape(out, text[at]);
    copied = at + 1;
  }
  out += '"';
}

std::string json_string(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  out_ += '{';
  ++depth_;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  assert(depth_ > 0);
  --depth_;
  out_ += '}';
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  separate();
  out_ += '[';
  ++depth_;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  assert(depth_ > 0);
  --depth_;
  out_ += ']';
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  separate();
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) { return raw(value ? "true" : "false"); }

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::number(double value) {
  if (!std::isfinite(value)) return null();
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return raw({digits, static_cast<std::size_t>(end - digits)});
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace tenon::base
