#include "cli/schema_file.h"

#include <map>

#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"

namespace tenon::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t hash_digits = 64;
constexpr std::string_view separator = "  ";

using Records = std::map<std::string, std::string>;  // hash by path

fs::path records_file(const server::Project& project) { return project.private_folder() / "pulled"; }

std::string without_cr(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '\r') out += c;
  return out;
}

std::string content_hash(std::string_view text) {
  const auto digest = base::sha256(without_cr(text));
  return base::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string recorded_path(const server::Project& project, const fs::path& file) {
  const fs::path absolute = fs::absolute(file).lexically_normal();
  const fs::path relative = absolute.lexically_relative(fs::absolute(project.folder).lexically_normal());
  return relative.empty() || *relative.begin() == ".." ? absolute.string() : relative.string();
}

// Lines that are none of ours are passed over.
Records read_records(const server::Project& project) {
  Records records;
  const auto text = base::read_file(records_file(project), base::project_file_bytes_max);
  std::string_view rest = text ? std::string_view(*text) : std::string_view();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.size() <= hash_digits + separator.size() || line.substr(hash_digits, 2) != separator) continue;
    records.insert_or_assign(std::string(line.substr(hash_digits + separator.size())),
                             std::string(line.substr(0, hash_digits)));
  }
  return records;
}

}  // namespace

Authorship authorship(const server::Project& project, const fs::path& file, std::string_view text) {
  const Records records = read_records(project);
  const auto record = records.find(recorded_path(project, file));
  if (record == records.end()) return Authorship::unknown;
  return record->second == content_hash(text) ? Authorship::pulled : Authorship::edited;
}

base::Result<void> remember_pulled(const server::Project& project, const fs::path& file,
                                   std::string_view text) {
  Records records = read_records(project);
  std::string& hash = records[recorded_path(project, file)];
  std::string fresh = content_hash(text);
  if (hash == fresh) return {};
  hash = std::move(fresh);
  if (auto made = server::make_private_folder(project); !made) return made;
  std::string lines;
  for (const auto& [path, digest] : records) lines += fmt::format("{}{}{}\n", digest, separator, path);
  return base::write_file(records_file(project), lines);
}

bool same_lines(std::string_view one, std::string_view other) { return without_cr(one) == without_cr(other); }

}  // namespace tenon::cli
