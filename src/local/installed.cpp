#include "local/installed.h"

#include <algorithm>
#include <cstdlib>

#include "local/process_facts.h"

namespace tenon::local {

namespace fs = std::filesystem;

namespace {
constexpr std::chrono::milliseconds version_timeout{10'000};
}

std::string version_banner(const fs::path& program) {
  const Outcome outcome = run({.arguments = {program.string(), "--version"}}, version_timeout);
  return outcome.ok() ? outcome.output : "";
}

std::vector<fs::path> path_folders() {
  std::vector<fs::path> folders;
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "";
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    if (end > 0 && rest.front() == '/') folders.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return folders;
}

std::vector<fs::path> version_folders(const fs::path& root, std::string_view prefix, const fs::path& rest) {
  std::vector<fs::path> folders;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(root, ignored))
    if (entry.path().filename().string().starts_with(prefix)) folders.push_back(entry.path() / rest);
  return folders;
}

std::optional<fs::path> named_folder(const char* variable) {
  const char* named = std::getenv(variable);
  if (named == nullptr || *named == '\0') return std::nullopt;
  return fs::path(named);
}

std::vector<Installation> installations_in(const std::vector<fs::path>& folders, const Look& look,
                                           const Better& better) {
  std::vector<Installation> found;
  std::vector<fs::path> seen;
  for (const fs::path& folder : folders) {
    std::error_code error;
    const fs::path real = fs::canonical(folder, error);
    if (error || std::ranges::find(seen, real) != seen.end()) continue;
    seen.push_back(real);
    if (auto installation = look(real)) {
      const auto place = std::ranges::upper_bound(found, *installation, better);
      found.insert(place, std::move(*installation));
    }
  }
  return found;
}

bool is_older(std::string_view version, std::string_view other) {
  const auto take_number = [](std::string_view& text) {
    const int number = to_number<int>(text);
    const auto dot = text.find('.');
    text = dot == text.npos ? "" : text.substr(dot + 1);
    return number;
  };
  while (!version.empty() || !other.empty()) {
    const int mine = take_number(version), theirs = take_number(other);
    if (mine != theirs) return mine < theirs;
  }
  return false;
}

}  // namespace tenon::local
