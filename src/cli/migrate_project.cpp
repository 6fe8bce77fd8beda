#include "cli/migrate_project.h"

#include <iostream>
#include <sstream>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "cli/database.h"
#include "cli/local_database.h"
#include "migrate/lock.h"
#include "migrate/squash.h"
#include "psl/read.h"
#include "server/database_authority.h"
#include "server/schema_place.h"
#include "sql/introspect.h"

namespace tenon::cli {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto lock_wait_usual = 300'000ms;

std::string flag_or(const std::string& flag, const std::string& other) { return flag.empty() ? other : flag; }

// `migrations/` beside the file with the datasource; beside the schema when no file has one.
fs::path usual_folder(const server::Project& project, const SchemaInput& input,
                      const std::optional<psl::Schema>& schema) {
  if (schema)
    for (std::size_t i = 0; i < input.files.size(); ++i)
      if (input.files[i] == schema->datasource.span.source && schema->datasource.span.end > 0)
        return input.paths[i].parent_path() / "migrations";
  return server::find_schema_place(project).folder() / "migrations";
}

base::Result<fs::path> migrations_folder(const Context& context, const MigrateOptions& options,
                                         const server::Project& project, const SchemaInput& input,
                                         const std::optional<psl::Schema>& schema) {
  if (!options.migrations.empty()) return (context.start_folder / options.migrations).lexically_normal();
  if (const auto& path = project.config.migrations_path)
    return (project.folder / path->text).lexically_normal();
  if (const auto& setting = project.prisma.migrations_path) {
    const auto path = server::resolve(project, *setting);
    if (!path) return std::unexpected(path.error());
    return (project.prisma_file->parent_path() / path->reveal()).lexically_normal();
  }
  return usual_folder(project, input, schema);
}

// Prisma's directUrl leads around a pooler, which migrations need.
std::string direct_url(const std::optional<psl::Schema>& schema, const server::Project& project) {
  if (!schema || !schema->datasource.direct_url) return {};
  const psl::UrlSource& direct = *schema->datasource.direct_url;
  if (direct.environment.empty()) return direct.text.reveal();
  const auto value = project.environment.find(direct.environment);
  return value ? value->text : std::string();
}

std::vector<std::string> schemas_of(const MigrateProject& project) {
  if (project.schema && !project.schema->datasource.schemas.empty())
    return project.schema->datasource.schemas;
  if (!project.url.schemas.empty()) return project.url.schemas;
  return {"public"};
}

base::Result<std::optional<sql::DatabaseUrl>> configured_shadow(const MigrateProject& project,
                                                                const MigrateOptions& options) {
  base::Result<base::Secret> url = base::Secret();
  if (!options.shadow_url.empty()) {
    url = server::resolve(project.project, {.text = options.shadow_url, .place = "--shadow-url"});
  } else if (const auto& named = project.project.config.shadow_url) {
    url = server::resolve(project.project, *named);
  } else if (const auto& setting = project.project.prisma.shadow_url) {
    url = server::resolve(project.project, *setting);
  } else if (project.schema && project.schema->datasource.shadow_url) {
    const psl::UrlSource& source = *project.schema->datasource.shadow_url;
    url = source.environment.empty()
              ? source.text
              : server::resolve(project.project, server::Reference{.text = "env:" + source.environment,
                                                                   .place = "the datasource of the schema"});
  } else {
    return std::nullopt;
  }
  if (!url) return std::unexpected(url.error());
  auto parsed = sql::parse_database_url(url->reveal());
  if (!parsed) return std::unexpected(parsed.error());
  auto trusted = server::with_authority(project.project, *std::move(parsed));
  if (!trusted) return std::unexpected(trusted.error());
  return *std::move(trusted);
}

base::Error invalid_schema() {
  return {.code = base::code::schema_invalid, .message = "The schema is not valid."};
}

}  // namespace

void add_database_option(CLI::App& command, MigrateOptions& options) {
  command
      .add_option("--url", options.url,
                  "The database, also as env:NAME or file:PATH; instead of the configured one")
      ->type_name("URL");
}

void add_migrations_option(CLI::App& command, MigrateOptions& options) {
  command
      .add_option("--migrations", options.migrations, "The folder of migrations, instead of the project's")
      ->type_name("FOLDER");
}

void add_shadow_option(CLI::App& command, MigrateOptions& options) {
  command
      .add_option(
          "--shadow-url", options.shadow_url,
          "A database to try migrations out in, which is emptied; instead of a new one on the local server")
      ->type_name("URL");
}

void add_lock_option(CLI::App& command, MigrateOptions& options) {
  command
      .add_option("--lock-timeout", options.lock_timeout,
                  "How long to wait for others: their migrations, their locks on tables (5min)")
      ->type_name("TIME");
}

