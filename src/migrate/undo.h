// The way back: a migration that is applied is undone by a script of its own, and is pending again.
//
// A script that is one transaction takes the migration out of the history in it. One that is more begins by
// rolling the row back, as Prisma calls it, and adding one that has not ended: to Prisma and to Tenon the
// migration has failed until the last statement is done, and then it is rolled back.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "migrate/apply.h"
#include "migrate/folder.h"
#include "migrate/target.h"

namespace tenon::migrate {

// Begins a down.sql that was made, not written: it is there only until it has run.
inline constexpr std::string_view made_way_back =
    "-- Made by tenon migrate down, and removed when it has run.\n";

// The script down.sql beside the migration; without a text when there is none.
base::Result<Migration> read_way_back(const Migration& migration);

// The name of its journal: no folder has such a one.
std::string way_back_journal(const std::string& migration);

// Runs `down`, which undoes the migration of its name. The lock of migrations is held by the caller. P3018.
base::Result<void> undo_migration(Target& target, const Migration& down, const ApplyOptions& options);

// Goes on where that stopped. Statements that are done must read as they did (TN6003).
base::Result<void> resume_undo(Target& target, const Migration& down, const ApplyOptions& options);

// Rows of the name that are applied count no more; in the transaction that is open, if one is.
sql::DatabaseResult<void> record_undone(Target& target, const std::string& name);

}  // namespace tenon::migrate
