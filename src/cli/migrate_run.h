// Applying what is pending, as deploy, dev and reset do it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/migrate_project.h"
#include "migrate/lint.h"

namespace tenon::cli {

// Applies the pending migrations of `state` in order; names of those that were, also when one fails. `read`:
// those that have been read already.
struct AppliedRun {
  std::vector<std::string> names;
  std::optional<base::Error> error;
};
AppliedRun apply_pending(const MigrateProject& project, migrate::Target& target,
                         const migrate::Folder& folder, const migrate::State& state, base::Progress& progress,
                         std::span<const migrate::LintScript> read = {});

// The error for a failed migration in the history, P3009: what is known of it, and the ways on.
base::Error explain_failed(migrate::Target& target, const migrate::Folder& folder,
                           const migrate::MigrationState& failed);

// Warnings about what a history says that the folder does not: edited, missing, out of order.
std::vector<std::string> differences(const migrate::State& state);

// "1 migration applied: 2026_init", or that there was nothing to do.
std::string applied_text(const std::vector<std::string>& names, bool colour);

}  // namespace tenon::cli
