#include "migrate/import.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/terminal.h"
#include "migrate/directive.h"
#include "migrate/folder.h"
#include "sql/fragment.h"

namespace tenon::migrate {

namespace fs = std::filesystem;

namespace {

struct Known {
  Migrator migrator;
  std::string_view name;
  std::string_view table;
};
constexpr std::array<Known, 3> known{{{Migrator::alembic, "alembic", "alembic_version"},
                                      {Migrator::flyway, "flyway", "flyway_schema_history"},
                                      {Migrator::dbmate, "dbmate", "schema_migrations"}}};

const Known& facts_of(Migrator migrator) { return *std::ranges::find(known, migrator, &Known::migrator); }

base::Error not_of(Migrator migrator, std::string_view file, std::string_view why) {
  return {.code = base::code::usage_invalid,
          .message =
              fmt::format("{} is no migration of {}: {}.", base::printable(file), to_string(migrator), why)};
}

// name → text of the .sql files of a folder, and with `deep` of those below it.
base::Result<std::map<std::string, std::string>> read_files(const fs::path& folder) {
  std::error_code failed;
  std::map<std::string, std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, failed)) {
    if (entry.path().extension() != ".sql" || !entry.is_regular_file(failed)) continue;
    if (files.size() == base::migrations_max) break;
    auto text = base::read_file(entry.path(), base::migration_bytes_max);
    if (!text) return std::unexpected(text.error());
    files.emplace(entry.path().filename().string(), std::move(*text));
  }
  if (failed)
    return base::fail(base::code::file_unreadable,
                      fmt::format("{} cannot be read: {}", folder.string(), failed.message()));
  return files;
}

using base::is_digit;

// `V1.2__Add_users.sql`
struct FlywayName {
  char prefix = 0;  // V, U, R
  std::string version;
  std::string title;
};

std::optional<FlywayName> flyway_name(std::string_view file) {
  const auto cut = file.find("__");
  if (file.empty() || cut == std::string_view::npos || !file.ends_with(".sql")) return std::nullopt;
  FlywayName name{.prefix = file.front(),
                  .version = std::string(file.substr(1, cut - 1)),
                  .title = std::string(file.substr(cut + 2, file.size() - cut - 6))};
  std::ranges::replace(name.version, '_', '.');
  const bool numbered =
      name.version.find_first_not_of("0123456789.") == std::string::npos && !name.version.empty();
  if (name.prefix == 'R' ? !name.version.empty() : !numbered || (name.prefix != 'V' && name.prefix != 'U'))
    return std::nullopt;
  return name;
}

std::vector<std::uint64_t> numbers(std::string_view version) {
  std::vector<std::uint64_t> parts;
  for (std::size_t at = 0; at <= version.size();) {
    const auto dot = std::min(version.find('.', at), version.size());
    std::uint64_t value = 0;
    std::from_chars(version.data() + at, version.data() + dot, value);
    parts.push_back(value);
    at = dot + 1;
  }
  while (!parts.empty() && parts.back() == 0) parts.pop_back();
  return parts;
}

base::Result<std::vector<ImportedMigration>> read_flyway(const std::map<std::string, std::string>& files) {
  std::vector<ImportedMigration> versioned;
  std::vector<ImportedMigration> repeatable;
  std::map<std::vector<std::uint64_t>, std::string> undo;
  for (const auto& [file, text] : files) {
    const auto name = flyway_name(file);
    if (!name) return std::unexpected(not_of(Migrator::flyway, file, "its name is not V1__title.sql"));
    if (name->prefix == 'U') {
      undo[numbers(name->version)] = text;
    } else {
      (name->prefix == 'R' ? repeatable : versioned)
          .push_back({.version = name->version, .name = slug(name->title), .text = text});
    }
  }
  std::ranges::sort(versioned, flyway_before, &ImportedMigration::version);
  for (ImportedMigration& each : versioned)
    if (const auto found = undo.find(numbers(each.version)); found != undo.end()) each.down = found->second;
  // Text order is theirs from here on: 1.9, 1.10 become 0009, 0010 of all.
  versioned.insert(versioned.end(), repeatable.begin(), repeatable.end());
  for (std::size_t i = 0; i < versioned.size(); ++i) {
    std::string version = versioned[i].version;
    std::ranges::replace(version, '.', '_');
    versioned[i].name =
        fmt::format("{:04}_{}_{}", i + 1, version.empty() ? "r" : "v" + version, versioned[i].name);
  }
  return versioned;
}

