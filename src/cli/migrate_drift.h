// Whether a database is what its migrations make: changes that were made to it by hand.
#pragma once

#include <string>

#include "cli/migrate_project.h"

namespace tenon::cli {

struct Drift {
  std::string summary;          // for people
  std::string objects;          // the same of triggers, functions …, which no script is made of
  std::string script;           // from what migrations make to what the database is
  catalog::Catalog recorded{};  // what the applied migrations make

  bool empty() const { return script.empty() && objects.empty(); }
  std::string text() const { return summary + (summary.empty() || objects.empty() ? "" : "\n") + objects; }
};

// Replays the applied migrations of `folder` on a shadow database and compares. Tables of migrations that are
// missing in the folder show up as drift too.
base::Result<Drift> find_drift(const MigrateProject& project, const MigrateOptions& options,
                               const migrate::Folder& folder, const migrate::State& state,
                               base::Progress& progress);

}  // namespace tenon::cli
