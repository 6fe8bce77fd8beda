// tenon pull: the tables of a database as schema files.

#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/help.h"
#include "cli/schema_file.h"
#include "cli/table_keys.h"
#include "psl/names.h"
#include "psl/write.h"
#include "server/schema_place.h"
#include "sql/introspect.h"

namespace tenon::cli {

namespace fs = std::filesystem;

namespace {

struct PullOptions {
  std::string url;
  std::vector<std::string> schemas;
  bool all_schemas = false;
  std::string out;
  bool force = false;
  bool print = false;
  bool json = false;
};

// What pull found and made of it.
struct Pulled {
  catalog::Catalog catalog;
  std::string schema;
  base::Diagnostics warnings;
};

// The file to write: PATH/schema.prisma, or PATH itself when it names a schema file.
fs::path target_file(const Context& context, const server::Project& project, const std::string& out) {
  const server::SchemaPlace place =
      out.empty() ? server::find_schema_place(project)
                  : server::SchemaPlace{.path = (context.start_folder / out).lexically_normal()};
  return place.is_file() ? place.path : place.path / "schema.prisma";
}

// A pull writes everything into one file, so there must be no other.
base::Result<void> stands_alone(const Context& context, const fs::path& file) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(file.parent_path(), ignored))
    if (entry.path().extension() == ".prisma" && entry.path().filename() != file.filename())
      return base::fail(base::code::pull_would_overwrite,
                        fmt::format("{} is a schema file too, and a pull writes everything into {}.",
                                    shown_path(context, entry.path()), file.filename().string()),
                        "write elsewhere with --out FOLDER, or move that file away");
  return {};
}

// The file's text; empty when there is none.
base::Result<std::optional<std::string>> read_if_there(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  return base::read_file(file, base::project_file_bytes_max);
}

// Whether `text`, which is not what this pull would write, may go.
base::Result<void> may_replace(const Context& context, const server::Project& project, const fs::path& file,
                               std::string_view text) {
  switch (authorship(project, file, text)) {
    case Authorship::pulled:
      return {};
    case Authorship::edited:
      return base::fail(
          base::code::pull_would_overwrite,
          fmt::format("{} has been edited since it was pulled.", shown_path(context, file)),
          "--force gives the edits up; --out FOLDER writes elsewhere; --print shows the new schema");
    case Authorship::unknown:
      return base::fail(
          base::code::pull_would_overwrite,
          fmt::format("{} differs from the database, and no pull of this checkout wrote it, so it may be "
                      "somebody's own work.",
                      shown_path(context, file)),
          "--force replaces its models and keeps its datasource and generators; --out FOLDER writes "
          "elsewhere; --print shows the new schema");
  }
  return {};
}

base::Result<Pulled> read_database(const server::Project& project, const PullOptions& options,
                                   const std::optional<psl::Schema>& existing, base::Progress& progress) {
  auto database =
      find_database(project, options.url, existing ? std::optional(existing->datasource) : std::nullopt,
                    Unnamed::existing, progress);
  if (!database) return std::unexpected(database.error());
  if (database->engine == catalog::Engine::mysql && !options.schemas.empty())
    return base::fail(
        base::code::usage_invalid,
        fmt::format("--schema {}: a MySQL database has no schemas within it.", options.schemas[0]),
        "leave --schema away; the URL names the database");
  sql::IntrospectOptions wanted{.schemas = options.schemas,
                                .all_schemas = options.all_schemas,
                                .deadline = sql::Clock::now() + base::introspection_timeout,
                                .progress = [&](std::string_view step) { progress.step(step); }};
  if (wanted.schemas.empty()) wanted.schemas = project.config.schemas;
  if (wanted.schemas.empty() && existing) wanted.schemas = existing->datasource.schemas;
  progress.step(fmt::format("reading {}", database->target()));
  auto catalog = sql::introspect_url(*database, std::move(wanted));
  if (!catalog) return std::unexpected(catalog.error());
  if (catalog->tables.empty() && catalog->enums.empty())
    return base::fail(base::code::database_empty,
                      fmt::format("The database {} has no tables.", database->target()),
                      "create some first, or name their schema with --schema NAME or --all-schemas");
  progress.step("writing the schema");
  Pulled pulled{.catalog = std::move(*catalog)};
  psl::assign_names(pulled.catalog);
  psl::WriteOptions written;
  if (existing) {
    written.datasource = existing->datasource;
    written.generators = existing->generators;
  }
  pulled.schema = psl::write_schema(pulled.catalog, written, pulled.warnings);
  for (const catalog::TableId table : tables_without_key(pulled.catalog))
    warn_of_missing_key(pulled.catalog, table, pulled.warnings);
  return pulled;
}

