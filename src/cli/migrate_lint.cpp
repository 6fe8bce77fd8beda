#include "cli/migrate_lint.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "migrate/lint_facts.h"

namespace tenon::cli {

namespace {

using migrate::LintFinding;

// Whether it matters how many rows tables have.
bool asks_for_facts(const LintFinding& finding) {
  return !finding.approved && migrate::find_lint_rule(finding.code)->gate != migrate::LintRule::Gate::none;
}

bool is_shown(const LintFinding& finding, LintShown shown) {
  if (finding.approved) return false;
  if (shown == LintShown::refused) return finding.refused;
  return shown == LintShown::all || finding.severity != migrate::Severity::note;
}

base::Diagnostic unknown_approval(const migrate::UnknownApproval& unknown, base::SourceId source) {
  return {.severity = base::Severity::warning,
          .code = base::code::approval_unknown,
          .message = fmt::format("{} is no code of a finding, so nothing is approved by it.",
                                 base::printable(unknown.word)),
          .span = base::Span{.source = source, .begin = unknown.begin, .end = unknown.end}};
}

}  // namespace

std::size_t LintReport::refused() const {
  return static_cast<std::size_t>(std::ranges::count_if(findings, &LintFinding::refused));
}

base::Result<LintReport> lint_migrations(catalog::Engine engine,
                                         const std::vector<const migrate::Migration*>& migrations,
                                         migrate::Target* target, LintRows rows, std::uint32_t done) {
  LintReport report;
  for (const migrate::Migration* migration : migrations)
    report.scripts.push_back(migrate::read_lint_script(engine, *migration));
  if (done > 0) {
    auto& statements = report.scripts.front().statements;
    statements.erase(statements.begin(),
                     statements.begin() + std::min<std::ptrdiff_t>(done, std::ssize(statements)));
  }
  report.findings = migrate::lint(engine, report.scripts);
  if (target == nullptr) return report;
  report.rows_known = rows == LintRows::count;
  if (std::ranges::none_of(report.findings, asks_for_facts)) return report;
  auto facts = migrate::read_table_facts(*target, migrate::tables_of(report.scripts));
  if (!facts) return std::unexpected(facts.error());
  if (rows == LintRows::do_not_count)
    for (auto& [name, fact] : facts->tables) fact.rows.reset();
  report.findings = migrate::lint(engine, report.scripts, &*facts);
  return report;
}

void print_findings(Context& context, const LintReport& report, LintShown shown, bool advisory) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  std::map<const migrate::Migration*, base::SourceId> ids;
  for (const migrate::LintScript& script : report.scripts) {
    const auto id = sources.add(shown_path(context, script.migration->file), *script.migration->text);
    ids[script.migration] = id;
    for (const migrate::UnknownApproval& unknown : script.unknown)
      diagnostics.add(unknown_approval(unknown, id));
  }
  for (const LintFinding& finding : report.findings) {
    if (!is_shown(finding, shown)) continue;
    base::Diagnostic diagnostic = migrate::to_diagnostic(finding, ids[finding.migration]);
    if (advisory && diagnostic.severity == base::Severity::error)
      diagnostic.severity = base::Severity::warning;
    diagnostics.add(std::move(diagnostic));
  }
  print(context, diagnostics, sources);
}

base::Result<LintReport> check_approved(Context& context, const migrate::Folder& folder,
                                        const migrate::State& state, migrate::Target& target,
                                        const std::optional<Resumed>& resumed) {
  std::vector<const migrate::Migration*> pending;
  if (resumed) pending.push_back(resumed->migration);
  for (const migrate::MigrationState* each : state.of(migrate::MigrationState::Kind::pending))
    pending.push_back(folder.find(each->name));
  const auto report =
      lint_migrations(target.engine(), pending, &target, LintRows::count, resumed ? resumed->done : 0);
  if (!report) return report;
  const std::size_t refused = report->refused();
  if (refused == 0) return report;
  print_findings(context, *report, LintShown::refused);
  return std::unexpected(base::Error{
      .code = base::code::hazard_not_approved,
      .message = fmt::format("{} of pending migrations {} an approval; nothing is applied.",
                             number_of(refused, "step"), refused == 1 ? "needs" : "need"),
      .help = "write the safe form, or the line with the approval, above each of the statements shown"});
}

}  // namespace tenon::cli
