// tenon migrate dev: a migration for what changed in the schema files, written and applied.

#include <chrono>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_change.h"
#include "cli/migrate_drift.h"
#include "cli/migrate_lint.h"
#include "cli/migrate_run.h"

namespace tenon::cli {

namespace {

using Kind = migrate::MigrationState::Kind;

struct DevOptions : MigrateOptions {
  ChangeOptions change;
  std::string name;
  bool create_only = false;
  bool accept_data_loss = false;
  bool adopt_drift = false;
  bool ignore_drift = false;
  bool contract = false;
};

// What a run of the command works with.
struct Work {
  Context& context;
  const DevOptions& options;
  MigrateProject project;
  migrate::Folder folder;
  migrate::Target target;
  base::Progress progress;
  std::optional<catalog::Catalog> recorded = std::nullopt;  // what the folder makes, once it is known
};

std::string next_name(const migrate::Folder& folder, const std::string& title) {
  return migrate::next_migration_name(folder, std::chrono::system_clock::now(), title);
}

Exit stop(Work& work, const base::Error& error) {
  fail_migration(work.context, error);
  return Exit::stopped;
}

base::Error history_differs(const std::vector<std::string>& differences) {
  std::string message = "The folder and the database do not agree.";
  for (const std::string& each : differences) message += "\n  " + each;
  return {.code = base::code::history_differs,
          .message = std::move(message),
          .help =
              "bring the folder back to what was applied (tenon migrate status shows all of it);\n"
              "or give the data of this development database up: tenon migrate reset"};
}

base::Error drifted(const Drift& drift) {
  return {.code = base::code::drift,
          .message = "The database is not what its migrations make; it was changed by hand:\n" + drift.text(),
          .help =
              "--adopt-drift writes these changes as a migration that counts as applied;\n"
              "--ignore-drift goes on without them;\n"
              "or give the data of this development database up: tenon migrate reset"};
}

// No migration is made of these, so they stop nobody.
void warn_of_objects(Work& work, const Drift& drift) {
  if (drift.objects.empty()) return;
  base::Diagnostics shown;
  shown.add(
      {.severity = base::Severity::warning,
       .code = base::code::drift,
       .message = "The database has what its migrations do not make, or lacks it:\n" + drift.objects,
       .help =
           "they are left alone; to have them elsewhere too, write them into a migration: --create-only"});
  print(work.context, shown, {});
}

// The changes that somebody made by hand become a migration, applied here already.
base::Result<void> adopt(Work& work, const Drift& drift) {
  const std::string name = next_name(work.folder, "drift");
  auto written = migrate::write_migration(work.folder, name, drift.script, work.project.url.engine);
  if (!written) return std::unexpected(written.error());
  const auto recorded = migrate::record_applied(work.target, name, migrate::checksum(*written->text));
  if (!recorded) return std::unexpected(explain(work.target.session, recorded.error()));
  work.context.out << fmt::format("{} holds what was changed by hand, and counts as applied.\n",
                                  shown_path(work.context, written->file));
  work.folder.migrations.push_back(std::move(*written));
  return {};
}

// Nothing in the way: no failed, edited or missing migration, no drift. Or the reason, and the exit code.
std::optional<Exit> check_history(Work& work, const migrate::State& state) {
  if (const auto failed = state.of(Kind::failed); !failed.empty())
    return stop(work, explain_failed(work.target, work.folder, *failed.front()));
  if (!state.edited().empty() || !state.of(Kind::missing).empty())
    return stop(work, history_differs(differences(state)));
  if (work.options.ignore_drift) return std::nullopt;
  auto drift = find_drift(work.project, work.options, work.folder, state, work.progress);
  if (!drift) return fail_migration(work.context, drift.error());
  if (drift->script.empty() || work.options.adopt_drift) warn_of_objects(work, *drift);
  if (drift->script.empty()) {
    if (state.of(Kind::pending).empty()) work.recorded = std::move(drift->recorded);
    return std::nullopt;
  }
  if (!work.options.adopt_drift) return stop(work, drifted(*drift));
  if (auto adopted = adopt(work, *drift); !adopted) return fail(work.context, adopted.error());
  return std::nullopt;
}

// Whether the change may be written and applied, by the rows that are there and what people say.
std::optional<Exit> check_loss(Work& work, const migrate::Difference& difference) {
  const auto findings = check_live(work.target, difference);
  if (!findings) return fail(work.context, findings.error());
  if (!findings->unexecutable.empty() && !work.options.create_only)
    return fail_migration(
        work.context, impossible_change(*findings,
                                        "--create-only writes the migration without applying it; then edit "
                                        "it, and run tenon migrate dev again"));
  warn_of_loss(work.context, *findings);
  if (findings->warnings.empty() || work.options.create_only || work.options.accept_data_loss)
    return std::nullopt;
  const auto answer = ask(work.context, "Create this migration and apply it?");
  if (!answer)
    return fail(work.context, {.code = base::code::data_loss,
                               .message = "The migration would destroy data, and nobody is here to be asked.",
                               .help = "say so with --accept-data-loss, or look first: --create-only"});
  return *answer ? std::nullopt : std::optional(Exit::stopped);
}

std::string title_of(Work& work) {
  if (!work.options.name.empty()) return work.options.name;
  return ask_text(work.context, "A name for the new migration:").value_or("");
}

void tell(Work& work, const std::vector<std::string>& applied, const std::string& created) {
  std::ostream& out = work.context.out;
  if (work.options.json) {
    std::string text;
    base::JsonWriter json(text);
    json.begin_object().key("applied").begin_array();
    for (const std::string& name : applied) json.string(name);
    json.end_array();
    if (!created.empty()) json.member("created", created);
    json.end_object();
    out << text << '\n';
    return;
  }
  out << applied_text(applied, work.context.out_terminal.colour);
  const auto open = open_text(open_expansions(work.folder));
  if (!created.empty() && work.options.create_only)
    out << fmt::format("{} is written and not applied: edit it, then run tenon migrate dev.\n",
                       shown_path(work.context, work.folder.path / created / "migration.sql"));
  else if (!created.empty())
    out << fmt::format("{} is written and applied.\n",
                       shown_path(work.context, work.folder.path / created / "migration.sql"));
  else if (applied.empty())
    out << "Nothing has changed: schema, migrations and database agree.\n";
  out << open;
}

// Runs the whole folder on an empty database, before anything of it reaches the real one.
base::Result<void> try_folder(Work& work) {
  if (work.recorded) return {};
  std::vector<const migrate::Migration*> all;
  for (const migrate::Migration& each : work.folder.migrations) all.push_back(&each);
  auto recorded = replay(work.project, work.options, all, work.progress);
  if (!recorded) return std::unexpected(recorded.error());
  work.recorded = std::move(*recorded);
  return {};
}

// What the script would do elsewhere: how many rows tables have there is not known here.
void warn_of_hazards(Work& work, const migrate::Migration& written) {
  if (const auto report =
          lint_migrations(work.project.url.engine, {&written}, &work.target, LintRows::do_not_count))
    print_findings(work.context, *report, LintShown::warnings, true);
}

// Writes a migration with this script, and applies it.
Exit write_and_apply(Work& work, const std::vector<std::string>& applied, const std::string& title,
                     const std::string& script) {
  const std::string name = next_name(work.folder, title);
  auto written = migrate::write_migration(work.folder, name, script, work.project.url.engine);
  if (!written) return fail(work.context, written.error());
  warn_of_hazards(work, *written);
  if (!work.options.create_only)
    if (auto done =
            migrate::apply_migration(work.target, *written, apply_options(work.project, work.progress));
        !done) {
      tell(work, applied, "");
      return fail_migration(work.context, done.error());
    }
  if (auto put_away = migrate::put_journal_away(work.target); !put_away)
    return fail(work.context, put_away.error());
  work.progress.finish();
  work.folder.migrations.push_back(std::move(*written));
  tell(work, applied, name);
  return Exit::ok;
}

// What has begun in two steps has two shapes, and a change would be of one of them.
base::Result<void> check_open(const migrate::Difference& difference, const catalog::Catalog& real,
                              const std::vector<migrate::Expansion>& open) {
  const auto found = migrate::in_the_way(difference, real, open);
  if (found.empty()) return {};
  std::string message = "This changes what has begun in two steps and is not ended:";
  for (const migrate::Expansion& each : found) message += "\n  " + to_string(each);
  return base::fail(base::code::change_impossible, std::move(message), "first: tenon migrate dev --contract");
}

void tell_at_once(Work& work, const PlannedChange& change) {
  if (!change.expanded) return;
  base::Diagnostics shown;
  for (const std::string& each : change.expanded->at_once)
    shown.warning(
        base::code::change_impossible,
        fmt::format("{}. A version of the application that uses the old fails from then on.", each));
  print(work.context, shown, {});
}

// Writes the migration for what the schema files say beyond the folder, and applies it.
Exit create(Work& work, const std::vector<std::string>& applied) {
  auto options = diff_options(work.project, work.options.change,
                              {.before = migrate::Origin::database, .after = migrate::Origin::schema_files});
  if (!options) return fail(work.context, options.error());
  const auto open = open_expansions(work.folder);
  const catalog::Catalog before = migrate::settled(*work.recorded, open, work.project.default_schema());
  work.progress.finish();
  const auto difference =
      ask_for_renames(work.context, {.before = &before, .after = &work.project.schema->catalog}, *options);
  suggest_renames(work.context, difference);
  if (auto free = check_open(difference, *work.recorded, open); !free)
    return fail_migration(work.context, free.error());
  if (difference.empty() && !work.options.create_only) {
    tell(work, applied, "");
    return Exit::ok;
  }
  const PlannedChange change = plan_change(difference, *options, work.options.change);
  tell_at_once(work, change);
  if (const auto ended = check_loss(work, change.rest)) return *ended;
  return write_and_apply(work, applied, title_of(work), script_text(change, work.options.change, true));
}

// The second step of what has begun in two.
Exit end_expansions(Work& work, const std::vector<std::string>& applied) {
  const auto open = open_expansions(work.folder);
  work.progress.finish();
  if (open.empty()) {
    if (!work.options.json) work.context.out << "Nothing has begun in two steps that is not ended.\n";
    return Exit::ok;
  }
  std::vector<migrate::Expansion> removals;
  for (const migrate::Expansion& each : open)
    if (each.kind == migrate::Expansion::Kind::drop_column ||
        each.kind == migrate::Expansion::Kind::drop_table)
      removals.push_back(each);
  const std::string schema = work.project.default_schema();
  const catalog::Catalog left = migrate::settled(*work.recorded, removals, schema);
  const auto lost = migrate::diff(
      {.before = &*work.recorded, .after = &left},
      {.origins = {migrate::Origin::database, migrate::Origin::database}, .default_schema = schema});
  if (const auto ended = check_loss(work, lost)) return *ended;
  return write_and_apply(work, applied, work.options.name.empty() ? "contract" : work.options.name,
                         migrate::contract(*work.recorded, open, schema));
}

Exit dev(Context& context, const DevOptions& options) {
  auto project = open_migrate_project(context, options, {.valid_schema = true, .local = true});
  if (!project) return fail(context, project.error());
  auto folder = open_folder(*project);
  if (!folder) return fail_migration(context, folder.error());
  base::Progress opening(context.err, context.err_terminal);
  auto target = open_locked(*project, "tenon migrate dev", opening);
  if (!target) return fail(context, target.error());
  Work work{.context = context,
            .options = options,
            .project = std::move(*project),
            .folder = std::move(*folder),
            .target = std::move(*target),
            .progress = base::Progress(context.err, context.err_terminal)};
  auto state = open_history(work.project, work.target, work.folder);
  if (!state) return fail(context, state.error());
  if (const auto ended = check_history(work, *state)) return *ended;
  if (options.adopt_drift) {
    state = open_history(work.project, work.target, work.folder);
    if (!state) return fail(context, state.error());
  }
  if (auto tried = try_folder(work); !tried) return fail_migration(context, tried.error());
  const AppliedRun run = apply_pending(work.project, work.target, work.folder, *state, work.progress);
  if (run.error) {
    tell(work, run.names, "");
    return fail_migration(context, *run.error);
  }
  return options.contract ? end_expansions(work, run.names) : create(work, run.names);
}

}  // namespace

void add_migrate_dev_command(CLI::App& migrate, Context& context) {
  CLI::App* command =
      migrate.add_subcommand("dev", "Write a migration for what changed in the schema, and apply it");
  auto options = std::make_shared<DevOptions>();
  command->add_option("--name", options->name, "What the migration is called; asked for otherwise")
      ->type_name("NAME");
  command->add_flag("--create-only", options->create_only, "Write it, to be edited, and do not apply it");
  add_change_options(*command, options->change);
  command->add_flag("--contract", options->contract,
                    "The second step of what --online began: the old goes, the new takes its place");
  command->add_flag("--accept-data-loss", options->accept_data_loss, "Do not ask when data will be lost");
  command->add_flag("--adopt-drift", options->adopt_drift,
                    "Changes made by hand become a migration that counts as applied");
  command->add_flag("--ignore-drift", options->ignore_drift, "Do not look for changes made by hand");
  command->add_option("--schema", options->schema, "The schema file or folder, instead of the project's")
      ->type_name("PATH");
  add_database_option(*command, *options);
  add_migrations_option(*command, *options);
  add_shadow_option(*command, *options);
  add_lock_option(*command, *options);
  command->add_flag("--json", options->json, "What was done, as JSON");
  command->footer(
      "tenon migrate dev --name add_users\n"
      "tenon migrate dev --name backfill --create-only # write SQL of your own\n"
      "tenon migrate dev --rename Post=Article --name articles\n"
      "tenon migrate dev --online --rename Post.title=headline # both names work from then on\n"
      "tenon migrate dev --contract                            # only the new one");
  command->callback([&context, options] { context.exit = dev(context, *options); });
}

}  // namespace tenon::cli
