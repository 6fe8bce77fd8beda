// tenon migrate status: how a folder of migrations and a database stand to each other.

#include <algorithm>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_change.h"
#include "cli/migrate_drift.h"
#include "cli/migrate_run.h"
#include "migrate/lock.h"

namespace tenon::cli {

namespace {

using Kind = migrate::MigrationState::Kind;

struct StatusOptions : MigrateOptions {
  bool drift = false;
};

struct Status {
  migrate::State state;
  std::vector<std::string> interruptions;  // one sentence for each failed migration
  std::optional<migrate::OtherSession> runs;
  std::string target;
  bool unmanaged = false;                // tables, and no history
  std::optional<std::string> drift;      // summary; absent: none, or not asked for
  std::vector<migrate::Expansion> open;  // changes in two steps, of the folder
};

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::applied:
      return "applied";
    case Kind::pending:
      return "pending";
    case Kind::failed:
      return "failed";
    case Kind::missing:
      return "missing";
  }
  return "";
}

base::Tone tone_of(Kind kind) {
  if (kind == Kind::applied) return base::Tone::good;
  return kind == Kind::failed ? base::Tone::bad : base::Tone::warning;
}

std::string remarks(const migrate::MigrationState& migration) {
  std::string text;
  if (migration.edited) text += "edited since";
  if (migration.out_of_order) text += "older than what is applied";
  if (migration.kind == Kind::missing) text += "not in the folder";
  return text;
}

bool good(const Status& status) { return status.state.up_to_date() && !status.unmanaged && !status.drift; }

std::string as_json(const Status& status) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("upToDate", good(status)).member("database", status.target);
  json.key("migrations").begin_array();
  for (const migrate::MigrationState& each : status.state.migrations) {
    json.begin_object().member("name", each.name).member("state", to_string(each.kind));
    json.member("edited", each.edited).member("outOfOrder", each.out_of_order);
    if (each.row && each.row->finished_at) json.member("appliedAt", *each.row->finished_at);
    json.end_object();
  }
  json.end_array().key("others").begin_array();
  for (const migrate::HistoryRow& each : status.state.guests)
    json.begin_object()
        .member("name", each.name)
        .member("state", each.applied() ? "applied" : "failed")
        .end_object();
  json.end_array().key("interruptions").begin_array();
  for (const std::string& each : status.interruptions) json.string(each);
  json.end_array().key("open").begin_array();
  for (const migrate::Expansion& each : status.open) json.string(to_string(each));
  json.end_array();
  if (status.runs) json.member("runsNow", migrate::to_string(*status.runs));
  if (status.drift) json.member("drift", *status.drift);
  json.end_object();
  return text + "\n";
}

std::string advice(const Status& status) {
  const migrate::State& state = status.state;
  if (status.unmanaged)
    return "The database has tables and no history. When they are those of the first migration:\n"
           "  tenon migrate resolve --applied NAME\n";
  std::string text;
  if (!state.of(Kind::failed).empty())
    text += "Go on with what failed: tenon migrate deploy --resume; or settle it: tenon migrate resolve\n";
  else if (!state.of(Kind::pending).empty())
    text += "Apply what is pending: tenon migrate deploy\n";
  if (!state.edited().empty())
    text +=
        "Applied migrations are not run again: bring edited ones back, and write the change as a new one.\n";
  if (std::ranges::any_of(state.guests, &migrate::HistoryRow::failed))
    text += "The other tool did not end well: look at it, then tenon migrate deploy --with alembic again\n";
  if (!state.of(Kind::missing).empty())
    text += "Bring missing migrations back from version control, or from the branch they were made on.\n";
  return text;
}

