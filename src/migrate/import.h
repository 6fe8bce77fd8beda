// Histories of other tools: their files as migrations of ours, and what their tables say is applied.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "migrate/target.h"

namespace tenon::migrate {

enum class Migrator : std::uint8_t { alembic, flyway, dbmate };

std::optional<Migrator> migrator_named(std::string_view name);
std::string_view to_string(Migrator migrator);

// One file of theirs.
struct ImportedMigration {
  std::string version;  // as their table has it; empty: it has none there (Flyway's repeatable ones)
  std::string name;     // of our folder
  std::string text;
  std::string down;  // how it is undone; empty: nobody says
};

// The files of a folder in the order in which they run. Alembic's are programs, so there are none. TN1003,
// and TN1006 for a file that is not as the tool wants it.
base::Result<std::vector<ImportedMigration>> read_migrations_of(Migrator migrator,
                                                                const std::filesystem::path& folder);

// The text of one file of dbmate's, cut at its `-- migrate:up` and `-- migrate:down`.
base::Result<ImportedMigration> parse_dbmate(std::string_view file_name, std::string_view text);

// Whether version `a` runs before `b`, as Flyway counts: 1.9 before 1.10.
bool flyway_before(std::string_view a, std::string_view b);

// The versions that the tool's table in the database says are applied; nullopt: there is no such table.
base::Result<std::optional<std::vector<std::string>>> versions_of(Migrator migrator, Target& target);

}  // namespace tenon::migrate
