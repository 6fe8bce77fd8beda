// Finds installed PostgreSQL servers.

#include "local/binaries.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "local/process.h"

namespace tenon::local {

namespace fs = std::filesystem;

namespace {

constexpr int oldest_major_version = 12;
constexpr std::chrono::milliseconds version_timeout{10'000};

// "postgres (PostgreSQL) 15.20 (Debian …)", "postgres (PostgreSQL) 17beta1"; 0 when it is something else.
int major_version(std::string_view banner) {
  constexpr std::string_view lead = "(PostgreSQL) ";
  const auto at = banner.find(lead);
  if (at == std::string_view::npos) return 0;
  int major = 0;
  const std::string_view number = banner.substr(at + lead.size());
  std::from_chars(number.data(), number.data() + number.size(), major);
  return major;
}

bool holds_server(const fs::path& folder) {
  return ::access((folder / "postgres").c_str(), X_OK) == 0 &&
         ::access((folder / "initdb").c_str(), X_OK) == 0;
}

void add_path_folders(std::vector<fs::path>& folders) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "";
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    if (end > 0 && rest.front() == '/') folders.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

// <root>/<version>/<rest>, as distributions and installers lay versions side by side.
void add_version_folders(std::vector<fs::path>& folders, const fs::path& root, const fs::path& rest) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(root, ignored)) folders.push_back(entry.path() / rest);
}

std::vector<fs::path> usual_folders() {
  std::vector<fs::path> folders;
  add_path_folders(folders);
  add_version_folders(folders, "/usr/lib/postgresql", "bin");   // Debian, Ubuntu, SUSE
  add_version_folders(folders, "/usr/libexec/postgresql", "");  // Alpine keeps links here
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/usr", ignored))  // PGDG on Red Hat: /usr/pgsql-16/bin
    if (entry.path().filename().string().starts_with("pgsql-")) folders.push_back(entry.path() / "bin");
  for (const char* root : {"/opt/homebrew/opt", "/usr/local/opt"})
    for (const auto& entry : fs::directory_iterator(root, ignored))
      if (entry.path().filename().string().starts_with("postgresql")) folders.push_back(entry.path() / "bin");
  folders.emplace_back("/usr/local/pgsql/bin");
  folders.emplace_back("/usr/bin");
  return folders;
}

}  // namespace

std::vector<PostgresBinaries> installed_postgres() {
  std::vector<fs::path> folders;
  if (const char* named = std::getenv("TENON_POSTGRES_BIN"); named != nullptr && *named != '\0')
    folders.emplace_back(named);  // and no other: who names one wants that one
  else
    folders = usual_folders();

  std::vector<PostgresBinaries> found;
  for (const fs::path& folder : folders) {
    std::error_code error;
    const fs::path real = fs::canonical(folder, error);
    if (error || !holds_server(real)) continue;
    if (std::ranges::any_of(found, [&](const PostgresBinaries& other) { return other.folder == real; }))
      continue;
    const Outcome version = run({.arguments = {(real / "postgres").string(), "--version"}}, version_timeout);
    const int major = version.ok() ? major_version(version.output) : 0;
    if (major < oldest_major_version) continue;
    const auto place =
        std::ranges::upper_bound(found, major, std::ranges::greater{}, &PostgresBinaries::major_version);
    found.insert(place, {.folder = real, .major_version = major});
  }
  return found;
}

base::Result<PostgresBinaries> find_postgres() {
  const auto found = installed_postgres();
  if (!found.empty()) return found.front();
  const char* named = std::getenv("TENON_POSTGRES_BIN");
  if (named != nullptr && *named != '\0')
    return base::fail(
        base::code::server_not_installed,
        fmt::format("TENON_POSTGRES_BIN names {}, which holds no PostgreSQL server.", named),
        "Name the folder with the programs postgres and initdb, or unset the variable and install the "
        "package \"postgresql\".");
  return base::fail(
      base::code::server_not_installed, "No PostgreSQL server is installed on this machine.",
      "Install the package \"postgresql\" (Debian, Ubuntu: sudo apt install postgresql; Fedora: "
      "sudo dnf install postgresql-server; macOS: brew install postgresql@17), set "
      "TENON_POSTGRES_BIN to the folder with its programs, or name a database that runs "
      "elsewhere with --url.");
}

base::Result<PostgresBinaries> find_postgres(int major_version) {
  const auto found = installed_postgres();
  for (const PostgresBinaries& binaries : found)
    if (binaries.major_version == major_version) return binaries;
  if (found.empty()) return find_postgres();
  return base::fail(
      base::code::server_not_installed,
      fmt::format("The local database was made by PostgreSQL {0}, which is not installed; version {1} is.",
                  major_version, found.front().major_version),
      fmt::format("Install the package \"postgresql-{}\", or start empty with the installed version: "
                  "tenon db reset",
                  major_version));
}

}  // namespace tenon::local
