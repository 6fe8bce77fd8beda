#include "migrate/render.h"

#include <fmt/format.h>

#include "migrate/ddl.h"

namespace tenon::migrate {

namespace {

// Words of Prisma's for a change that versions of PostgreSQL before 12 cannot make in a transaction.
constexpr std::string_view several_values =
    "-- This migration adds more than one value to an enum.\n"
    "-- With PostgreSQL versions 11 and earlier, this is not possible\n"
    "-- in a single migration. This can be worked around by creating\n"
    "-- multiple migrations, each migration adding only one value to\n"
    "-- the enum.\n\n\n";

std::string comment_of(const Step& step, Compat compat) {
  const AlterEnum* const change = std::get_if<AlterEnum>(&step);
  return change != nullptr && !change->recreates() && (!change->used_at_once || compat == Compat::prisma) &&
                 change->added.size() > 1
             ? std::string(several_values)
             : std::string();
}

}  // namespace

Script render(const Difference& difference, const RenderOptions& options) {
  Script script;
  const bool is_mysql = difference.before().engine == catalog::Engine::mysql;
  for (std::size_t i = 0; i < difference.steps.size(); ++i) {
    const Step& step = difference.steps[i];
    std::vector<Statement> statements =
        is_mysql ? render_mysql(difference, step, options) : render_postgres(difference, step, options);
    if (statements.empty()) continue;
    script.steps.push_back({.name = name_of(step),
                            .comment = comment_of(step, difference.compat),
                            .statements = std::move(statements),
                            .step = i});
  }
  return script;
}

std::string to_text(const Script& script) {
  if (script.empty()) return "-- This is an empty migration.";
  std::string text;
  bool was_alone = false;
  for (const ScriptStep& step : script.steps) {
    if (!text.empty()) text += '\n';
    text += fmt::format("-- {}\n{}", step.name, step.comment);
    for (const Statement& statement : step.statements) {
      if ((statement.alone || was_alone) && !statement.outside_transaction) text += "-- tenon: commit\n";
      if (!statement.approved.empty()) text += fmt::format("-- tenon: approve {}\n", statement.approved);
      text += statement.text + ";\n";
      was_alone = statement.alone;
    }
  }
  return text;
}

std::string to_text(const Script& script, const Findings& findings) {
  if (findings.warnings.empty() && findings.unexecutable.empty()) return to_text(script);
  std::string text = "/*\n  Warnings:\n\n";
  for (const std::vector<Finding>* list : {&findings.warnings, &findings.unexecutable})
    for (const Finding& finding : *list) text += fmt::format("  - {}\n", finding.message);
  return text + "\n*/\n" + to_text(script);
}

}  // namespace tenon::migrate
