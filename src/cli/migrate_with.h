// Another tool as the migrator: under our lock, with a row in our history for what it did.
#pragma once

#include <string>

#include "cli/migrate_project.h"

namespace tenon::cli {

// `tool` is alembic, `command` what runs it; empty: `alembic upgrade head`, in the project's folder.
Exit deploy_with(Context& context, const MigrateProject& project, const std::string& tool,
                 const std::string& command);

}  // namespace tenon::cli
