#include "cli/migrate_run.h"

#include <algorithm>

#include <fmt/format.h>

namespace tenon::cli {

namespace {

using Kind = migrate::MigrationState::Kind;

// At most this many names stand in one sentence.
constexpr std::size_t names_shown_max = 5;

std::string listed(const std::vector<const migrate::MigrationState*>& all) {
  std::string text;
  for (std::size_t i = 0; i < all.size() && i < names_shown_max; ++i)
    text += (i == 0 ? "" : ", ") + base::printable(all[i]->name);
  if (all.size() > names_shown_max) text += fmt::format(" and {} more", all.size() - names_shown_max);
  return text;
}

// What --resume does with a statement in doubt.
std::string_view way_on(migrate::Effect effect) {
  if (effect == migrate::Effect::done) return "(which goes on behind that statement)\n";
  if (effect != migrate::Effect::unknown) return "(which runs that statement again)\n";
  return "(which runs that statement again: when you see that it was done, finish by hand)\n";
}

std::optional<std::vector<sql::ScriptStatement>> statements_in(std::span<const migrate::LintScript> read,
                                                               const migrate::Migration& migration) {
  const auto found = std::ranges::find(read, &migration, &migrate::LintScript::migration);
  if (found == read.end()) return std::nullopt;
  std::vector<sql::ScriptStatement> statements;
  for (const migrate::LintStatement& each : found->statements) statements.push_back(each.place);
  return statements;
}

}  // namespace

AppliedRun apply_pending(const MigrateProject& project, migrate::Target& target,
                         const migrate::Folder& folder, const migrate::State& state, base::Progress& progress,
                         std::span<const migrate::LintScript> read) {
  AppliedRun run;
  const migrate::ApplyOptions options = apply_options(project, progress);
  for (const migrate::MigrationState* pending : state.of(Kind::pending)) {
    const migrate::Migration& migration = *folder.find(pending->name);
    auto applied = migrate::apply_migration(target, migration, options, statements_in(read, migration));
    if (!applied) {
      run.error = std::move(applied.error());
      break;
    }
    run.names.push_back(pending->name);
  }
  if (auto put_away = migrate::put_journal_away(target); !put_away && !run.error)
    run.error = std::move(put_away.error());
  if (!run.error) progress.finish();
  return run;
}

base::Error explain_failed(migrate::Target& target, const migrate::Folder& folder,
                           const migrate::MigrationState& failed) {
  const migrate::Migration* migration = folder.find(failed.name);
  const migrate::Migration gone{.name = failed.name};
  const auto state = migrate::examine(target, migration != nullptr ? *migration : gone, *failed.row);
  const bool back = state && state->way_back;
  std::string message = fmt::format(
      "The {}migration {} began at {} and did not end well; nothing else is "
      "applied before that is settled.",
      back ? "way back of the " : "", failed.name, failed.row->started_at);
  if (state) message += " " + migrate::to_string(*state);
  if (failed.row->logs && !failed.row->logs->empty()) message += "\nIt said: " + *failed.row->logs;
  const bool known = state && state->certainty != migrate::Interruption::Certainty::unknown;
  std::string help;
  if (known && migration != nullptr)
    help = fmt::format("go on with it: tenon migrate {} --resume\n", back ? "down" : "deploy");
  if (known && !state->failed && state->certainty == migrate::Interruption::Certainty::in_doubt)
    help += way_on(state->effect);
  help += fmt::format(
      "when you have finished it by hand: tenon migrate resolve {1} {0}\n"
      "when you have undone it by hand:   tenon migrate resolve {2} {0}",
      failed.name, back ? "--rolled-back" : "--applied", back ? "--applied" : "--rolled-back");
  return {
      .code = base::code::migration_failed_before, .message = std::move(message), .help = std::move(help)};
}

std::vector<std::string> differences(const migrate::State& state) {
  std::vector<std::string> found;
  if (const auto edited = state.edited(); !edited.empty())
    found.push_back(
        fmt::format("Edited after they were applied: {}. Databases that have them differ from new ones.",
                    listed(edited)));
  if (const auto missing = state.of(Kind::missing); !missing.empty())
    found.push_back(fmt::format("Applied to this database, and not in the folder: {}.", listed(missing)));
  if (const auto late = state.out_of_order(); !late.empty())
    found.push_back(
        fmt::format("Older than what is applied already: {}. They run after migrations that sort "
                    "behind them.",
                    listed(late)));
  return found;
}

std::string applied_text(const std::vector<std::string>& names, bool colour) {
  std::string text;
  for (const std::string& name : names)
    text += fmt::format("{} {}\n", base::toned("✓", base::Tone::good, colour), base::printable(name));
  return text;
}

}  // namespace tenon::cli
