// The project-local database of a project: which kind of server it is, where it lies, starting it.
#pragma once

#include <filesystem>
#include <optional>

#include "base/terminal.h"
#include "local/server.h"
#include "psl/check/configuration.h"
#include "server/project.h"

namespace tenon::cli {

struct LocalDatabase {
  local::Engine engine = local::Engine::postgres;
  std::filesystem::path folder;  // .tenon/postgres, .tenon/mariadb
};

// The kind is [database] provider of tenon.toml, or else the datasource's, or else PostgreSQL.
LocalDatabase local_database(const server::Project& project,
                             const std::optional<psl::Datasource>& datasource);
// The same with the datasource of the project's schema files.
LocalDatabase local_database(const server::Project& project);

// Starts it unless it runs, makes it if there is none; steps are shown on `progress`.
base::Result<local::RunningServer> start_local(const server::Project& project, const LocalDatabase& database,
                                               base::Progress& progress);

}  // namespace tenon::cli
