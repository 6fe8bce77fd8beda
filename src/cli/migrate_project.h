// What the commands around migrations share: which schema, which database, which folder, which shadow
// database; opening the database under the lock; questions.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/terminal.h"
#include "cli/context.h"
#include "cli/schema_input.h"
#include "migrate/apply.h"
#include "migrate/folder.h"
#include "migrate/objects.h"
#include "migrate/shadow.h"
#include "migrate/state.h"
#include "migrate/target.h"
#include "psl/schema.h"
#include "server/project.h"
#include "sql/url.h"

namespace CLI {
class App;
}

namespace tenon::cli {

struct MigrateOptions {
  std::string url;
  std::string schema;      // files
  std::string migrations;  // folder
  std::string shadow_url;
  std::string lock_timeout;  // a duration
  bool json = false;
};

void add_database_option(CLI::App& command, MigrateOptions& options);
void add_migrations_option(CLI::App& command, MigrateOptions& options);
void add_shadow_option(CLI::App& command, MigrateOptions& options);
void add_lock_option(CLI::App& command, MigrateOptions& options);

struct MigrateProject {
  server::Project project;
  SchemaInput input;                  // no files: the project has no schema
  std::optional<psl::Schema> schema;  // absent when there is none, or it is not valid
  std::filesystem::path migrations;   // the folder
  sql::DatabaseUrl url;               // with `need` database
  std::vector<std::string> schemas;   // of the database, that migrations are about
  std::chrono::milliseconds lock_wait{};

  // What the search path begins with.
  std::string default_schema() const { return url.schemas.empty() ? "public" : url.schemas.front(); }
};

struct MigrateNeeds {
  bool valid_schema = false;  // findings are shown, and errors among them are P1012
  bool database = true;
  bool local = false;  // the project-local database is made when nothing names one
};

base::Result<MigrateProject> open_migrate_project(Context& context, const MigrateOptions& options,
                                                  const MigrateNeeds& needs);

// The schema files of `path`, or of the project when that is empty. P1012 after its findings were shown.
base::Result<psl::Schema> read_valid_schema(Context& context, const std::string& path,
                                            const std::string& default_schema);

// The folder, made for the database's engine and complete.
base::Result<migrate::Folder> open_folder(const MigrateProject& project);

// The database, without and with the lock of migrations; the wait for it is told on `progress`.
base::Result<migrate::Target> open_database(const MigrateProject& project, const std::string& purpose);
base::Result<migrate::Target> open_locked(const MigrateProject& project, const std::string& purpose,
                                          base::Progress& progress);

// The history; made when the database has neither it nor tables (P3005 when it has some).
base::Result<migrate::State> open_history(const MigrateProject& project, migrate::Target& target,
                                          const migrate::Folder& folder);

// What is told of while migrations run.
migrate::ApplyOptions apply_options(const MigrateProject& project, base::Progress& progress);

// --shadow-url, else what the configuration names, else a new database on the project-local server.
base::Result<migrate::Shadow> open_shadow(const MigrateProject& project, const MigrateOptions& options,
                                          base::Progress& progress);
// What these migrations make of nothing; with `objects`, also of what no catalog has.
base::Result<catalog::Catalog> replay(const MigrateProject& project, const MigrateOptions& options,
                                      const std::vector<const migrate::Migration*>& migrations,
                                      base::Progress& progress, migrate::DatabaseObjects* objects = nullptr);
base::Result<catalog::Catalog> read_live(const MigrateProject& project);
// What a database has that no catalog has, of the project's schemas.
base::Result<migrate::DatabaseObjects> read_objects(const MigrateProject& project,
                                                    const sql::DatabaseUrl& url);

// Shows the error with paths as people write them.
Exit fail_migration(Context& context, const base::Error& error);

// A yes-or-no question; nullopt when nobody is there to answer.
std::optional<bool> ask(Context& context, const std::string& question);
// A line of text; nullopt likewise.
std::optional<std::string> ask_text(Context& context, const std::string& question);

}  // namespace tenon::cli
