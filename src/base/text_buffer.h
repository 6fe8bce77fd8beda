// A string under construction whose end is a pointer: short pieces cost a few instructions instead of a call.
// For the hottest writer there is, the answers of the API.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tenon::base {

class TextBuffer {
 public:
  explicit TextBuffer(std::size_t expected) { grow(expected); }
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;

  std::size_t size() const { return static_cast<std::size_t>(at_ - text_.data()); }
  // `size` is at most what it is now.
  void truncate(std::size_t size) { at_ = text_.data() + size; }

  void append(char c) {
    need(1);
    *at_++ = c;
  }
  void append(std::string_view text) {
    need(text.size());
    put(text);
  }
  void append_quoted(std::string_view text) {
    need(text.size() + 2);
    *at_++ = '"';
    put(text);
    *at_++ = '"';
  }
  // As append_json_string of json_writer.h.
  void append_json_string(std::string_view text);

  std::string take() {
    text_.resize(size());
    return std::move(text_);
  }

 private:
  void need(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) < bytes) grow(bytes);
  }
  void put(std::string_view text) {
    copy(at_, text.data(), text.size());
    at_ += text.size();
  }
  // Up to 32 bytes with loads and stores that may overlap.
  static void copy(char* to, const char* from, std::size_t size) {
    if (size > 32) {
      std::memcpy(to, from, size);
    } else if (size >= 16) {
      copy_ends<16>(to, from, size);
    } else if (size >= 8) {
      copy_ends<8>(to, from, size);
    } else if (size >= 4) {
      copy_ends<4>(to, from, size);
    } else if (size > 0) {
      to[0] = from[0];
      to[size / 2] = from[size / 2];
      to[size - 1] = from[size - 1];
    }
  }
  template <std::size_t block>
  static void copy_ends(char* to, const char* from, std::size_t size) {
    char first[block];
    char last[block];
    std::memcpy(first, from, block);
    std::memcpy(last, from + size - block, block);
    std::memcpy(to, first, block);
    std::memcpy(to + size - block, last, block);
  }
  void grow(std::size_t bytes);

  std::string text_;  // its size is the room there is
  char* at_ = text_.data();
  char* end_ = at_;
};

}  // namespace tenon::base