base::Result<psl::Schema> read_valid_schema(Context& context, const std::string& path,
                                            const std::string& default_schema) {
  const auto input = read_schema_input(context, {.path = path});
  if (!input) return std::unexpected(input.error());
  base::Diagnostics diagnostics;
  auto schema =
      psl::read_schema(input->sources, input->files, diagnostics, {.default_schema = default_schema});
  if (schema && !diagnostics.has_errors()) return std::move(*schema);
  print(context, diagnostics, input->sources);
  return std::unexpected(invalid_schema());
}

base::Result<MigrateProject> open_migrate_project(Context& context, const MigrateOptions& options,
                                                  const MigrateNeeds& needs) {
  auto project = open_project(context);
  if (!project) return std::unexpected(project.error());
  MigrateProject opened{.project = std::move(*project), .lock_wait = lock_wait_usual};
  if (!options.lock_timeout.empty()) {
    const auto wait = server::parse_duration(options.lock_timeout);
    if (!wait)
      return base::fail(base::code::usage_invalid,
                        fmt::format("\"{}\" is no duration.", base::printable(options.lock_timeout)),
                        "write it as 30s, 5min or 0s", "--lock-timeout");
    opened.lock_wait = *wait;
  }
  const auto place = server::find_schema_place(opened.project);
  const auto files = server::find_schema_files(place);
  const bool has_schema = !options.schema.empty() || (files && !files->empty());
  if (has_schema || needs.valid_schema) {
    auto input = read_schema_input(context, {.path = options.schema});
    if (!input) return std::unexpected(input.error());
    opened.input = std::move(*input);
    base::Diagnostics ignored;
    opened.schema = psl::read_schema(opened.input.sources, opened.input.files, ignored);
  }
  if (needs.valid_schema && !opened.schema)
    if (const auto shown = read_valid_schema(context, options.schema, "public"); !shown)
      return std::unexpected(shown.error());
  auto folder = migrations_folder(context, options, opened.project, opened.input, opened.schema);
  if (!folder) return std::unexpected(folder.error());
  opened.migrations = std::move(*folder);
  if (needs.database) {
    base::Progress progress(context.err, context.err_terminal);
    const auto datasource = opened.schema ? std::optional(opened.schema->datasource) : std::nullopt;
    auto url = find_database(opened.project, flag_or(options.url, direct_url(opened.schema, opened.project)),
                             datasource, needs.local ? Unnamed::make : Unnamed::existing, progress);
    if (!url) return std::unexpected(url.error());
    opened.url = std::move(*url);
  }
  opened.schemas = schemas_of(opened);
  if (needs.valid_schema) {
    auto schema = read_valid_schema(context, options.schema, opened.default_schema());
    if (!schema) return std::unexpected(schema.error());
    opened.schema = std::move(*schema);
  }
  return opened;
}

base::Result<migrate::Folder> open_folder(const MigrateProject& project) {
  auto folder = migrate::read_folder(project.migrations);
  if (!folder) return folder;
  if (auto same = migrate::check_provider(*folder, project.url.engine); !same)
    return std::unexpected(same.error());
  if (auto complete = migrate::check_complete(*folder); !complete) return std::unexpected(complete.error());
  return folder;
}

base::Result<migrate::Target> open_database(const MigrateProject& project, const std::string& purpose) {
  return migrate::open_target(
      project.url,
      {.purpose = purpose,
       .create_missing = true,
       .pooled = project.project.config.pooler == sql::Pooler::transaction,
       .without_lock = project.project.environment.find("PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK").has_value()});
}

base::Result<migrate::Target> open_locked(const MigrateProject& project, const std::string& purpose,
                                          base::Progress& progress) {
  auto target = open_database(project, purpose);
  if (!target) return target;
  if (target->created) progress.step(fmt::format("made the database {}", target->name()));
  const migrate::LockOptions options{
      .wait_max = project.lock_wait, .waits_for = [&](const migrate::OtherSession& holder) {
        progress.step(fmt::format("another migration runs: {}; waiting", migrate::to_string(holder)));
      }};
  if (auto locked = migrate::take_lock(*target, options); !locked) return std::unexpected(locked.error());
  return target;
}

