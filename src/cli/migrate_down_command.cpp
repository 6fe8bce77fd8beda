// tenon migrate down: undoes what was applied last, by a script that was tried out first.

#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_change.h"
#include "cli/migrate_lint.h"
#include "cli/migrate_run.h"
#include "migrate/beyond_catalog.h"
#include "migrate/course.h"
#include "migrate/diff.h"
#include "migrate/expand.h"
#include "migrate/render.h"
#include "migrate/summary.h"
#include "migrate/undo.h"

namespace tenon::cli {

namespace {

using Kind = migrate::MigrationState::Kind;

struct DownOptions : MigrateOptions {
  std::uint32_t steps = 1;
  std::string to;
  bool create_only = false;
  bool resume = false;
  bool accept_data_loss = false;
};

// One migration and the script that undoes it.
struct Way {
  const migrate::Migration* migration = nullptr;
  migrate::Migration down;
  bool written_by_hand = false;
};

// Newest first.
base::Result<std::vector<const migrate::Migration*>> choose_applied(const DownOptions& options,
                                                                    const migrate::Folder& folder,
                                                                    const migrate::State& state) {
  if (!options.to.empty() && folder.find(options.to) == nullptr)
    return base::fail(base::code::migration_unknown,
                      fmt::format("There is no migration {} in the folder.", base::printable(options.to)),
                      "give the whole name of its folder; it is the last that stays");
  std::vector<const migrate::Migration*> chosen;
  for (auto each = state.migrations.rbegin(); each != state.migrations.rend(); ++each) {
    if (each->kind != Kind::applied && each->kind != Kind::missing) continue;
    const bool enough = options.to.empty() ? chosen.size() >= options.steps : each->name <= options.to;
    if (enough) break;
    if (each->kind == Kind::missing)
      return base::fail(base::code::migration_unknown,
                        fmt::format("{} is applied, and not in the folder.", each->name),
                        "bring it back from version control, so that it can be undone");
    chosen.push_back(folder.find(each->name));
  }
  return chosen;
}

// What is beside the migration, or what leads from one catalog to the other.
base::Result<Way> way_back(const MigrateProject& project, const migrate::Migration& migration,
                           const catalog::Catalog& with, const catalog::Catalog& without) {
  auto down = migrate::read_way_back(migration);
  if (!down) return std::unexpected(down.error());
  Way way{.migration = &migration, .down = std::move(*down)};
  way.written_by_hand = way.down.text.has_value();
  if (way.written_by_hand) return way;
  const auto begun = migrate::open_expansions({&migration});
  if (begun.empty() && migrate::speaks_of_expansions(*migration.text))
    return base::fail(
        base::code::change_impossible,
        fmt::format("{} ended a change in two steps: what was there between them is not made again.",
                    migration.name),
        "write the way back as a new migration; or a down.sql beside this one");
  way.down.text = begun.empty() ? migrate::to_text(migrate::render(difference_of(project, with, without)))
                                : migrate::undo_expand(with, without, begun, project.default_schema());
  return way;
}

// The catalogs before each migration and after the last, oldest first; the shadow database is at the last.
base::Result<std::vector<catalog::Catalog>> catalogs_of(
    const MigrateProject& project, migrate::Shadow& shadow, const migrate::Folder& folder,
    const migrate::State& state, const std::vector<const migrate::Migration*>& chosen) {
  std::vector<const migrate::Migration*> waiting;
  std::vector<catalog::Catalog> catalogs;
  const auto replay = [&]() -> base::Result<void> {
    if (auto done = shadow.replay(waiting, {}); !done) return done;
    waiting.clear();
    auto read = shadow.read(project.schemas);
    if (!read) return std::unexpected(read.error());
    catalogs.push_back(std::move(*read));
    return {};
  };
  for (const migrate::MigrationState& each : state.migrations) {
    const migrate::Migration* const migration = folder.find(each.name);
    const bool is_chosen = std::ranges::find(chosen, migration) != chosen.end();
    if (each.kind != Kind::applied && !is_chosen) continue;
    if (is_chosen)
      if (auto done = replay(); !done) return std::unexpected(done.error());
    waiting.push_back(migration);
  }
  if (auto done = replay(); !done) return std::unexpected(done.error());
  return catalogs;
}

// Runs the way back where nobody is hurt, and looks whether it leads there.
base::Result<void> prove(const MigrateProject& project, migrate::Shadow& shadow, const Way& way,
                         const catalog::Catalog& wanted) {
  if (auto done = shadow.replay({&way.down}, {}); !done) return done;
  const auto found = shadow.read(project.schemas);
  if (!found) return std::unexpected(found.error());
  const auto rest = difference_of(project, *found, wanted);
  if (rest.empty()) return {};
  return base::fail(
      base::code::change_impossible,
      fmt::format("Undoing {} does not lead back to what was before it:\n{}", way.migration->name,
                  migrate::summary(rest)),
      way.written_by_hand ? "correct its down.sql" : "write a down.sql beside it: --create-only");
}

// Ways back for all that is chosen, each tried out; newest first.
base::Result<std::vector<Way>> find_ways(const MigrateProject& project, const DownOptions& options,
                                         const migrate::Folder& folder, const migrate::State& state,
                                         const std::vector<const migrate::Migration*>& chosen,
                                         base::Progress& progress) {
  progress.step("trying the way back on a shadow database");
  auto shadow = open_shadow(project, options, progress);
  if (!shadow) return std::unexpected(shadow.error());
  const auto catalogs = catalogs_of(project, *shadow, folder, state, chosen);
  if (!catalogs) return std::unexpected(catalogs.error());
  std::vector<Way> ways;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::size_t with = catalogs->size() - 1 - i;
    auto way = way_back(project, *chosen[i], (*catalogs)[with], (*catalogs)[with - 1]);
    if (!way) return std::unexpected(way.error());
    if (auto proven = prove(project, *shadow, *way, (*catalogs)[with - 1]); !proven)
      return std::unexpected(proven.error());
    ways.push_back(std::move(*way));
  }
  progress.finish();
  return ways;
}

// Statements of the migration that the generated script cannot undo.
void tell_what_stays(Context& context, const std::vector<Way>& ways, catalog::Engine engine) {
  base::SourceSet sources;
  base::Diagnostics shown;
  for (const Way& way : ways) {
    if (way.written_by_hand || migrate::speaks_of_expansions(*way.migration->text)) continue;
    const std::string& text = *way.migration->text;
    const auto source = sources.add(shown_path(context, way.migration->file), text);
    for (const auto& each : migrate::beyond_catalog(text, migrate::split_script(engine, text))) {
      const auto line_end = std::min<std::size_t>(text.find('\n', each.statement.begin), each.statement.end);
      shown.warning(
          base::code::change_impossible, "What this statement did stays: the way back knows tables only.",
          base::Span{
              .source = source, .begin = each.statement.begin, .end = static_cast<std::uint32_t>(line_end)},
          "write a down.sql beside it that undoes it: tenon migrate down --create-only");
    }
  }
  print(context, shown, sources);
}

// TN6004 when rows or values would be lost, and neither the file nor the command says that they may.
// The first `done` statements of the first way are not looked at any more.
base::Result<void> check_loss(Context& context, const DownOptions& options, const std::vector<Way>& ways,
                              migrate::Target& target, std::uint32_t done) {
  std::vector<const migrate::Migration*> scripts;
  for (const Way& way : ways) scripts.push_back(&way.down);
  auto report = lint_migrations(target.engine(), scripts, &target, LintRows::count, done);
  if (!report) return std::unexpected(report.error());
  std::erase_if(report->findings,
                [](const auto& each) { return each.kind != migrate::HazardKind::data_loss; });
  if (options.accept_data_loss || report->refused() == 0) return {};
  print_findings(context, *report, LintShown::refused);
  return base::fail(base::code::data_loss, "Undoing this would destroy data.",
                    "say so with --accept-data-loss; or write the approval into a down.sql: --create-only");
}

Exit write_down_files(Context& context, const std::vector<Way>& ways) {
  for (const Way& way : ways) {
    if (!way.written_by_hand)
      if (auto written = base::write_file(way.down.file, *way.down.text); !written)
        return fail(context, written.error());
    context.out << fmt::format("{} {}\n", shown_path(context, way.down.file),
                               way.written_by_hand ? "is there already, and leads back" : "is written");
  }
  return Exit::ok;
}

// A script that is made and has states in between lies beside the migration while it runs: there people see
// which statement an error is about, and can correct the rest. Where nothing can be written it runs all the
// same, and is made again when it is gone on with.
base::Result<void> run_way_back(const MigrateProject& project, migrate::Target& target, Way& way, bool resume,
                                base::Progress& progress) {
  const auto plan = migrate::plan_of(target, way.down);
  if (!plan) return std::unexpected(plan.error());
  if (!way.written_by_hand && !plan->atomic()) {
    way.down.text = std::string(migrate::made_way_back) + *way.down.text;
    static_cast<void>(base::write_file(way.down.file, *way.down.text));
  }
  const auto options = apply_options(project, progress);
  if (auto undone = resume ? migrate::resume_undo(target, way.down, options)
                           : migrate::undo_migration(target, way.down, options);
      !undone)
    return undone;
  std::error_code ignored;
  if (way.down.text->starts_with(migrate::made_way_back)) std::filesystem::remove(way.down.file, ignored);
  return migrate::put_journal_away(target);
}

// What is to be undone, newest first, and how much of the first one is already.
struct Choice {
  std::vector<const migrate::Migration*> migrations;
  std::uint32_t done = 0;
};

base::Result<Choice> choose(const DownOptions& options, migrate::Target& target,
                            const migrate::Folder& folder, const migrate::State& state) {
  const auto failed = state.of(Kind::failed);
  if (failed.empty() && options.resume) return Choice();
  if (failed.empty()) {
    auto chosen = choose_applied(options, folder, state);
    if (!chosen) return std::unexpected(chosen.error());
    return Choice{.migrations = std::move(*chosen)};
  }
  const migrate::Migration* const migration = folder.find(failed.front()->name);
  if (!options.resume || migration == nullptr)
    return std::unexpected(explain_failed(target, folder, *failed.front()));
  const auto found = migrate::examine(target, *migration, *failed.front()->row);
  if (!found) return std::unexpected(found.error());
  if (!found->way_back) return std::unexpected(explain_failed(target, folder, *failed.front()));
  return Choice{.migrations = {migration}, .done = found->done()};
}

Exit down(Context& context, const DownOptions& options) {
  const auto project = open_migrate_project(context, options, {});
  if (!project) return fail(context, project.error());
  const auto folder = open_folder(*project);
  if (!folder) return fail_migration(context, folder.error());
  base::Progress progress(context.err, context.err_terminal);
  auto target = open_locked(*project, "tenon migrate down", progress);
  if (!target) return fail(context, target.error());
  const auto state = open_history(*project, *target, *folder);
  if (!state) return fail(context, state.error());
  const auto chosen = choose(options, *target, *folder, *state);
  if (!chosen) return fail_migration(context, chosen.error());
  if (chosen->migrations.empty()) {
    context.out << (options.resume ? "No way back was interrupted.\n" : "Nothing is to be undone.\n");
    return Exit::ok;
  }
  auto ways = find_ways(*project, options, *folder, *state, chosen->migrations, progress);
  if (!ways) return fail_migration(context, ways.error());
  tell_what_stays(context, *ways, target->engine());
  if (options.create_only) return write_down_files(context, *ways);
  if (auto fine = check_loss(context, options, *ways, *target, chosen->done); !fine)
    return fail(context, fine.error());
  for (Way& way : *ways) {
    if (auto undone = run_way_back(*project, *target, way, options.resume, progress); !undone)
      return fail_migration(context, undone.error());
    context.out << fmt::format("{} {} is undone, and pending again\n",
                               base::toned("✓", base::Tone::good, context.out_terminal.colour),
                               base::printable(way.migration->name));
  }
  progress.finish();
  return Exit::ok;
}

}  // namespace

