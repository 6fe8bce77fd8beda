// Pairs of schemas and what becomes of them: warnings, script, the form for a database in use, summary,
// hazards and questions, for both engines.
#include "tests/support/golden.h"

#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "migrate/diff.h"
#include "migrate/expand.h"
#include "migrate/hazard.h"
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

std::string shown(const Hazard& hazard) {
  std::string text = fmt::format("{}: {}", to_string(hazard.severity), to_string(hazard.kind));
  if (hazard.lock != LockLevel::none) text += fmt::format(" ({})", to_string(hazard.lock));
  text += fmt::format(": {}{}{}\n", hazard.table, hazard.table.empty() ? "" : ": ", hazard.message);
  if (!hazard.advice.empty()) text += fmt::format("  help: {}\n", hazard.advice);
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
  text += "\n=== hazards\n";
  for (const Hazard& hazard : hazards(difference)) text += shown(hazard);
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
