#include "local/process_facts.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

namespace tenon::local {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace

std::vector<std::string> split_lines(std::string_view text) { return split(text, '\n'); }

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

bool is_alive(pid_t pid) { return pid > 0 && (::kill(pid, 0) == 0 || errno == EPERM); }

std::vector<std::string> command_line(pid_t pid) {
  // /proc files have no size, so they are read to their end.
  std::ifstream in(fmt::format("/proc/{}/cmdline", pid), std::ios::binary);
  return split(std::string(std::istreambuf_iterator<char>(in), {}), '\0');
}

bool works_in(pid_t pid, const fs::path& data, const std::vector<std::string>& arguments) {
  if (!is_alive(pid)) return false;
  struct stat cluster{}, working{};
  const fs::path working_folder = fmt::format("/proc/{}/cwd", pid);
  if (::stat(data.c_str(), &cluster) == 0 && ::stat(working_folder.c_str(), &working) == 0)
    return cluster.st_dev == working.st_dev && cluster.st_ino == working.st_ino;
  const auto given = command_line(pid);
  return !std::ranges::search(given, arguments).empty();
}

}  // namespace tenon::local
