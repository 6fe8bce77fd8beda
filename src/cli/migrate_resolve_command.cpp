// tenon migrate resolve: tells the history what people did by hand.

#include <algorithm>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_project.h"
#include "migrate/undo.h"

namespace tenon::cli {

namespace {

struct ResolveOptions : MigrateOptions {
  std::string applied;
  std::string rolled_back;
};

using HistoryRows = std::vector<migrate::HistoryRow>;

HistoryRows rows_of(const std::optional<HistoryRows>& history, const std::string& name) {
  HistoryRows found;
  if (history)
    std::ranges::copy_if(*history, std::back_inserter(found),
                         [&](const auto& row) { return row.name == name; });
  return found;
}

// The journals of what was begun, there or back, are of no more use.
base::Result<void> forget_journals(migrate::Target& target, const std::string& name) {
  for (const std::string& each : {name, migrate::way_back_journal(name)}) {
    const auto journal = migrate::read_journal(target, each);
    if (!journal) return std::unexpected(journal.error());
    if (journal->empty()) continue;
    if (auto erased = migrate::erase_journal(target, each); !erased)
      return std::unexpected(explain(target.session, erased.error()));
  }
  return migrate::put_journal_away(target);
}

base::Result<void> done(const migrate::Target& target, const sql::DatabaseResult<void>& outcome) {
  if (!outcome) return std::unexpected(explain(target.session, outcome.error()));
  return {};
}

base::Result<void> mark_applied(migrate::Target& target, const migrate::Folder& folder,
                                const std::optional<HistoryRows>& history, const std::string& name) {
  const migrate::Migration* migration = folder.find(name);
  if (migration == nullptr || !migration->text)
    return base::fail(base::code::migration_unknown,
                      fmt::format("There is no migration {} in the folder.", name),
                      "give the whole name of its folder, as 20201207184859_initial_migration");
  if (std::ranges::any_of(rows_of(history, name), &migrate::HistoryRow::applied))
    return base::fail(base::code::migration_already_applied,
                      fmt::format("The migration {} is recorded as applied already.", name));
  if (!history)
    if (auto made = migrate::create_history(target); !made) return made;
  if (auto marked = done(target, migrate::record_applied(target, name, migrate::checksum(*migration->text)));
      !marked)
    return marked;
  return forget_journals(target, name);
}

base::Result<void> mark_rolled_back(migrate::Target& target, const std::optional<HistoryRows>& history,
                                    const std::string& name) {
  const HistoryRows rows = rows_of(history, name);
  if (rows.empty())
    return base::fail(base::code::migration_never_applied,
                      fmt::format("The migration {} was never applied to this database.", name),
                      "give the whole name of its folder, as 20201207184859_initial_migration");
  if (std::ranges::all_of(rows, &migrate::HistoryRow::applied))
    return base::fail(base::code::migration_not_failed, fmt::format("The migration {} did not fail.", name),
                      "only one that failed can be recorded as rolled back");
  if (auto marked = done(target, migrate::record_roll_back(target, name)); !marked) return marked;
  return forget_journals(target, name);
}

Exit resolve(Context& context, const ResolveOptions& options) {
  if (options.applied.empty() == options.rolled_back.empty())
    return fail_usage(context, "tenon migrate resolve takes one of --applied NAME and --rolled-back NAME.",
                      "tenon migrate resolve --applied 20201231000000_example");
  const auto project = open_migrate_project(context, options, {});
  if (!project) return fail(context, project.error());
  const auto folder = open_folder(*project);
  if (!folder) return fail_migration(context, folder.error());
  base::Progress progress(context.err, context.err_terminal);
  auto target = open_locked(*project, "tenon migrate resolve", progress);
  if (!target) return fail(context, target.error());
  const auto history = migrate::read_history(*target);
  if (!history) return fail(context, history.error());
  const bool applied = !options.applied.empty();
  const std::string& name = applied ? options.applied : options.rolled_back;
  const auto marked =
      applied ? mark_applied(*target, *folder, *history, name) : mark_rolled_back(*target, *history, name);
  if (!marked) return fail(context, marked.error());
  context.out << fmt::format("The migration {} is recorded as {}.\n", name,
                             applied ? "applied" : "rolled back");
  return Exit::ok;
}

}  // namespace

void add_migrate_resolve_command(CLI::App& migrate, Context& context) {
  CLI::App* command = migrate.add_subcommand("resolve", "Record what was done by hand");
  auto options = std::make_shared<ResolveOptions>();
  command
      ->add_option("--applied", options->applied, "It is done: run by hand, or there before the history was")
      ->type_name("NAME");
  command->add_option("--rolled-back", options->rolled_back, "It failed, and what it did has been undone")
      ->type_name("NAME");
  add_database_option(*command, *options);
  add_migrations_option(*command, *options);
  add_lock_option(*command, *options);
  command->footer(
      "tenon migrate resolve --applied 0_init            # an existing database gets its history\n"
      "tenon migrate resolve --rolled-back 20260102_bad  # it will run again with the next deploy");
  command->callback([&context, options] { context.exit = resolve(context, *options); });
}

}  // namespace tenon::cli