struct Counts {
  std::size_t models = 0;
  std::size_t views = 0;
  std::size_t enums = 0;
};

Counts count(const catalog::Catalog& catalog) {
  Counts counts;
  for (const catalog::Table& table : catalog.tables)
    if (!table.model_name.empty()) ++(table.is_view() ? counts.views : counts.models);
  for (const catalog::Enum& each : catalog.enums) counts.enums += each.enum_name.empty() ? 0 : 1;
  return counts;
}

std::string summary_json(const std::string& file, bool changed, const Pulled& pulled) {
  const Counts counts = count(pulled.catalog);
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("file", file).member("changed", changed);
  json.member("models", counts.models).member("views", counts.views).member("enums", counts.enums);
  json.key("warnings").begin_array();
  for (const base::Diagnostic& warning : pulled.warnings.all())
    json.begin_object()
        .member("code", warning.code.text)
        .member("message", warning.message)
        .member("help", warning.help)
        .end_object();
  json.end_array().end_object();
  return text;
}

std::string summary_text(const std::string& file, bool changed, const Pulled& pulled) {
  const Counts counts = count(pulled.catalog);
  std::string text = fmt::format("{}: {}", file, number_of(counts.models, "model"));
  if (counts.views > 0) text += ", " + number_of(counts.views, "view");
  if (counts.enums > 0) text += ", " + number_of(counts.enums, "enum");
  return text + (changed ? "" : ", unchanged") + "\n";
}

// Whether the file was changed; a file that equals the schema is left alone, and is from then on known.
base::Result<bool> write_pulled(const Context& context, const server::Project& project, const fs::path& file,
                                const std::optional<std::string>& before, const std::string& schema,
                                bool force) {
  const bool changed = !before || !same_lines(*before, schema);
  if (changed && before && !force)
    if (auto allowed = may_replace(context, project, file, *before); !allowed)
      return std::unexpected(allowed.error());
  if (changed)
    if (auto written = base::write_file(file, schema); !written) return std::unexpected(written.error());
  if (auto remembered = remember_pulled(project, file, schema); !remembered)
    return std::unexpected(remembered.error());
  return changed;
}

Exit pull(Context& context, const PullOptions& options) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  const fs::path file = target_file(context, *project, options.out);
  if (!options.print)
    if (auto alone = stands_alone(context, file); !alone) return fail(context, alone.error());
  const auto before = read_if_there(file);
  if (!before) return fail(context, before.error());

  // The datasource says where the database is, and both it and the generators are kept.
  const auto existing = *before ? read_schema_blocks(file, **before) : std::nullopt;
  base::Progress progress(context.err, context.err_terminal);
  const auto pulled = read_database(*project, options, existing, progress);
  if (!pulled) return fail(context, pulled.error());
  progress.finish();
  if (options.print) {
    print(context, pulled->warnings, {});
    context.out << pulled->schema;
    return Exit::ok;
  }
  const auto changed = write_pulled(context, *project, file, *before, pulled->schema, options.force);
  if (!changed) return fail(context, changed.error());
  print(context, pulled->warnings, {});
  const std::string shown = shown_path(context, file);
  context.out << (options.json ? summary_json(shown, *changed, *pulled) + "\n"
                               : summary_text(shown, *changed, *pulled));
  return Exit::ok;
}

}  // namespace

void add_pull_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("pull", "Describe a database's tables in prisma/");
  command->group(group::start);
  auto options = std::make_shared<PullOptions>();
  command
      ->add_option("--url", options->url,
                   "The database, also as env:NAME or file:PATH; instead of the configured one")
      ->type_name("URL");
  CLI::Option* schema =
      command->add_option("--schema", options->schemas, "A database schema to read; may be repeated")
          ->type_name("NAME");
  command->add_flag("--all-schemas", options->all_schemas, "Read all of them")->excludes(schema);
  command->add_option("--out", options->out, "Where to write, instead of prisma/")->type_name("FOLDER");
  command->add_flag("--force", options->force, "Replace a schema that was written or edited by hand");
  CLI::Option* print_option =
      command->add_flag("--print", options->print, "Write the schema to stdout and nothing to files");
  command->add_flag("--json", options->json, "What was done, as JSON")->excludes(print_option);
  command->footer(
      "tenon pull                                # the configured or the local database\n"
      "tenon pull --url env:SHOP_URL --all-schemas\n"
      "tenon pull --print | less                 # look first");
  command->callback([&context, options] { context.exit = pull(context, *options); });
}

}  // namespace tenon::cli
