// tenon migrate diff: what has to change for one schema to become another.

#include <array>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_change.h"
#include "migrate/summary.h"
#include "sql/introspect.h"

namespace tenon::cli {

namespace {

// One end of the comparison; exactly one of these is given.
struct End {
  bool empty = false;
  bool database = false;
  std::string schema;
  std::string migrations;
  std::string url;

  int given() const {
    return int(empty) + int(database) + int(!schema.empty()) + int(!migrations.empty()) + int(!url.empty());
  }
};

struct DiffCommandOptions : MigrateOptions {
  End from;
  End to;
  ChangeOptions change;
  bool script = false;
  bool exit_code = false;
  std::string output;
};

struct Side {
  catalog::Catalog catalog;
  migrate::Origin origin = migrate::Origin::database;
  std::optional<migrate::DatabaseObjects> objects = std::nullopt;  // of a database
  std::vector<migrate::Expansion> open = {};                       // changes in two steps that are not ended
};

base::Result<Side> database_side(const MigrateProject& project, const sql::DatabaseUrl& url) {
  auto read = sql::introspect_url(
      url, {.schemas = project.schemas, .deadline = sql::Clock::now() + base::introspection_timeout});
  if (!read) return std::unexpected(read.error());
  auto objects = read_objects(project, url);
  if (!objects) return std::unexpected(objects.error());
  return Side{.catalog = std::move(*read), .objects = std::move(*objects)};
}

base::Result<Side> migrations_side(const MigrateProject& project, const DiffCommandOptions& options,
                                   const std::filesystem::path& path, base::Progress& progress) {
  const auto folder = migrate::read_folder(path);
  if (!folder) return std::unexpected(folder.error());
  if (auto complete = migrate::check_complete(*folder); !complete) return std::unexpected(complete.error());
  std::vector<const migrate::Migration*> all;
  for (const migrate::Migration& each : folder->migrations) all.push_back(&each);
  migrate::DatabaseObjects objects;
  auto made = replay(project, options, all, progress, &objects);
  if (!made) return std::unexpected(made.error());
  return Side{.catalog = std::move(*made), .objects = std::move(objects), .open = open_expansions(*folder)};
}

base::Result<Side> read_side(Context& context, const MigrateProject& project,
                             const DiffCommandOptions& options, const End& end, base::Progress& progress) {
  if (!end.schema.empty()) {
    auto schema = read_valid_schema(context, end.schema, project.default_schema());
    if (!schema) return std::unexpected(schema.error());
    return Side{.catalog = std::move(schema->catalog), .origin = migrate::Origin::schema_files};
  }
  if (!end.migrations.empty())
    return migrations_side(project, options, (context.start_folder / end.migrations).lexically_normal(),
                           progress);
  if (end.database) {
    auto side = database_side(project, project.url);
    if (const auto folder = migrate::read_folder(project.migrations); side && folder)
      side->open = open_expansions(*folder);
    return side;
  }
  if (!end.url.empty()) {
    const auto text =
        server::resolve(project.project, server::Reference{.text = end.url, .place = "--…-url"});
    if (!text) return std::unexpected(text.error());
    const auto url = sql::parse_database_url(text->reveal());
    if (!url) return std::unexpected(url.error());
    return database_side(project, *url);
  }
  return Side{};
}

// Nothing at all is nothing of the other side's engine.
base::Result<void> agree_on_engine(const DiffCommandOptions& options, Side& from, Side& to) {
  if (options.from.empty) from.catalog.engine = to.catalog.engine;
  if (options.to.empty) to.catalog.engine = from.catalog.engine;
  if (from.catalog.engine == to.catalog.engine) return {};
  return base::fail(base::code::usage_invalid, "The two sides are of different engines.",
                    "compare two schemas of one provider");
}

// Schema files know nothing of what is there between two steps of a change.
void settle(const MigrateProject& project, Side& side, const Side& other) {
  if (other.origin == migrate::Origin::schema_files)
    side.catalog = migrate::settled(std::move(side.catalog), side.open, project.default_schema());
}

// Triggers and the like are told, and are no part of the difference.
void tell_objects(Context& context, const Side& from, const Side& to) {
  if (!from.objects || !to.objects) return;
  const std::string text = migrate::compare_objects({.before = &*from.objects, .after = &*to.objects});
  if (text.empty()) return;
  base::Diagnostics shown;
  shown.add({.severity = base::Severity::note,
             .code = base::code::drift,
             .message = "Beside that, what no script is made of:\n" + text});
  print(context, shown, {});
}

Exit show(Context& context, const DiffCommandOptions& options, const migrate::Difference& difference,
          const migrate::DiffOptions& asked) {
  std::string text = options.script
                         ? script_text(plan_change(difference, asked, options.change), options.change, false)
                         : migrate::summary(difference);
  if (!text.ends_with('\n')) text += '\n';
  if (options.output.empty()) {
    context.out << text;
  } else if (auto written = base::write_file(context.start_folder / options.output, text); !written) {
    return fail(context, written.error());
  }
  return options.exit_code && !difference.empty() ? Exit::differs : Exit::ok;
}

Exit diff(Context& context, const DiffCommandOptions& options) {
  if (options.from.given() != 1 || options.to.given() != 1)
    return fail_usage(context, "tenon migrate diff takes one --from-… and one --to-….",
                      "tenon migrate diff --from-migrations prisma/migrations --to-schema prisma");
  MigrateOptions read = options;
  for (const End* end : {&options.from, &options.to})
    if (read.schema.empty()) read.schema = end->schema;
  const bool asks_database = options.from.database || options.to.database;
  const auto project = open_migrate_project(context, read, {.database = asks_database});
  if (!project) return fail(context, project.error());
  base::Progress progress(context.err, context.err_terminal);
  auto from = read_side(context, *project, options, options.from, progress);
  if (!from) return fail_migration(context, from.error());
  auto to = read_side(context, *project, options, options.to, progress);
  if (!to) return fail_migration(context, to.error());
  if (auto agreed = agree_on_engine(options, *from, *to); !agreed) return fail(context, agreed.error());
  settle(*project, *from, *to);
  settle(*project, *to, *from);
  const auto made = diff_options(*project, options.change, {.before = from->origin, .after = to->origin});
  if (!made) return fail(context, made.error());
  const auto difference = migrate::diff({.before = &from->catalog, .after = &to->catalog}, *made);
  progress.finish();
  suggest_renames(context, difference);
  tell_objects(context, *from, *to);
  return show(context, options, difference, *made);
}

void add_end(CLI::App& command, const std::string& direction, End& end) {
  const std::string prefix = "--" + direction + "-";
  command.add_flag(prefix + "empty", end.empty, "Nothing at all");
  command.add_option(prefix + "schema", end.schema, "Schema files")->type_name("PATH");
  command.add_option(prefix + "migrations", end.migrations, "What the migrations of a folder make")
      ->type_name("FOLDER");
  command.add_flag(prefix + "database," + prefix + "config-datasource", end.database,
                   "The project's database");
  command.add_option(prefix + "url", end.url, "A database, also as env:NAME or file:PATH")->type_name("URL");
}

}  // namespace

void add_migrate_diff_command(CLI::App& migrate, Context& context) {
  CLI::App* command = migrate.add_subcommand("diff", "What has to change for one schema to become another");
  auto options = std::make_shared<DiffCommandOptions>();
  add_end(*command, "from", options->from);
  add_end(*command, "to", options->to);
  command->add_flag("--script", options->script, "The SQL, instead of a summary");
  command->add_flag("--exit-code", options->exit_code, "2 when there is a difference, 0 when there is none");
  command->add_option("-o,--output", options->output, "Write it to a file")->type_name("FILE");
  add_change_options(*command, options->change);
  add_database_option(*command, *options);
  add_shadow_option(*command, *options);
  command->footer(
      "tenon migrate diff --from-migrations prisma/migrations --to-schema prisma --script\n"
      "tenon migrate diff --from-database --to-schema prisma --exit-code # in CI: is it deployed?\n"
      "tenon migrate diff --from-empty --to-schema prisma --script -o schema.sql");
  command->callback([&context, options] { context.exit = diff(context, *options); });
}

}  // namespace tenon::cli