void add_migrate_down_command(CLI::App& migrate, Context& context) {
  CLI::App* command = migrate.add_subcommand("down", "Undo what was applied last");
  auto options = std::make_shared<DownOptions>();
  auto* const steps = command->add_option("--steps", options->steps, "How many migrations; 1 unless given")
                          ->type_name("NUMBER")
                          ->check(CLI::PositiveNumber);
  auto* const to = command->add_option("--to", options->to, "The migration that is the last to stay")
                       ->type_name("NAME")
                       ->excludes(steps);
  command
      ->add_flag("--resume", options->resume,
                 "Go on with a way back that failed or was interrupted, and no further")
      ->excludes(steps)
      ->excludes(to);
  command->add_flag("--create-only", options->create_only,
                    "Write the scripts as down.sql beside the migrations, to be edited, and run nothing");
  command->add_flag("--accept-data-loss", options->accept_data_loss,
                    "Go on when rows or values will be lost, which is an error otherwise");
  add_database_option(*command, *options);
  add_migrations_option(*command, *options);
  add_shadow_option(*command, *options);
  add_lock_option(*command, *options);
  command->footer(
      "tenon migrate down                         # undo the last one\n"
      "tenon migrate down --to 20260405013911_init # everything behind it\n"
      "tenon migrate down --create-only           # write down.sql first\n"
      "tenon migrate down --resume                # go on where it stopped");
  command->callback([&context, options] { context.exit = down(context, *options); });
}

}  // namespace tenon::cli
