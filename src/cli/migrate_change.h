// From two catalogs to a script: the change, what it could destroy in the live database, what to ask.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/migrate_project.h"
#include "migrate/diff.h"
#include "migrate/expand.h"
#include "migrate/render.h"
#include "migrate/warning.h"

namespace tenon::cli {

struct ChangeOptions {
  std::vector<std::string> renames;  // Post=Article
  bool online = false;               // forms that let the application go on
};
void add_change_options(CLI::App& command, ChangeOptions& options);

// TN1006 for a rename that is not written as OLD=NEW.
base::Result<migrate::DiffOptions> diff_options(const MigrateProject& project, const ChangeOptions& options,
                                                migrate::Pair<migrate::Origin> origins);

// From one state of the project's database to another, neither of them a schema file's.
migrate::Difference difference_of(const MigrateProject& project, const catalog::Catalog& from,
                                  const catalog::Catalog& to);

// The difference, with the renames that people say yes to added to `asked`: each candidate is a question
// where somebody is at the terminal, and is no candidate any more when it is answered.
migrate::Difference ask_for_renames(Context& context, migrate::Pair<const catalog::Catalog*> catalogs,
                                    migrate::DiffOptions& asked);

// The findings with the rows that the database has now.
base::Result<migrate::Findings> check_live(migrate::Target& target, const migrate::Difference& difference);

// "perhaps a rename: tenon … --rename Post=Article", for each candidate.
void suggest_renames(Context& context, const migrate::Difference& difference);

// What could be lost, as warnings on stderr.
void warn_of_loss(Context& context, const migrate::Findings& findings);

// What cannot be executed on the rows that are there: TN6005 with all of it.
base::Error impossible_change(const migrate::Findings& findings, std::string help);

// A change as it is written: with --online in two steps where it needs them.
struct PlannedChange {
  std::unique_ptr<migrate::Expanded> expanded;  // null: all of it in one step
  migrate::Difference rest;                     // what is not expanded; names the catalog in `expanded`
};
PlannedChange plan_change(const migrate::Difference& difference, const migrate::DiffOptions& asked,
                          const ChangeOptions& options);

// The script of a migration.
std::string script_text(const PlannedChange& change, const ChangeOptions& options, bool with_warnings);

// "Begun and not ended: …", with what to run next; empty when nothing is.
std::string open_text(const std::vector<migrate::Expansion>& open);
// Of a whole folder.
std::vector<migrate::Expansion> open_expansions(const migrate::Folder& folder);

}  // namespace tenon::cli
