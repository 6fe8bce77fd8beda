// The way back: a migration that is applied is undone by a script of its own, and is pending again.
#pragma once

#include <string>

#include "base/error.h"
#include "migrate/apply.h"
#include "migrate/folder.h"
#include "migrate/target.h"

namespace tenon::migrate {

// Runs `down`, and takes the migration `name` out of the history in the same transaction where the script is
// one: its row is rolled back, as Prisma calls it. The lock of migrations is held by the caller. P3018.
base::Result<void> undo_migration(Target& target, const Migration& down, const std::string& name,
                                  const ApplyOptions& options);

// Rows of the name that are applied count no more; in the transaction that is open, if one is.
sql::DatabaseResult<void> record_undone(Target& target, const std::string& name);

}  // namespace tenon::migrate