base::Result<std::vector<ImportedMigration>> read_dbmate(const std::map<std::string, std::string>& files) {
  std::vector<ImportedMigration> found;
  for (const auto& [file, text] : files) {
    auto parsed = parse_dbmate(file, text);
    if (!parsed) return std::unexpected(parsed.error());
    found.push_back(std::move(*parsed));
  }
  return found;
}

}  // namespace

std::optional<Migrator> migrator_named(std::string_view name) {
  const auto found = std::ranges::find(known, name, &Known::name);
  return found == known.end() ? std::nullopt : std::optional(found->migrator);
}

std::string_view to_string(Migrator migrator) { return facts_of(migrator).name; }

bool flyway_before(std::string_view a, std::string_view b) { return numbers(a) < numbers(b); }

base::Result<ImportedMigration> parse_dbmate(std::string_view file_name, std::string_view text) {
  const auto digits = std::ranges::find_if_not(file_name, is_digit) - file_name.begin();
  const std::string_view stem = file_name.substr(0, file_name.size() - std::string_view(".sql").size());
  if (digits == 0) return std::unexpected(not_of(Migrator::dbmate, file_name, "its name has no version"));
  ImportedMigration made{.version = std::string(file_name.substr(0, static_cast<std::size_t>(digits))),
                         .name = std::string(stem)};
  std::string* part = nullptr;
  for (const Line& line : lines_of(text, 0, text.size())) {
    const bool up = line.text.starts_with("-- migrate:up");
    if (up || line.text.starts_with("-- migrate:down")) {
      part = up ? &made.text : &made.down;
      if (line.text.contains("transaction:false")) *part += "-- tenon: no-transaction\n";
    } else if (part != nullptr) {
      *part += text.substr(line.begin, line.text.size() + 1);
    }
  }
  if (part == nullptr)
    return std::unexpected(not_of(Migrator::dbmate, file_name, "there is no line -- migrate:up in it"));
  return made;
}

base::Result<std::vector<ImportedMigration>> read_migrations_of(Migrator migrator, const fs::path& folder) {
  if (migrator == Migrator::alembic) return {};
  const auto files = read_files(folder);
  if (!files) return std::unexpected(files.error());
  return migrator == Migrator::flyway ? read_flyway(*files) : read_dbmate(*files);
}

base::Result<std::optional<std::vector<std::string>>> versions_of(Migrator migrator, Target& target) {
  sql::Text look = text_for(target.engine());
  look << "SELECT table_name FROM information_schema.tables WHERE table_schema = ";
  (look.parameter(0) << " AND table_name = ").parameter(1);
  const std::string table(facts_of(migrator).table);
  const auto there = target.session.query(look.take(), {target.schema, table});
  if (!there) return std::unexpected(explain(target.session, there.error()));
  if (there->empty()) return std::nullopt;
  sql::Text text = text_for(target.engine());
  switch (migrator) {
    case Migrator::alembic:
      (text << "SELECT version_num FROM ").qualified(target.schema, table);
      break;
    case Migrator::flyway:
      (text << "SELECT version FROM ").qualified(target.schema, table);
      text << " WHERE success AND version IS NOT NULL ORDER BY installed_rank";
      break;
    case Migrator::dbmate:
      (text << "SELECT version FROM ").qualified(target.schema, table) << " ORDER BY version";
      break;
  }
  const auto rows = target.session.query(text.take());
  if (!rows) return std::unexpected(explain(target.session, rows.error()));
  std::vector<std::string> versions;
  for (const Row& row : *rows) versions.push_back(row.front().value_or(""));
  return versions;
}

}  // namespace tenon::migrate
