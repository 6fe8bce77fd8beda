#include "migrate/folder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "migrate/directive.h"

namespace tenon::migrate {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view script_name = "migration.sql";
constexpr std::string_view lock_name = "migration_lock.toml";
constexpr std::size_t time_digits = 14;
constexpr std::size_t slug_bytes = 200;
constexpr std::size_t name_bytes = 200;

// That a name begins with, if it does.
std::optional<std::chrono::system_clock::time_point> time_of(const std::string& name) {
  std::tm utc{};
  if (::strptime(name.substr(0, time_digits).c_str(), "%Y%m%d%H%M%S", &utc) == nullptr) return std::nullopt;
  const auto time = std::chrono::system_clock::from_time_t(::timegm(&utc));
  return migration_name(time, {}) == name.substr(0, time_digits) ? std::optional(time) : std::nullopt;
}

base::Result<std::optional<std::string>> read_if_there(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return std::nullopt;
  auto text = base::read_file(file, base::migration_bytes_max);
  if (!text) return std::unexpected(std::move(text.error()));
  return std::move(*text);
}

// As Prisma reads it: the first line that begins so, without the key and the quotes.
std::string provider_in(std::string_view lock) {
  for (std::size_t at = 0; at < lock.size();) {
    const std::size_t end = std::min(lock.find('\n', at), lock.size());
    std::string_view line = lock.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with("provider")) continue;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("provider = ")) line.remove_prefix(11);
    std::string provider(line);
    std::erase(provider, '"');
    return provider;
  }
  return {};
}

std::string sha256_hex(std::string_view text) {
  const auto digest = base::sha256(text);
  return base::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string without_zeros(std::string_view digest) {
  std::string text;
  for (std::size_t i = 0; i + 1 < digest.size(); i += 2)
    text += digest[i] == '0' ? digest.substr(i + 1, 1) : digest.substr(i, 2);
  return text;
}

std::string to_lf(std::string_view text) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') lines += text[i];
  return lines;
}

std::string to_crlf(std::string_view lf) {
  std::string lines;
  for (const char c : lf) {
    if (c == '\n') lines += '\r';
    lines += c;
  }
  return lines;
}

// Letters of U+00C0 to U+00FF without their accents; a dot where there is no letter.
constexpr std::array<std::string_view, 64> plain_latin{
    "a", "a", "a", "a", "ae", "a", "ae", "c", "e", "e", "e", "e", "i",  "i", "i",  "i",
    "d", "n", "o", "o", "o",  "o", "oe", ".", "o", "u", "u", "u", "ue", "y", "th", "ss",
    "a", "a", "a", "a", "ae", "a", "ae", "c", "e", "e", "e", "e", "i",  "i", "i",  "i",
    "d", "n", "o", "o", "o",  "o", "oe", ".", "o", "u", "u", "u", "ue", "y", "th", "y"};

// ASCII letters and digits as they are; accents are dropped; everything else is a dot.
std::string plain(std::string_view title) {
  std::string text;
  for (std::size_t i = 0; i < title.size(); ++i) {
    const auto byte = static_cast<unsigned char>(title[i]);
    if (byte == 0xC3 && i + 1 < title.size()) {
      text += plain_latin[static_cast<unsigned char>(title[++i]) & 0x3FU];
    } else if (title[i] == '&') {
      text += ".and.";
    } else if (title[i] != '\'') {
      text += byte < 0x80 && std::isalnum(byte) != 0 ? title[i] : '.';
    }
  }
  return text;
}

bool upper(char c) { return c >= 'A' && c <= 'Z'; }

// Whether a new word begins at `i`: addUser, APIKey, but not APIs.
bool begins_word(std::string_view text, std::size_t i) {
  if (i == 0 || !upper(text[i])) return false;
  if (!upper(text[i - 1]) && text[i - 1] != '.') return true;
  const char next = i + 1 < text.size() ? text[i + 1] : '.';
  return upper(text[i - 1]) && next != '.' && !upper(next) && next != 's';
}

}  // namespace

const Migration* Folder::find(std::string_view name) const {
  const auto found = std::ranges::find(migrations, name, &Migration::name);
  return found == migrations.end() ? nullptr : &*found;
}

