#include "cli/shell.h"

#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tenon::cli {

int run_by_shell(const std::string& command, const std::filesystem::path& folder, const std::string& url) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("DATABASE_URL", url.c_str(), 1);
    if (::chdir(folder.c_str()) == 0) ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (child < 0) return 127;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string url_text(const sql::DatabaseUrl& url) {
  const auto encoded = [](std::string_view text) {
    std::string out;
    for (const char c : text) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                         c == '-' || c == '_' || c == '.' || c == '~';
      out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
  };
  std::string text = url.engine == catalog::Engine::postgresql ? "postgresql://" : "mysql://";
  if (!url.user.empty())
    text += encoded(url.user) + (url.password.empty() ? "" : ":" + encoded(url.password.reveal())) + "@";
  text += url.host.starts_with('/') ? encoded(url.host) : url.host;
  if (url.port != 0) text += fmt::format(":{}", url.port);
  text += "/" + encoded(url.database);
  char separator = '?';
  const auto add = [&](std::string_view key, std::string_view value) {
    text += fmt::format("{}{}={}", separator, key, encoded(value));
    separator = '&';
  };
  std::string schemas;
  for (const std::string& schema : url.schemas) schemas += (schemas.empty() ? "" : ",") + schema;
  if (!schemas.empty()) add("schema", schemas);
  for (const auto& [key, value] : url.parameters) add(key, value);
  return text;
}

}  // namespace tenon::cli
