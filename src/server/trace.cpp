#include "server/trace.h"

#include <charconv>

#include <fmt/format.h>

namespace tenon::server {

namespace {

template <class T>
std::optional<T> lower_hex(std::string_view text) {
  for (const char c : text)
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return std::nullopt;
  T value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return value;
}

}  // namespace

std::optional<TraceContext> parse_traceparent(std::string_view header) {
  constexpr std::size_t size = 55;
  if (header.size() < size || header[2] != '-' || header[35] != '-' || header[52] != '-') return std::nullopt;
  const auto version = lower_hex<std::uint8_t>(header.substr(0, 2));
  const auto high = lower_hex<std::uint64_t>(header.substr(3, 16));
  const auto low = lower_hex<std::uint64_t>(header.substr(19, 16));
  const auto parent = lower_hex<std::uint64_t>(header.substr(36, 16));
  const auto flags = lower_hex<std::uint8_t>(header.substr(53, 2));
  if (!version || !high || !low || !parent || !flags) return std::nullopt;
  if (*version == 0xff || (*high == 0 && *low == 0) || *parent == 0) return std::nullopt;
  if (header.size() > size && (*version == 0 || header[size] != '-')) return std::nullopt;
  return TraceContext{
      .trace = {.high = *high, .low = *low}, .parent = *parent, .sampled = (*flags & 1U) != 0};
}

std::string to_text(TraceId id) { return fmt::format("{:016x}{:016x}", id.high, id.low); }

}  // namespace tenon::server
