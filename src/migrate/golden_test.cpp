// Pairs of schemas and what becomes of them: warnings, script, the form for a database in use, what lint says
// of the script, summary and questions, for both engines.
#include "tests/support/golden.h"

#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "migrate/diff.h"
#include "migrate/expand.h"
#include "migrate/lint.h"
#include "migrate/render.h"
#include "migrate/summary.h"
#include "migrate/warning.h"
#include "psl/read.h"

namespace tenon::migrate {
namespace {

namespace fs = std::filesystem;
using catalog::Catalog;

Catalog read(const std::string& engine, const fs::path& file) {
  base::SourceSet sources;
  const std::string text = fmt::format("datasource db {{\n  provider = \"{}\"\n}}\n\n{}", engine,
                                       test::read_file(test::source_dir() / file));
  const std::vector<base::SourceId> ids{sources.add(file.string(), text)};
  base::Diagnostics diagnostics;
  std::optional<psl::Schema> schema = psl::read_schema(sources, ids, diagnostics);
  EXPECT_TRUE(schema) << base::render(diagnostics, sources, {});
  return schema ? std::move(schema->catalog) : Catalog();
}

// The tables as a database of many unknown rows would tell them.
TableFacts facts_of(const Catalog& catalog) {
  TableFacts facts;
  for (const catalog::Table& table : catalog.tables) {
    TableFact& fact = facts.tables[{.schema = "", .name = table.name}];
    for (const catalog::ColumnId id : table.columns) {
      const catalog::Column& column = catalog[id];
      fact.columns.push_back({.name = column.name, .type = column.type, .nullable = column.nullable});
    }
  }
  return facts;
}

std::string shown(const LintFinding& finding) {
  std::string text =
      fmt::format("{}: {}: {}", to_string(finding.severity), to_string(finding.kind), finding.code);
  if (finding.lock != LockLevel::none) text += fmt::format(" ({})", to_string(finding.lock));
  text += fmt::format(": {}{}\n", finding.message, finding.refused ? " Refused." : "");
  if (!finding.advice.empty()) text += fmt::format("  help: {}\n", finding.advice);
  return text;
}

std::string linted(const Difference& difference, std::string script) {
  const Migration migration{.name = "m", .file = "migration.sql", .text = std::move(script)};
  const TableFacts facts = facts_of(difference.before());
  const std::vector scripts{read_lint_script(difference.before().engine, migration)};
  std::string text;
  for (const LintFinding& finding : lint(difference.before().engine, scripts, &facts)) text += shown(finding);
  return text;
}

// What `--online` writes first and last; between them the rest, which is empty where all of it is expanded.
std::string in_two_steps(const Difference& difference, const DiffOptions& options) {
  const Expanded expanded = expand(difference, options);
  std::string text = "\n=== expand\n" + expand_lines(expanded.expansions) + expanded.script;
  for (const std::string& each : expanded.at_once) text += "at once: " + each + "\n";
  const Difference rest = diff({&expanded.made, &difference.after()}, options);
  if (!rest.empty()) text += "\n=== beside that\n" + to_text(render(rest, {.online = true}));
  return text + "\n=== contract\n" + contract(expanded.real, expanded.expansions, options.default_schema);
}

void expect_case(const fs::path& folder, const std::string& engine) {
  const Catalog before = read(engine, folder / "before.prisma");
  const Catalog after = read(engine, folder / "after.prisma");
  DiffOptions options;
  options.origins = {Origin::schema_files, Origin::schema_files};
  const Difference difference = diff({&before, &after}, options);
  std::string text = to_text(render(difference), check(difference));
  text += "\n=== online\n" + to_text(render(difference, {.online = true}));
  text += in_two_steps(difference, options);
  text += "\n=== summary\n" + summary(difference);
  text += "\n=== lint\n" + linted(difference, to_text(render(difference)));
  text += "\n=== questions\n";
  for (const RenameCandidate& candidate : difference.candidates)
    text += fmt::format("{}={} ({:.2f})\n", candidate.rename.from, candidate.rename.to, candidate.likeness);
  test::expect_golden(folder / (engine + ".txt"), text);
}

TEST(MigrateGolden, Cases) {
  for (const fs::path& folder : test::cases("tests/golden/migrate", "")) {
    SCOPED_TRACE(folder.string());
    for (const char* engine : {"postgresql", "mysql"}) expect_case(folder, engine);
  }
}

}  // namespace
}  // namespace tenon::migrate
