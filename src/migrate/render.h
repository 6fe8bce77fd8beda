// Steps as a script for the database: the text of a migration.sql in Prisma's layout.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "migrate/diff.h"
#include "migrate/warning.h"

namespace tenon::migrate {

struct RenderOptions {
  // Forms that let the application go on: CREATE INDEX CONCURRENTLY, NOT VALID and VALIDATE, NOT NULL by way
  // of a checked constraint. Such a script cannot run in one transaction.
  bool online = false;
};

struct Statement {
  std::string text;  // without the semicolon at its end
  // PostgreSQL refuses it inside a transaction (CREATE INDEX CONCURRENTLY).
  bool outside_transaction = false;
  // It reads a whole table, and what is before it in its transaction would be locked meanwhile.
  bool alone = false;
  // A code of lint.h that its form answers: it is refused by the server where it would block writers.
  std::string_view approved = {};
};

// What one step became.
struct ScriptStep {
  std::string_view name;  // AlterTable
  std::string comment;    // lines above the statements, each `-- …`; may be empty
  std::vector<Statement> statements;
  std::size_t step = 0;  // position in Difference::steps
};

struct Script {
  std::vector<ScriptStep> steps;
  bool empty() const { return steps.empty(); }
};

Script render(const Difference& difference, const RenderOptions& options = {});

// `-- AlterTable`, the statements, an empty line between steps. Nothing to do:
// `-- This is an empty migration.`
std::string to_text(const Script& script);
// The same under a comment that lists the warnings and what cannot be executed.
std::string to_text(const Script& script, const Findings& findings);

}  // namespace tenon::migrate
