// The folder of migrations, in Prisma's layout: `20260405013911_init/migration.sql` for each, and
// `migration_lock.toml`, which names the engine.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "catalog/catalog.h"

namespace tenon::migrate {

struct Migration {
  std::string name;                 // of its folder
  std::filesystem::path file;       // migration.sql
  std::optional<std::string> text;  // nullopt: there is no such file
};

struct Folder {
  std::filesystem::path path;           // it need not exist
  std::vector<Migration> migrations;    // in the order in which they run: by name, as bytes
  std::optional<std::string> provider;  // of migration_lock.toml

  const Migration* find(std::string_view name) const;
};

// TN1003 when something there cannot be read.
base::Result<Folder> read_folder(const std::filesystem::path& path);

// P3015 when a folder has no migration.sql.
base::Result<void> check_complete(const Folder& folder);

// "postgresql", "mysql": as in migration_lock.toml and in datasources.
std::string_view provider_name(catalog::Engine engine);

// P3019 when the folder was made for another engine.
base::Result<void> check_provider(const Folder& folder, catalog::Engine engine);

// SHA-256 of the text in hexadecimal, as in the history table.
std::string checksum(std::string_view text);

// Whether `recorded` is the checksum of `text`; line ends and added approvals (directive.h) do not count, and
// old releases of Prisma left zeros out.
bool checksum_matches(std::string_view recorded, std::string_view text);

// "Add User Name!" → "add_user_name", at most 200 bytes: as Prisma names folders.
std::string slug(std::string_view title);

// "20260405013911_add_user_name"; the time alone without a title.
std::string migration_name(std::chrono::system_clock::time_point time, std::string_view title);

// The same for a migration of `now` that comes behind all that are there, also where the time in the last
// one's name is not over: it was made within the same second, or by a clock that is ahead.
std::string next_migration_name(const Folder& folder, std::chrono::system_clock::time_point now,
                                std::string_view title);

// Makes the migration's folder and file, and migration_lock.toml when there is none. P3010 for a name above
// 200 bytes.
base::Result<Migration> write_migration(const Folder& folder, const std::string& name, std::string_view text,
                                        catalog::Engine engine);

}  // namespace tenon::migrate