std::string as_text(const Status& status, bool colour) {
  std::string text;
  base::TablePrinter table({{.title = "migration"}, {.title = "state"}, {.title = "since"}, {.title = ""}});
  for (const migrate::MigrationState& each : status.state.migrations)
    table.row({base::printable(each.name), base::toned(to_string(each.kind), tone_of(each.kind), colour),
               each.row ? each.row->finished_at.value_or(each.row->started_at) : "", remarks(each)});
  for (const migrate::HistoryRow& each : status.state.guests)
    table.row({base::printable(each.name),
               base::toned(each.applied() ? "applied" : "failed",
                           each.applied() ? base::Tone::good : base::Tone::bad, colour),
               each.finished_at.value_or(each.started_at), ""});
  if (!table.empty()) text += table.text(colour) + "\n";
  for (const std::string& each : status.interruptions) text += each + "\n";
  text += open_text(status.open);
  if (status.runs) text += fmt::format("A migration runs now: {}.\n", migrate::to_string(*status.runs));
  if (status.drift)
    text += fmt::format(
        "The database is not what its migrations make:\n{}\n"
        "Take it into the history: tenon migrate dev --adopt-drift\n",
        *status.drift);
  if (good(status))
    return text + (status.state.migrations.empty() && status.state.guests.empty()
                       ? "There are no migrations.\n"
                       : fmt::format("{} {} is up to date.\n", base::toned("✓", base::Tone::good, colour),
                                     status.target));
  return text + advice(status);
}

base::Result<Status> read_status(const MigrateProject& project, const StatusOptions& options,
                                 migrate::Target& target, const migrate::Folder& folder,
                                 base::Progress& progress) {
  Status status{.target = target.name(), .open = open_expansions(folder)};
  const auto history = migrate::read_history(target);
  if (!history) return std::unexpected(history.error());
  status.state = migrate::compare(folder, *history);
  const auto occupied = migrate::has_tables(target, project.schemas);
  if (!occupied) return std::unexpected(occupied.error());
  status.unmanaged = *occupied && !status.state.has_history;
  status.runs = migrate::lock_holder(target);
  for (const migrate::MigrationState* failed : status.state.of(Kind::failed)) {
    const migrate::Migration* migration = folder.find(failed->name);
    const migrate::Migration gone{.name = failed->name};
    const auto seen = migrate::examine(target, migration != nullptr ? *migration : gone, *failed->row);
    if (!seen) return std::unexpected(seen.error());
    status.interruptions.push_back(fmt::format("{}: {}", failed->name, migrate::to_string(*seen)));
  }
  if (options.drift && status.state.has_history) {
    auto drift = find_drift(project, options, folder, status.state, progress);
    if (!drift) return std::unexpected(drift.error());
    if (!drift->empty()) status.drift = drift->text();
  }
  return status;
}

Exit status(Context& context, const StatusOptions& options) {
  const auto project = open_migrate_project(context, options, {});
  if (!project) return fail(context, project.error());
  const auto folder = open_folder(*project);
  if (!folder) return fail_migration(context, folder.error());
  auto target = migrate::open_target(project->url, {.purpose = "tenon migrate status"});
  if (!target) return fail(context, target.error());
  base::Progress progress(context.err, context.err_terminal);
  const auto found = read_status(*project, options, *target, *folder, progress);
  if (!found) return fail_migration(context, found.error());
  progress.finish();
  context.out << (options.json ? as_json(*found) : as_text(*found, context.out_terminal.colour));
  return good(*found) ? Exit::ok : Exit::failed;
}

}  // namespace

void add_migrate_status_command(CLI::App& migrate, Context& context) {
  CLI::App* command = migrate.add_subcommand("status", "What is applied, pending, edited, missing, failed");
  auto options = std::make_shared<StatusOptions>();
  add_database_option(*command, *options);
  add_migrations_option(*command, *options);
  add_shadow_option(*command, *options);
  command->add_flag("--drift", options->drift,
                    "Also compare the database with what its migrations make, on a shadow database");
  command->add_flag("--json", options->json, "The same as JSON");
  command->footer(
      "tenon migrate status         # exit code 1 unless everything is applied and unchanged\n"
      "tenon migrate status --drift # was the database changed by hand?\n"
      "tenon migrate status --json | jq -r '.migrations[] | select(.state == \"pending\") | .name'");
  command->callback([&context, options] { context.exit = status(context, *options); });
}

}  // namespace tenon::cli
