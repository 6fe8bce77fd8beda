// What migrations do to a database in use, as commands show it: findings at the lines of their files, and
// whether deploy may go on.
#pragma once

#include <optional>
#include <vector>

#include "cli/migrate_project.h"
#include "migrate/lint.h"

namespace tenon::cli {

struct LintReport {
  std::vector<migrate::LintScript> scripts;
  std::vector<migrate::LintFinding> findings;
  bool rows_known = false;

  std::size_t refused() const;
};

// Whether the rows that a database has are those that count: a developer's are not.
enum class LintRows : std::uint8_t { count, do_not_count };

// In the order of the migrations, all of which have a text. `target`: what it has is asked when it matters.
// `done`: statements of the first of them that have run, and are not looked at.
base::Result<LintReport> lint_migrations(catalog::Engine engine,
                                         const std::vector<const migrate::Migration*>& migrations,
                                         migrate::Target* target, LintRows rows = LintRows::count,
                                         std::uint32_t done = 0);

// What of the findings is shown: those that `deploy` refuses; warnings too; everything.
enum class LintShown : std::uint8_t { refused, warnings, all };
// On stderr. `advisory`: nothing is an error yet.
void print_findings(Context& context, const LintReport& report, LintShown shown, bool advisory = false);

// A migration that is gone on with.
struct Resumed {
  const migrate::Migration* migration = nullptr;
  std::uint32_t done = 0;  // statements
};

// What is left of `resumed`, and pending migrations, as they were read when they may be applied; else TN6008,
// after the findings were shown.
base::Result<LintReport> check_approved(Context& context, const migrate::Folder& folder,
                                        const migrate::State& state, migrate::Target& target,
                                        const std::optional<Resumed>& resumed);

}  // namespace tenon::cli
