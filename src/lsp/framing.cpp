#include "lsp/framing.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/limits.h"

namespace tenon::lsp {

namespace {

constexpr std::string_view header_end = "\r\n\r\n";

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<std::size_t> parse_length(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return length;
}

}  // namespace

// The length that the header names, once all of it is there. Other fields (Content-Type) say nothing new.
std::optional<std::size_t> FrameReader::read_header() {
  const auto end = buffer_.find(header_end);
  if (end == std::string::npos) {
    broken_ = buffer_.size() > base::lsp_header_bytes_max;
    return std::nullopt;
  }
  std::optional<std::size_t> length;
  std::string_view fields = std::string_view(buffer_).substr(0, end);
  while (!fields.empty()) {
    const std::string_view field = fields.substr(0, fields.find("\r\n"));
    const auto colon = field.find(':');
    if (colon != std::string_view::npos && same_letters(field.substr(0, colon), "Content-Length"))
      length = parse_length(field.substr(colon + 1));
    fields.remove_prefix(std::min(field.size() + 2, fields.size()));
  }
  broken_ = !length || *length > base::lsp_message_bytes_max || end > base::lsp_header_bytes_max;
  buffer_.erase(0, end + header_end.size());
  return broken_ ? std::nullopt : length;
}

std::optional<std::string> FrameReader::next() {
  if (broken_) return std::nullopt;
  if (!expected_) expected_ = read_header();
  if (!expected_ || buffer_.size() < *expected_) return std::nullopt;
  std::string content = buffer_.substr(0, *expected_);
  buffer_.erase(0, *expected_);
  expected_.reset();
  return content;
}

std::string frame(std::string_view content) {
  return fmt::format("Content-Length: {}\r\n\r\n{}", content.size(), content);
}

}  // namespace tenon::lsp
