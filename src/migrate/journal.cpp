#include "migrate/journal.h"

#include <algorithm>
#include <charconv>

#include "migrate/folder.h"

namespace tenon::migrate {

namespace {

// Rows belong to a history table, which is one for each schema.
constexpr std::string_view creation =
    "CREATE SCHEMA IF NOT EXISTS _tenon;"
    "CREATE TABLE IF NOT EXISTS _tenon.migration_steps ("
    " history_schema text NOT NULL, migration_name text NOT NULL, step integer NOT NULL,"
    " checksum text NOT NULL, apart boolean NOT NULL, statement text NOT NULL,"
    " begun_at timestamptz, finished_at timestamptz,"
    " PRIMARY KEY (history_schema, migration_name, step))";

sql::DatabaseResult<void> ended(const sql::DatabaseResult<Rows>& rows) {
  if (!rows) return std::unexpected(rows.error());
  return {};
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, std::min<std::size_t>(text.find('\n'), 200)));
}

sql::DatabaseResult<void> add_step(Target& target, const std::string& migration, std::string_view text,
                                   std::uint32_t number, bool apart, bool finished) {
  return ended(target.session.query(
      "INSERT INTO _tenon.migration_steps (history_schema, migration_name, step, checksum, apart, statement,"
      " begun_at, finished_at) VALUES ($1, $2, $3::int, $4, $5::boolean, $6,"
      " CASE WHEN $7::boolean THEN now() END, CASE WHEN $7::boolean THEN now() END)",
      {target.schema, migration, std::to_string(number), checksum(text), apart ? "true" : "false",
       first_line(text), finished ? "true" : "false"}));
}

sql::DatabaseResult<void> mark(Target& target, const std::string& migration, const Unit& unit,
                               std::string statement) {
  return ended(target.session.query(
      std::move(statement),
      {target.schema, migration, std::to_string(unit.first), std::to_string(unit.last)}));
}

bool yes(const std::optional<std::string>& value) { return value == "t"; }

}  // namespace

base::Result<std::vector<JournalStep>> read_journal(Target& target, const std::string& migration) {
  const auto there = target.session.run("SELECT pg_catalog.to_regclass('_tenon.migration_steps')");
  if (!there) return std::unexpected(explain(target.session, there.error()));
  std::vector<JournalStep> steps;
  if (cell(*there).empty()) return steps;
  const auto rows = target.session.query(
      "SELECT step::text AS number, checksum, apart, begun_at IS NOT NULL, finished_at IS NOT NULL"
      " FROM _tenon.migration_steps WHERE history_schema = $1 AND migration_name = $2 ORDER BY step",
      {target.schema, migration});
  if (!rows) return std::unexpected(explain(target.session, rows.error()));
  for (const Row& row : *rows) {
    JournalStep step{
        .checksum = row[1].value_or(""), .apart = yes(row[2]), .begun = yes(row[3]), .finished = yes(row[4])};
    const std::string number = row[0].value_or("0");
    std::from_chars(number.data(), number.data() + number.size(), step.number);
    steps.push_back(std::move(step));
  }
  return steps;
}

base::Result<void> create_journal(Target& target) {
  const auto there = target.session.run("SELECT pg_catalog.to_regclass('_tenon.migration_steps')");
  if (there && !cell(*there).empty()) return {};
  const auto made = target.session.run(creation);
  if (!made) return std::unexpected(explain(target.session, made.error()));
  return {};
}

sql::DatabaseResult<void> write_journal(Target& target, const std::string& migration, std::string_view script,
                                        const RunPlan& plan, std::uint32_t finished) {
  if (auto erased = erase_journal(target, migration); !erased) return erased;
  const auto apart = [&](std::uint32_t number) {
    return std::ranges::any_of(plan.units, [&](const Unit& unit) {
      return !unit.transaction && number >= unit.first && number < unit.last;
    });
  };
  for (std::uint32_t i = 0; i < plan.statements.size(); ++i) {
    auto added = add_step(target, migration, plan.statements[i].text(script), i, apart(i), i < finished);
    if (!added) return added;
  }
  return {};
}

sql::DatabaseResult<void> journal_begun(Target& target, const std::string& migration, const Unit& unit) {
  return mark(target, migration, unit,
              "UPDATE _tenon.migration_steps SET begun_at = now() WHERE history_schema = $1"
              " AND migration_name = $2 AND step >= $3::int AND step < $4::int");
}

sql::DatabaseResult<void> journal_finished(Target& target, const std::string& migration, const Unit& unit) {
  return mark(target, migration, unit,
              "UPDATE _tenon.migration_steps SET begun_at = coalesce(begun_at, now()), finished_at = now()"
              " WHERE history_schema = $1 AND migration_name = $2 AND step >= $3::int AND step < $4::int");
}

sql::DatabaseResult<void> erase_journal(Target& target, const std::string& migration) {
  return ended(
      target.session.query("DELETE FROM _tenon.migration_steps WHERE history_schema = $1"
                           " AND migration_name = $2",
                           {target.schema, migration}));
}

Progressed progressed(const std::vector<JournalStep>& steps) {
  Progressed found;
  for (const JournalStep& step : steps) {
    if (step.finished) found.finished = step.number + 1;
    if (step.begun && !step.finished && !found.in_doubt) found.in_doubt = step.number;
  }
  return found;
}

std::optional<std::uint32_t> changed_since(const std::vector<JournalStep>& steps, std::string_view script,
                                           const std::vector<sql::ScriptStatement>& statements) {
  for (const JournalStep& step : steps) {
    if (!step.finished) continue;
    if (step.number >= statements.size() || checksum(statements[step.number].text(script)) != step.checksum)
      return step.number;
  }
  return std::nullopt;
}

}  // namespace tenon::migrate
