#include "migrate/journal.h"

#include <algorithm>
#include <charconv>

#include "migrate/folder.h"
#include "migrate/session.h"

namespace tenon::migrate {

namespace {

std::string statement_start(std::string_view text) {
  std::size_t end = std::min<std::size_t>({text.find('\n'), text.size(), 200});
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end));
}

sql::Text about_journal(const Target& target, sql::Literal verb) {
  const TableName name = target.server().journal(target.schema);
  sql::Text text = text_for(target.engine());
  (text << verb).qualified(name.schema, name.table);
  return text;
}

// " WHERE …" of one migration's rows, with the parameters from `first` on: schema, migration.
void of_migration(sql::Text& text, std::uint32_t first) {
  (text << " WHERE history_schema = ").parameter(first);
  (text << " AND migration_name = ").parameter(first + 1);
}

sql::DatabaseResult<void> add_step(Target& target, const std::string& migration, std::string_view statement,
                                   std::uint32_t number, bool apart, bool finished) {
  sql::Text text = about_journal(target, "INSERT INTO ");
  (text
   << " (history_schema, migration_name, step, checksum, apart, statement, begun_at, finished_at) VALUES (")
      .parameter(0);
  for (std::uint32_t i = 1; i < 6; ++i) (text << ", ").parameter(i);
  text << (finished ? sql::Literal(", now(), now())") : sql::Literal(", NULL, NULL)"));
  return ended(target.session.query(
      text.take(), {target.schema, migration, std::to_string(number), checksum(statement), apart ? "1" : "0",
                    statement_start(statement)}));
}

// Of the steps of a unit; `parameters` are those of `text` so far.
sql::DatabaseResult<void> mark(Target& target, sql::Text text, Row parameters, const std::string& migration,
                               const Unit& unit) {
  const auto first = static_cast<std::uint32_t>(parameters.size());
  of_migration(text, first);
  (text << " AND step >= ").parameter(first + 2);
  (text << " AND step < ").parameter(first + 3);
  for (const std::string& each :
       {target.schema, migration, std::to_string(unit.first), std::to_string(unit.last)})
    parameters.emplace_back(each);
  return ended(target.session.query(text.take(), parameters));
}

bool yes(const std::optional<std::string>& value) { return value == "t" || value == "1"; }

}  // namespace

base::Result<std::vector<JournalStep>> read_journal(Target& target, const std::string& migration) {
  const auto there = target.server().has_journal(target.session, target.schema);
  if (!there) return std::unexpected(explain(target.session, there.error()));
  std::vector<JournalStep> steps;
  if (!*there) return steps;
  sql::Text text = about_journal(
      target,
      "SELECT step, checksum, apart, begun_at IS NOT NULL, finished_at IS NOT NULL, look_before FROM ");
  of_migration(text, 0);
  text << " ORDER BY step";
  const auto rows = target.session.query(text.take(), {target.schema, migration});
  if (!rows) return std::unexpected(explain(target.session, rows.error()));
  for (const Row& row : *rows) {
    JournalStep step{.checksum = row[1].value_or(""),
                     .look_before = row[5].value_or(""),
                     .apart = yes(row[2]),
                     .begun = yes(row[3]),
                     .finished = yes(row[4])};
    const std::string number = row[0].value_or("0");
    std::from_chars(number.data(), number.data() + number.size(), step.number);
    steps.push_back(std::move(step));
  }
  return steps;
}

base::Result<void> create_journal(Target& target) {
  const auto there = target.server().has_journal(target.session, target.schema);
  if (there && *there) return {};
  const auto made = target.server().create_journal(target.session, target.schema);
  if (!made) return std::unexpected(explain(target.session, made.error()));
  return {};
}

base::Result<void> put_journal_away(Target& target) {
  const auto dropped = target.server().drop_empty_journal(target.session, target.schema);
  if (!dropped) return std::unexpected(explain(target.session, dropped.error()));
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

sql::DatabaseResult<void> journal_begun(Target& target, const std::string& migration, const Unit& unit,
                                        const std::string& look_before) {
  sql::Text text = about_journal(target, "UPDATE ");
  (text << " SET begun_at = now(), look_before = ").parameter(0);
  return mark(target, std::move(text), {look_before}, migration, unit);
}

sql::DatabaseResult<void> journal_finished(Target& target, const std::string& migration, const Unit& unit) {
  sql::Text text = about_journal(target, "UPDATE ");
  text << " SET begun_at = coalesce(begun_at, now()), finished_at = now()";
  return mark(target, std::move(text), {}, migration, unit);
}

sql::DatabaseResult<void> erase_journal(Target& target, const std::string& migration) {
  sql::Text text = about_journal(target, "DELETE FROM ");
  of_migration(text, 0);
  return ended(target.session.query(text.take(), {target.schema, migration}));
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
