// A script of several transactions on its way, there (apply.h) or back (undo.h): its row of the history, its
// journal, its statements one after the other, and going on from the middle.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "migrate/apply.h"
#include "migrate/folder.h"
#include "migrate/journal.h"
#include "migrate/plan.h"
#include "migrate/target.h"

namespace tenon::migrate {

struct Course {
  const Migration& script;
  std::string journal;       // the name that its journal has
  std::string_view done;     // what is said of statements that have run: "applied", "undone"
  std::string_view goes_on;  // the command that goes on with it
  // The row of the history: in the first transaction, which gives its id, and in the last.
  std::function<sql::DatabaseResult<std::string>()> begun;
  std::function<sql::DatabaseResult<void>(const std::string&)> ended;
};

// Of the statements from number `from` on; errors have their place in the file. `statements`: those of the
// script, when it has been cut already.
base::Result<RunPlan> plan_of(const Target& target, const Migration& script, std::uint32_t from = 0);
base::Result<RunPlan> plan_of(const Target& target, const Migration& script,
                              std::vector<sql::ScriptStatement> statements, std::uint32_t from);

// `finished` statements are done already. P3018, which is then recorded.
base::Result<void> run_course(Target& target, const Course& course, const RunPlan& plan,
                              std::uint32_t finished, const ApplyOptions& options);

// From where its journal says that it stopped. Statements that are done must read as they did (TN6003); the
// others may have been corrected.
base::Result<void> resume_course(Target& target, const Course& course,
                                 const std::vector<JournalStep>& journal, const ApplyOptions& options);

// Of the object of a statement in doubt, before it; another text may be about another object.
std::string look_before(const JournalStep& step, std::string_view text);

// Several statements of ours in one transaction, or none.
base::Result<void> together(Target& target, const std::function<sql::DatabaseResult<void>()>& work);

base::Result<void> as_result(const Target& target, const sql::DatabaseResult<void>& done);

}  // namespace tenon::migrate