base::Result<migrate::State> open_history(const MigrateProject& project, migrate::Target& target,
                                          const migrate::Folder& folder) {
  auto history = migrate::read_history(target);
  if (!history) return std::unexpected(history.error());
  if (!*history) {
    const auto occupied = migrate::has_tables(target, project.schemas);
    if (!occupied) return std::unexpected(occupied.error());
    const std::string first = folder.migrations.empty() ? "0_init" : folder.migrations.front().name;
    if (*occupied)
      return base::fail(
          base::code::database_not_empty,
          fmt::format("The database {} has tables already, and no history of migrations.", target.name()),
          fmt::format("when its tables are those of {0}, record it as applied: tenon migrate "
                      "resolve --applied {0}",
                      first));
    if (auto made = migrate::create_history(target); !made) return std::unexpected(made.error());
    *history = std::vector<migrate::HistoryRow>();
  }
  migrate::State state = migrate::compare(folder, *history);
  const auto squashed = migrate::take_over_squashed(target, folder, state);
  if (!squashed) return std::unexpected(squashed.error());
  if (squashed->empty()) return state;
  history = migrate::read_history(target);
  if (!history) return std::unexpected(history.error());
  return migrate::compare(folder, *history);
}

migrate::ApplyOptions apply_options(const MigrateProject& project, base::Progress& progress) {
  return {.lock_wait_max = project.lock_wait,
          .report = [&progress](const std::string& what) { progress.step(what); }};
}

base::Result<migrate::Shadow> open_shadow(const MigrateProject& project, const MigrateOptions& options,
                                          base::Progress& progress) {
  const auto opened = [&]() -> base::Result<migrate::Shadow> {
    const auto configured = configured_shadow(project, options);
    if (!configured) return std::unexpected(configured.error());
    if (*configured) return migrate::Shadow::use(**configured, project.url, project.schemas);
    const auto server = start_local(project.project, local_database(project.project), progress);
    if (!server) return std::unexpected(server.error());
    const auto url = sql::parse_database_url(server->url);
    if (!url) return std::unexpected(url.error());
    return migrate::Shadow::create(*url, project.url.schemas);
  };
  auto shadow = opened();
  if (shadow && project.url.engine == catalog::Engine::mysql) shadow->take_defaults_of(project.url);
  return shadow;
}

base::Result<catalog::Catalog> replay(const MigrateProject& project, const MigrateOptions& options,
                                      const std::vector<const migrate::Migration*>& migrations,
                                      base::Progress& progress, migrate::DatabaseObjects* objects) {
  progress.step("trying the migrations out on a shadow database");
  auto shadow = open_shadow(project, options, progress);
  if (!shadow) return std::unexpected(shadow.error());
  migrate::ApplyOptions quietly = apply_options(project, progress);
  quietly.report = nullptr;
  if (auto replayed = shadow->replay(migrations, quietly); !replayed)
    return std::unexpected(replayed.error());
  if (objects != nullptr) {
    auto read = shadow->read_objects(project.schemas);
    if (!read) return std::unexpected(read.error());
    *objects = std::move(*read);
  }
  return shadow->read(project.schemas);
}

base::Result<migrate::DatabaseObjects> read_objects(const MigrateProject& project,
                                                    const sql::DatabaseUrl& url) {
  auto session = migrate::Session::open(url, "tenon migrate");
  if (!session) return std::unexpected(sql::to_error(session.error(), url.target()));
  return migrate::read_objects(*session, project.schemas);
}

base::Result<catalog::Catalog> read_live(const MigrateProject& project) {
  return sql::introspect_url(
      project.url, {.schemas = project.schemas, .deadline = sql::Clock::now() + base::introspection_timeout});
}

Exit fail_migration(Context& context, const base::Error& error) {
  base::Error shown = error;
  if (const auto colon = shown.place.find(".sql:"); colon != std::string::npos)
    shown.place = shown_path(context, shown.place.substr(0, colon + 4)) + shown.place.substr(colon + 4);
  // A message of several lines: the first is the error, the others are told below it.
  const auto line_end = shown.message.find('\n');
  if (line_end == std::string::npos) return fail(context, shown);
  std::istringstream details(shown.message.substr(line_end + 1));
  shown.message.resize(line_end);
  const std::string help = std::exchange(shown.help, {});
  fail(context, shown);
  for (std::string line; std::getline(details, line);) context.err << "   " << base::printable(line) << '\n';
  if (!help.empty()) context.err << "   = help: " << help << '\n';
  return Exit::failed;
}

std::optional<std::string> ask_text(Context& context, const std::string& question) {
  if (::isatty(0) == 0 || !context.err_terminal.interactive) return std::nullopt;
  context.err << question << ' ' << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer;
}

std::optional<bool> ask(Context& context, const std::string& question) {
  const auto answer = ask_text(context, question + " [y/N]");
  if (!answer) return std::nullopt;
  return *answer == "y" || *answer == "Y" || *answer == "yes";
}

}  // namespace tenon::cli
