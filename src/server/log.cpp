#include "server/log.h"

#include <chrono>
#include <ctime>
#include <string>

#include <fmt/format.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/json_writer.h"
#include "base/limits.h"

namespace tenon::server {

namespace {

constexpr std::string_view names[] = {"debug", "info", "warning", "error"};

std::string time_text(const char* format) {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  const std::size_t size = std::strftime(text, sizeof text, format, &parts);
  return fmt::format("{}.{:03}", std::string_view(text, size), milliseconds);
}

std::string json_line(std::string_view level, std::string_view message, std::span<const LogField> fields) {
  std::string line;
  base::JsonWriter json(line);
  json.begin_object().member("time", std::string_view(time_text("%Y-%m-%dT%H:%M:%S") + "Z"));
  json.member("level", level).member("message", message);
  for (const LogField& field : fields) {
    if (!field.value.empty()) json.member(field.name, field.value);
  }
  json.end_object();
  return line;
}

// Control characters would let a client draw on the operator's terminal, or begin a line of its own.
std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return out;
}

std::string readable_line(std::string_view level, std::string_view message,
                          std::span<const LogField> fields) {
  std::string line = fmt::format("{} {:7} {}", time_text("%H:%M:%S"), level, printable(message));
  for (const LogField& field : fields) {
    if (!field.value.empty()) line += fmt::format("  {}={}", field.name, printable(field.value));
  }
  return line;
}

}  // namespace

struct Log::Backend {
  std::shared_ptr<spdlog::details::thread_pool> thread =
      std::make_shared<spdlog::details::thread_pool>(base::log_queued_lines_max, 1);
  std::shared_ptr<spdlog::async_logger> logger =
      std::make_shared<spdlog::async_logger>("tenon", std::make_shared<spdlog::sinks::stderr_sink_mt>(),
                                             thread, spdlog::async_overflow_policy::overrun_oldest);
};

Log::Log(LogFormat format, LogLevel least)
    : format_(format), least_(least), backend_(std::make_unique<Backend>()) {
  backend_->logger->set_pattern("%v");
  backend_->logger->set_level(spdlog::level::trace);
  backend_->logger->flush_on(spdlog::level::trace);
}

Log::~Log() = default;

void Log::write(LogLevel level, std::string_view message, std::span<const LogField> fields) {
  if (level < least_) return;
  const std::string_view level_name = names[static_cast<std::size_t>(level)];
  const std::string line = format_ == LogFormat::json ? json_line(level_name, message, fields)
                                                      : readable_line(level_name, message, fields);
  backend_->logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace tenon::server
