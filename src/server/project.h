// A user's project: where its parts lie, what tenon.toml says, and which database is meant.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/error.h"
#include "base/secret.h"
#include "server/config.h"
#include "server/environment.h"
#include "server/prisma_config.h"

namespace tenon::server {

struct Project {
  std::filesystem::path folder;
  std::optional<std::filesystem::path> config_file;  // tenon.toml, when there is one
  Config config;
  std::optional<std::filesystem::path> prisma_file;  // prisma.config.ts or one of its other names
  PrismaConfig prisma;
  std::optional<std::string> package_schema;  // prisma.schema of package.json
  Environment environment;                    // with .env, and .env beside the schema files

  std::filesystem::path overlay_folder() const { return folder / "api"; }
  std::filesystem::path private_folder() const { return folder / ".tenon"; }
  // Of the project-local server of an engine.
  std::filesystem::path local_folder(catalog::Engine engine) const {
    return private_folder() / (engine == catalog::Engine::mysql ? "mariadb" : "postgres");
  }
};

// The project as one of its databases sees it: what its section says stands in for [database], [schema] and
// [migrations], and nothing else names a database. What works on one database works on this.
Project project_of(const Project& project, const DatabaseConfig& database);
// One for each of [databases], in their order; else the project itself.
std::vector<Project> projects_by_database(const Project& project);
// The database called `name`; TN1005, with the names there are, when there is none.
base::Result<Project> project_of(const Project& project, std::string_view name);
// TN1005 for who needs one database and finds several.
base::Error several_databases_error(const Project& project);

// The nearest folder from `start` upwards that holds tenon.toml; else the nearest that holds prisma/, api/,
// .tenon/, a prisma.config.* or a package.json with prisma.schema; else the nearest with schema.prisma; else
// `start` itself. But for tenon.toml not above the checkout (.git) or the home folder.
std::filesystem::path find_project_folder(const std::filesystem::path& start, const Environment& environment);

// Reads the project in `folder`: tenon.toml, prisma.config.*, package.json, .env. What is wrong with the
// first two goes to `diagnostics`, whose spans are in `sources`. Fails only when a file that exists cannot be
// read (TN1003).
base::Result<Project> load_project(const std::filesystem::path& folder, Environment environment,
                                   base::SourceSet& sources, base::Diagnostics& diagnostics);

// Makes .tenon/ with a .gitignore that keeps all of it out of version control.
base::Result<void> make_private_folder(const Project& project);

// The text a reference stands for. TN1002 names what is missing.
base::Result<base::Secret> resolve(const Project& project, const Reference& reference);
base::Result<base::Secret> resolve(const Project& project, const PrismaSetting& setting);

// What a schema file's datasource says: url = "…" or url = env("NAME").
struct DatasourceUrl {
  base::Secret literal;
  std::string variable;  // not empty for env()
  std::string place;
};

struct DatabaseChoice {
  enum class Origin : std::uint8_t { flag, config, prisma_config, environment, datasource, local };
  Origin origin = Origin::local;
  base::Secret url;  // empty for the local database, which may have to be started first
  std::string
      origin_text;  // for people: "--url", "tenon.toml:3:7", "DATABASE_URL in .env", "the local database"
};

// Which database is meant, of a project with one (TN1005 when there are several): `flag` (--url, a reference
// too), then tenon.toml, then prisma.config.*, then DATABASE_URL of the environment or .env, then the
// datasource of the schema files, then the project-local database.
base::Result<DatabaseChoice> choose_database(const Project& project, const std::optional<std::string>& flag,
                                             const std::optional<DatasourceUrl>& datasource);

}  // namespace tenon::server
