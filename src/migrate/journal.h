// The journal of migrations that are more than one transaction: what is done, and what has begun. It holds
// rows of unfinished migrations only. With PostgreSQL it lives in a schema of its own, `_tenon`, where Prisma
// does not look; with MySQL beside the history, for as long as there are such rows. A migration that is one
// transaction needs none: after a crash it is applied or it is not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "migrate/plan.h"
#include "migrate/target.h"

namespace tenon::migrate {

struct JournalStep {
  std::uint32_t number = 0;  // of the statement, from zero
  std::string checksum;      // of its text
  // What its object looked like before it (Server::look_of).
  std::string look_before = {};
  bool apart = false;  // outside of any transaction
  bool begun = false;
  bool finished = false;
};

// Nothing when there is no journal, or none of the migration.
base::Result<std::vector<JournalStep>> read_journal(Target& target, const std::string& migration);

base::Result<void> create_journal(Target& target);
// When nothing is in it, and it would be in somebody's way. To be called when migrations are over.
base::Result<void> put_journal_away(Target& target);

// In the transaction that is open: the journal of `migration` anew, with all statements of the plan; those
// below `finished` are done.
sql::DatabaseResult<void> write_journal(Target& target, const std::string& migration, std::string_view script,
                                        const RunPlan& plan, std::uint32_t finished);
sql::DatabaseResult<void> journal_begun(Target& target, const std::string& migration, const Unit& unit,
                                        const std::string& look_before);
sql::DatabaseResult<void> journal_finished(Target& target, const std::string& migration, const Unit& unit);
// The migration is over.
sql::DatabaseResult<void> erase_journal(Target& target, const std::string& migration);

// How far the journal says a script came.
struct Progressed {
  std::uint32_t finished = 0;             // statements that are surely done
  std::optional<std::uint32_t> in_doubt;  // has begun and was not seen to end
};
Progressed progressed(const std::vector<JournalStep>& steps);

// The number of the first statement of `script` that is done and reads otherwise now; nullopt: none.
std::optional<std::uint32_t> changed_since(const std::vector<JournalStep>& steps, std::string_view script,
                                           const std::vector<sql::ScriptStatement>& statements);

}  // namespace tenon::migrate