base::Result<Folder> read_folder(const fs::path& path) {
  Folder folder{.path = path};
  auto lock = read_if_there(path / lock_name);
  if (!lock) return std::unexpected(std::move(lock.error()));
  if (*lock) folder.provider = provider_in(**lock);
  std::error_code error;
  if (!fs::exists(path, error)) return folder;
  std::vector<std::string> names;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (!at->is_directory(ignored)) continue;
    names.push_back(at->path().filename().string());
    if (names.size() > base::migrations_max)
      return base::fail(base::code::file_unreadable, fmt::format("{} holds more than {} migrations.",
                                                                 path.string(), base::migrations_max));
  }
  if (error)
    return base::fail(base::code::file_unreadable,
                      fmt::format("The folder {} cannot be read: {}.", path.string(), error.message()));
  std::ranges::sort(names);
  for (std::string& name : names) {
    const fs::path file = path / name / script_name;
    auto text = read_if_there(file);
    if (!text) return std::unexpected(std::move(text.error()));
    folder.migrations.push_back({.name = std::move(name), .file = file, .text = std::move(*text)});
  }
  return folder;
}

base::Result<void> check_complete(const Folder& folder) {
  for (const Migration& migration : folder.migrations)
    if (!migration.text)
      return base::fail(base::code::migration_file_missing,
                        fmt::format("The migration {} has no {}.", migration.name, script_name),
                        "restore the file, or delete the folder", migration.file.string());
  return {};
}

std::string_view provider_name(catalog::Engine engine) {
  return engine == catalog::Engine::postgresql ? "postgresql" : "mysql";
}

base::Result<void> check_provider(const Folder& folder, catalog::Engine engine) {
  const std::string_view wanted = provider_name(engine);
  if (!folder.provider || *folder.provider == wanted) return {};
  if (*folder.provider == "postgres" && engine == catalog::Engine::postgresql) return {};
  return base::fail(
      base::code::migration_provider_differs,
      fmt::format("The migrations were made for {}, and the database is {}.", *folder.provider, wanted),
      "start a new folder of migrations for the other engine: [migrations] path in tenon.toml",
      (folder.path / lock_name).string());
}

std::string checksum(std::string_view text) { return sha256_hex(text); }

namespace {

bool is_digest(std::string_view recorded, const std::string& digest) {
  return recorded == digest || (recorded.size() != digest.size() && recorded == without_zeros(digest));
}

// Nearly always the first of these is it.
bool is_checksum_of(std::string_view recorded, std::string_view text) {
  if (is_digest(recorded, sha256_hex(text))) return true;
  const std::string lf = to_lf(text);
  return is_digest(recorded, sha256_hex(lf)) || is_digest(recorded, sha256_hex(to_crlf(lf)));
}

}  // namespace

bool checksum_matches(std::string_view recorded, std::string_view text) {
  return is_checksum_of(recorded, text) || is_checksum_of(recorded, without_approvals(text));
}

std::string slug(std::string_view title) {
  const std::string text = plain(title);
  std::string words;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool separates = text[i] == '.' || begins_word(text, i);
    if (separates && !words.empty() && words.back() != '_') words += '_';
    if (text[i] != '.') words += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
  }
  words.resize(std::min(words.size(), slug_bytes));
  while (words.ends_with('_')) words.pop_back();
  return words;
}

std::string migration_name(std::chrono::system_clock::time_point time, std::string_view title) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  const std::string stamp = fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", utc.tm_year + 1900, utc.tm_mon + 1,
                                        utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
  const std::string words = slug(title);
  return words.empty() ? stamp : stamp + "_" + words;
}

std::string next_migration_name(const Folder& folder, std::chrono::system_clock::time_point now,
                                std::string_view title) {
  std::string name = migration_name(now, title);
  if (folder.migrations.empty() || name > folder.migrations.back().name) return name;
  const std::optional<std::chrono::system_clock::time_point> last = time_of(folder.migrations.back().name);
  return last ? migration_name(*last + std::chrono::seconds(1), title) : name;
}

base::Result<Migration> write_migration(const Folder& folder, const std::string& name, std::string_view text,
                                        catalog::Engine engine) {
  if (name.size() > name_bytes)
    return base::fail(base::code::migration_name_too_long,
                      fmt::format("The name of the migration is longer than {} bytes.", name_bytes));
  const fs::path lock = folder.path / lock_name;
  std::error_code ignored;
  if (!fs::exists(lock, ignored)) {
    const std::string lines = fmt::format(
        "# Please do not edit this file manually\n"
        "# It should be added in your version-control system (e.g., Git)\n"
        "provider = \"{}\"\n",
        provider_name(engine));
    if (auto written = base::write_file(lock, lines); !written) return std::unexpected(written.error());
  }
  Migration migration{.name = name, .file = folder.path / name / script_name, .text = std::string(text)};
  if (auto written = base::write_file(migration.file, text); !written)
    return std::unexpected(written.error());
  return migration;
}

}  // namespace tenon::migrate
