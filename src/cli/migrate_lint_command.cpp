// tenon migrate lint: what migrations do to a database in use, before they do it.

#include <algorithm>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_lint.h"

namespace tenon::cli {

namespace {

using Kind = migrate::MigrationState::Kind;

struct LintOptions : MigrateOptions {
  std::vector<std::string> names;
  bool exit_code = false;
};

// Where the migrations are, and the database they are meant for when it can be asked.
struct LintPlace {
  MigrateProject project;
  migrate::Folder folder;
  catalog::Engine engine = catalog::Engine::postgresql;
  std::optional<migrate::Target> target;
};

catalog::Engine engine_of(const MigrateProject& project, const migrate::Folder& folder) {
  if (!project.url.host.empty()) return project.url.engine;
  return folder.provider == "mysql" ? catalog::Engine::mysql : catalog::Engine::postgresql;
}

// A database that is not named, or does not answer, is no reason not to look at the scripts.
base::Result<LintPlace> open_place(Context& context, const LintOptions& options) {
  auto project = open_migrate_project(context, options, {});
  const bool unnamed = !project && project.error().code == base::code::database_unnamed;
  if (unnamed) project = open_migrate_project(context, options, {.database = false});
  if (!project) return std::unexpected(project.error());
  auto folder = migrate::read_folder(project->migrations);
  if (!folder) return std::unexpected(folder.error());
  if (auto complete = migrate::check_complete(*folder); !complete) return std::unexpected(complete.error());
  LintPlace place{.project = std::move(*project), .folder = std::move(*folder)};
  place.engine = engine_of(place.project, place.folder);
  if (unnamed) return place;
  if (auto same = migrate::check_provider(place.folder, place.engine); !same)
    return std::unexpected(same.error());
  auto target = migrate::open_target(place.project.url, {.purpose = "tenon migrate lint"});
  if (target) {
    place.target = std::move(*target);
  } else {
    base::Diagnostics shown;
    shown.add({.severity = base::Severity::note,
               .code = target.error().code,
               .message = target.error().message + " How many rows tables have is not known."});
    print(context, shown, {});
  }
  return place;
}

// `2026_init`, also as the path of its folder or file.
std::string name_in(const std::string& argument) {
  std::filesystem::path path(argument);
  if (path.filename().empty()) path = path.parent_path();
  if (path.filename() == "migration.sql") path = path.parent_path();
  return path.filename().string();
}

struct Chosen {
  std::vector<const migrate::Migration*> migrations;
  bool pending = false;  // all of them, so that what the database has is what they start from
};

base::Result<Chosen> choose(const LintOptions& options, LintPlace& place) {
  Chosen chosen;
  std::vector<std::string> pending;
  if (place.target) {
    const auto history = migrate::read_history(*place.target);
    if (!history) return std::unexpected(history.error());
    for (const migrate::MigrationState* each : migrate::compare(place.folder, *history).of(Kind::pending))
      pending.push_back(each->name);
  }
  const auto is_pending = [&](const migrate::Migration* each) {
    return std::ranges::find(pending, each->name) != pending.end();
  };
  for (const std::string& argument : options.names) {
    const migrate::Migration* const found = place.folder.find(name_in(argument));
    if (found == nullptr)
      return base::fail(base::code::migration_unknown,
                        fmt::format("There is no migration {} in the folder.", base::printable(argument)),
                        "give the whole name of its folder, as 20201207184859_initial_migration");
    chosen.migrations.push_back(found);
  }
  if (options.names.empty())
    for (const migrate::Migration& each : place.folder.migrations)
      if (!place.target || is_pending(&each)) chosen.migrations.push_back(&each);
  chosen.pending = place.target && std::ranges::all_of(chosen.migrations, is_pending);
  return chosen;
}

void write_finding(base::JsonWriter& json, const Context& context, const migrate::LintFinding& finding) {
  const sql::ScriptPlace place = sql::place_in(*finding.migration->text, finding.begin);
  json.begin_object()
      .member("migration", finding.migration->name)
      .member("file", shown_path(context, finding.migration->file))
      .member("line", place.line)
      .member("column", place.column)
      .member("code", finding.code)
      .member("kind", migrate::to_string(finding.kind))
      .member("severity", migrate::to_string(finding.severity))
      .member("message", finding.message)
      .member("table", finding.table);
  if (finding.lock != migrate::LockLevel::none) json.member("lock", migrate::to_string(finding.lock));
  if (finding.rows) json.member("rows", *finding.rows);
  if (!finding.advice.empty()) json.member("help", finding.advice);
  json.member("refused", finding.refused).member("approved", finding.approved).end_object();
}

std::string as_json(const Context& context, const LintReport& report) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("rowsKnown", report.rows_known).member("refused", report.refused());
  json.key("findings").begin_array();
  for (const migrate::LintFinding& finding : report.findings) write_finding(json, context, finding);
  json.end_array().end_object();
  return text + "\n";
}

std::string as_text(const LintReport& report, bool colour) {
  const std::size_t refused = report.refused();
  const std::string looked = number_of(report.scripts.size(), "migration");
  if (refused > 0)
    return fmt::format("{} {} looked at: {} would be refused by deploy.\n",
                       base::toned("✗", base::Tone::bad, colour), looked, number_of(refused, "step"));
  return fmt::format("{} {} looked at; deploy would refuse nothing.\n",
                     base::toned("✓", base::Tone::good, colour), looked);
}

Exit lint(Context& context, const LintOptions& options) {
  auto place = open_place(context, options);
  if (!place) return fail_migration(context, place.error());
  const auto chosen = choose(options, *place);
  if (!chosen) return fail(context, chosen.error());
  migrate::Target* const target = chosen->pending ? &*place->target : nullptr;
  const auto report = lint_migrations(place->engine, chosen->migrations, target);
  if (!report) return fail(context, report.error());
  if (!options.json) print_findings(context, *report, LintShown::all);
  context.out << (options.json ? as_json(context, *report) : as_text(*report, context.out_terminal.colour));
  return options.exit_code && report->refused() > 0 ? Exit::differs : Exit::ok;
}

}  // namespace

void add_migrate_lint_command(CLI::App& migrate, Context& context) {
  CLI::App* command =
      migrate.add_subcommand("lint", "What migrations would lose, lock, write again or break");
  auto options = std::make_shared<LintOptions>();
  command->add_option("migrations", options->names, "Their names; those that are pending otherwise")
      ->type_name("MIGRATION");
  command
      ->add_option("--url,--against", options->url,
                   "The database whose tables count, also as env:NAME or file:PATH; instead of the "
                   "configured one")
      ->type_name("URL");
  add_migrations_option(*command, *options);
  command->add_flag("--exit-code", options->exit_code, "2 when deploy would refuse something");
  command->add_flag("--json", options->json, "The same as JSON");
  command->footer(
      "tenon migrate lint --exit-code                    # in CI, before a change is merged\n"
      "tenon migrate lint --against env:PRODUCTION_URL   # with the numbers of rows that are there");
  command->callback([&context, options] { context.exit = lint(context, *options); });
}

}  // namespace tenon::cli
