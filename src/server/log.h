// What the server tells its operator. Lines are written by a thread of their own; when it cannot keep up the
// oldest are dropped, never a request delayed. No secrets, no values of requests.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

namespace tenon::server {

enum class LogFormat : std::uint8_t {
  readable,  // 12:00:01.250 warning request failed  code=TIMEOUT
  json,  // {"time":"2026-01-31T12:00:01.250Z","level":"warning","message":"request failed","code":"TIMEOUT"}
};

enum class LogLevel : std::uint8_t { debug, info, warning, error };

struct LogField {
  std::string_view name;
  std::string_view value;  // left out when empty
};

class Log {
 public:
  // Writes to standard error. `least` and above.
  explicit Log(LogFormat format, LogLevel least = LogLevel::info);
  ~Log();  // writes what is queued
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void write(LogLevel level, std::string_view message, std::span<const LogField> fields);
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(level, message, std::span(fields.begin(), fields.size()));
  }

 private:
  struct Backend;
  LogFormat format_;
  LogLevel least_;
  std::unique_ptr<Backend> backend_;
};

}  // namespace tenon::server
