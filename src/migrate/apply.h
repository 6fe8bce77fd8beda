// Applies one migration: what can run together in one transaction, the rest step by step with a journal, so
// that at every moment it is known what is done.
//
// A migration that is one transaction writes its row of the history in that same transaction: after kill -9
// it is applied or nothing of it is. One that is more has its row before it begins, as with Prisma, and its
// statements in the journal.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "migrate/folder.h"
#include "migrate/history.h"
#include "migrate/journal.h"
#include "migrate/target.h"

namespace tenon::migrate {

struct ApplyOptions {
  // For locks that others hold on tables, in attempts of a few seconds each: whoever waits for such a lock
  // makes everybody behind him wait.
  std::chrono::milliseconds lock_wait_max{300'000};
  // Told of what goes on: "statement 3 of 20", "waits for process 4711 …". May be empty.
  std::function<void(const std::string&)> report;
};

// P3018 with file:line:column and the database's own message; the history then says that it failed. The lock
// of migrations is held by the caller. `statements`: those of the script, when it has been cut already.
base::Result<void> apply_migration(Target& target, const Migration& migration, const ApplyOptions& options,
                                   std::optional<std::vector<sql::ScriptStatement>> statements = {});

// What is known of a migration that failed or was interrupted.
struct Interruption {
  enum class Certainty : std::uint8_t {
    nothing_applied,  // all of it was rolled back
    stopped_at,       // statements before `statement` are done, it and what follows is not
    in_doubt,         // `statement` had begun, and did not end well, or nobody saw how
    unknown,          // it was not Tenon that ran it, or not in a way that tells
  };
  Certainty certainty = Certainty::unknown;
  Effect effect = Effect::unknown;  // of a statement in doubt, as the database shows it
  bool failed = false;              // the database said so
  bool way_back = false;            // it was being undone (undo.h), and that is what the rest is about
  std::uint32_t statement = 0;      // from zero
  std::uint32_t statements = 0;
  std::string place;  // file:line:column of the statement
  std::string text;   // its first line

  // Statements that are done: those that do not run any more.
  std::uint32_t done() const;
};
base::Result<Interruption> examine(Target& target, const Migration& migration, const HistoryRow& row);

// One sentence about it: "Statements 1 to 6 of 20 are done; …".
std::string to_string(const Interruption& interruption);

// Goes on where the migration stopped. Statements that are done must read as they did (TN6003); the others
// may have been corrected.
base::Result<void> resume_migration(Target& target, const Migration& migration, const HistoryRow& row,
                                    const ApplyOptions& options);

// Runs a script without any record of it: on a shadow database, or for `db execute`.
base::Result<void> run_script(Target& target, const Migration& script, const ApplyOptions& options);

}  // namespace tenon::migrate
