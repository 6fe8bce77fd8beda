#include "cli/local_database.h"

#include "cli/database.h"

namespace tenon::cli {

LocalDatabase local_database(const server::Project& project,
                             const std::optional<psl::Datasource>& datasource) {
  auto engine = datasource ? datasource->engine : catalog::Engine::postgresql;
  if (project.config.provider) engine = *project.config.provider;
  return {.engine = engine == catalog::Engine::mysql ? local::Engine::mariadb : local::Engine::postgres,
          .folder = project.local_folder(engine)};
}

LocalDatabase local_database(const server::Project& project) {
  return local_database(project, datasource_of(project));
}

base::Result<local::RunningServer> start_local(const server::Project& project, const LocalDatabase& database,
                                               base::Progress& progress) {
  if (auto made = server::make_private_folder(project); !made) return std::unexpected(made.error());
  return local::start_server({.engine = database.engine,
                              .folder = database.folder,
                              .progress = [&](std::string_view step) { progress.step(step); }});
}

}  // namespace tenon::cli
