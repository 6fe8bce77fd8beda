// Scripts and what is found in them, as people see it: golden files with what deploy knows of the tables,
// and with nothing known.
#include "migrate/lint.h"

#include <gtest/gtest.h>

#include "migrate/directive.h"
#include "tests/support/golden.h"

namespace tenon::migrate {
namespace {

namespace fs = std::filesystem;
using catalog::Engine;

Migration migration(std::string text) {
  return {.name = "1_m", .file = "migration.sql", .text = std::move(text)};
}

TableFact table_of(std::uint64_t rows) {
  ColumnFact title{.name = "title"};
  title.type.kind = catalog::TypeKind::varchar;
  title.type.length = 50;
  ColumnFact amount{.name = "amount", .nullable = false};
  amount.type.kind = catalog::TypeKind::int32;
  ColumnFact kind{.name = "kind", .nullable = false};
  kind.type.kind = catalog::TypeKind::enumeration;
  kind.type.native = "enum('a','b')";
  return {.rows = rows,
          .exact = rows < 100'000,
          .columns = {title, amount, kind, {.name = "proven", .proven_not_null = true}}};
}

TableFacts facts_of(Engine engine) {
  TableFacts facts{.default_schema = engine == Engine::mysql ? "shop" : "public"};
  for (const auto& [name, rows] : std::vector<std::pair<std::string, std::uint64_t>>{
           {"big", 1'200'000}, {"middle", 50'000}, {"small", 200}, {"vacant", 0}})
    facts.tables[{.schema = facts.default_schema, .name = name}] = table_of(rows);
  return facts;
}

std::string shown(const fs::path& name, Engine engine, const Migration& migration, const TableFacts* facts) {
  base::SourceSet sources;
  const base::SourceId source = sources.add(name.filename().string(), *migration.text);
  const std::vector<LintScript> scripts{read_lint_script(engine, migration)};
  std::string text;
  for (const LintFinding& finding : lint(engine, scripts, facts))
    text += (finding.approved ? "approved: " : "") +
            base::render(to_diagnostic(finding, source), sources, {}) + "\n";
  for (const UnknownApproval& unknown : scripts.front().unknown)
    text += "unknown approval: " + unknown.word + "\n";
  return text;
}

TEST(LintGolden, Cases) {
  for (const fs::path& file : test::cases("tests/golden/lint", ".sql")) {
    SCOPED_TRACE(file.string());
    const Engine engine = file.filename().string().starts_with("mysql") ? Engine::mysql : Engine::postgresql;
    const Migration script = migration(test::read_file(test::source_dir() / file));
    const TableFacts facts = facts_of(engine);
    std::string text = "=== with facts\n" + shown(file, engine, script, &facts);
    text += "=== without\n" + shown(file, engine, script, nullptr);
    test::expect_golden(fs::path(file).replace_extension(".txt"), text);
  }
}

std::vector<LintFinding> found(const Migration& script, const TableFacts& facts) {
  const std::vector<LintScript> scripts{read_lint_script(Engine::postgresql, script)};
  return lint(Engine::postgresql, scripts, &facts);
}

TEST(Lint, WhatOneScriptMakesIsEmptyToTheNext) {
  const Migration first = migration("CREATE TABLE fresh (id int);");
  const Migration second = migration("ALTER TABLE fresh RENAME TO newer; DROP TABLE newer;");
  const std::vector<LintScript> scripts{read_lint_script(Engine::postgresql, first),
                                        read_lint_script(Engine::postgresql, second)};
  const TableFacts facts = facts_of(Engine::postgresql);
  EXPECT_TRUE(lint(Engine::postgresql, scripts, &facts).empty());
  // Without a database it is not known whether the first ran long ago.
  EXPECT_EQ(lint(Engine::postgresql, scripts, nullptr).size(), 2U);
}

TEST(Lint, ARenamedTableKeepsItsRows) {
  const Migration script = migration("ALTER TABLE big RENAME TO huge; DROP TABLE huge;");
  const auto findings = found(script, facts_of(Engine::postgresql));
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[1].rows, 1'200'000U);
  EXPECT_TRUE(findings[1].refused);
}

TEST(Lint, ATableThatIsMadeAnewIsEmpty) {
  const Migration script = migration("DROP TABLE big; CREATE TABLE big (id int); CREATE INDEX ON big (id);");
  EXPECT_EQ(found(script, facts_of(Engine::postgresql)).size(), 1U);
}

TEST(Lint, ApprovalsAreForAStatementOrTheFile) {
  const TableFacts facts = facts_of(Engine::postgresql);
  const auto refused = [&](std::string text) {
    std::size_t count = 0;
    const Migration script = migration(std::move(text));
    for (const LintFinding& each : found(script, facts)) count += each.refused ? 1 : 0;
    return count;
  };
  EXPECT_EQ(refused("DROP TABLE big; DROP TABLE small;"), 2U);
  EXPECT_EQ(refused("-- tenon: approve drop-table\nDROP TABLE big; DROP TABLE small;"), 1U);
  EXPECT_EQ(refused("--tenon:approve drop-column,drop-table\r\nDROP TABLE big;\nDROP TABLE small;"), 1U);
  EXPECT_EQ(refused("-- tenon: approve-file drop-table\n\nDROP TABLE big;\nDROP TABLE small;"), 0U);
  EXPECT_EQ(refused("-- tenon: approve drop-column\nDROP TABLE big;"), 1U);
  EXPECT_EQ(refused("-- tenon: approved drop-table\nDROP TABLE big;"), 1U);
  // Behind a statement is not above the next.
  EXPECT_EQ(refused("DROP TABLE big; -- tenon: approve drop-table\nDROP TABLE small;"), 2U);
  // In a text it is no comment.
  EXPECT_EQ(refused("SELECT '\n-- tenon: approve-file drop-table\n'; DROP TABLE big;"), 1U);
}

TEST(Lint, ApprovalsAreNoChangeOfAScript) {
  const std::string plain = "-- DropTable\nDROP TABLE big;\n";
  const std::string approved = "-- DropTable\n-- tenon: approve drop-table\nDROP TABLE big;\n";
  EXPECT_EQ(without_approvals(approved), plain);
  EXPECT_TRUE(checksum_matches(checksum(plain), approved));
  EXPECT_TRUE(checksum_matches(checksum(approved), approved));
  EXPECT_FALSE(checksum_matches(checksum(plain), approved + "DROP TABLE small;\n"));
}

TEST(Lint, EachRuleHasACodeOfItsOwn) {
  for (const LintRule& rule : lint_rules()) EXPECT_EQ(find_lint_rule(rule.code), &rule) << rule.code;
}

// docs/migrations.md has every code in its table.
TEST(Lint, EachRuleIsDocumented) {
  const std::string page = test::read_file(test::source_dir() / "docs/migrations.md");
  for (const LintRule& rule : lint_rules())
    EXPECT_TRUE(page.contains("`" + std::string(rule.code) + "`")) << rule.code;
}

}  // namespace
}  // namespace tenon::migrate
