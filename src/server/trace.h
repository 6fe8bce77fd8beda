// Traces of operations: what a span is, and how it refers to the caller's (W3C Trace Context).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tenon::server {

struct TraceId {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const TraceId&, const TraceId&) = default;
};
using SpanId = std::uint64_t;  // 0: none

struct TraceContext {
  TraceId trace;
  SpanId parent = 0;
  bool sampled = false;
};

// The header of that name: 00-<trace>-<parent>-<flags>, in lower case. Later versions may append more.
// nullopt for anything else, which is then as if it had not been sent.
std::optional<TraceContext> parse_traceparent(std::string_view header);
std::string to_text(TraceId id);

struct SpanAttribute {
  std::string_view name;  // of static text
  std::variant<std::string, std::int64_t> value;
};

struct Span {
  // Numbers of the protocol.
  enum class Kind : std::uint8_t { internal = 1, server = 2, client = 3 };
  TraceId trace;
  SpanId id = 0;
  SpanId parent = 0;
  Kind kind = Kind::internal;
  std::string name;
  std::chrono::system_clock::time_point start;
  std::chrono::system_clock::time_point end;
  std::vector<SpanAttribute> attributes;
  bool failed = false;
};

}  // namespace tenon::server
