// tenon pull: the tables of a database as schema files.

#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/help.h"
#include "cli/schema_file.h"
#include "psl/names.h"
#include "psl/write.h"
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
  const fs::path path =
      out.empty() ? project.schema_folder() : (context.start_folder / out).lexically_normal();
  return path.extension() == ".prisma" ? path : path / "schema.prisma";
}

// As people write it: relative to where they are, unless that leads upwards.
std::string shown_path(const Context& context, const fs::path& path) {
  const fs::path relative = path.lexically_relative(context.start_folder);
  return relative.empty() || *relative.begin() == ".." ? path.string() : relative.string();
}

base::Result<void> may_write(const Context& context, const fs::path& file, bool force) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(file.parent_path(), ignored))
    if (entry.path().extension() == ".prisma" && entry.path().filename() != file.filename())
      return base::fail(base::code::pull_would_overwrite,
                        fmt::format("{} is a schema file too, and a pull writes everything into {}.",
                                    shown_path(context, entry.path()), file.filename().string()),
                        "write elsewhere with --out FOLDER, or move that file away");
  const auto text = read_schema_file(file);
  if (!text || force) return {};
  switch (authorship(*text)) {
    case Authorship::pulled:
      return {};
    case Authorship::edited:
      return base::fail(
          base::code::pull_would_overwrite,
          fmt::format("{} has been edited since it was pulled.", shown_path(context, file)),
          "--force gives the edits up; --out FOLDER writes elsewhere; --print shows the new schema");
    case Authorship::foreign:
      return base::fail(
          base::code::pull_would_overwrite,
          fmt::format("{} was not written by tenon pull.", shown_path(context, file)),
          "--force replaces its models and keeps its datasource and generators; --out FOLDER writes "
          "elsewhere; --print shows the new schema");
  }
  return {};
}

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

// Columns that already identify a row, or a new one.
std::string key_remedy(const catalog::Catalog& catalog, catalog::TableId id) {
  const catalog::Table& table = catalog[id];
  const std::string name =
      quoted_name(catalog.schemas[table.schema.value].name) + "." + quoted_name(table.name);
  for (const catalog::IndexId index_id : table.indexes) {
    const catalog::Index& index = catalog[index_id];
    std::string columns;
    bool usable = index.kind == catalog::IndexKind::unique && index.predicate.empty();
    for (const catalog::IndexPart& part : index.parts) {
      usable = usable && part.column && !catalog[*part.column].nullable;
      if (usable) columns += (columns.empty() ? "" : ", ") + quoted_name(catalog[*part.column].name);
    }
    if (usable) return fmt::format("ALTER TABLE {} ADD PRIMARY KEY ({});", name, columns);
  }
  return fmt::format("ALTER TABLE {} ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;", name);
}

void warn_of_tables_without_key(const catalog::Catalog& catalog, base::Diagnostics& warnings) {
  for (std::uint32_t i = 0; i < catalog.tables.size(); ++i) {
    const catalog::TableId id{i};
    const catalog::Table& table = catalog[id];
    const bool wants_key =
        table.kind == catalog::TableKind::table || table.kind == catalog::TableKind::partitioned_table;
    if (!wants_key || table.model_name.empty() || catalog.primary_key(id)) continue;
    warnings.warning(
        base::code::table_without_key,
        fmt::format("The table {} has no primary key; the API leaves it out.", base::printable(table.name)),
        {}, base::printable(key_remedy(catalog, id)));
  }
}

base::Result<Pulled> read_database(const server::Project& project, const PullOptions& options,
                                   const std::optional<psl::Schema>& existing, base::Progress& progress) {
  auto database =
      find_database(project, options.url, datasource_url(existing), LocalDatabase::existing, progress);
  if (!database) return std::unexpected(database.error());
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
  warn_of_tables_without_key(pulled.catalog, pulled.warnings);
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

std::string number_of(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string summary_text(const std::string& file, bool changed, const Pulled& pulled) {
  const Counts counts = count(pulled.catalog);
  std::string text = fmt::format("{}: {}", file, number_of(counts.models, "model"));
  if (counts.views > 0) text += ", " + number_of(counts.views, "view");
  if (counts.enums > 0) text += ", " + number_of(counts.enums, "enum");
  return text + (changed ? "" : ", unchanged") + "\n";
}

Exit pull(Context& context, const PullOptions& options) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  const fs::path file = target_file(context, *project, options.out);
  if (!options.print)
    if (auto allowed = may_write(context, file, options.force); !allowed)
      return fail(context, allowed.error());

  // The datasource says where the database is, and both it and the generators are kept.
  const auto existing = read_schema_blocks(file);
  base::Progress progress(context.err, context.err_terminal);
  const auto pulled = read_database(*project, options, existing, progress);
  if (!pulled) return fail(context, pulled.error());
  progress.finish();
  print(context, pulled->warnings, {});
  if (options.print) {
    context.out << pulled->schema;
    return Exit::ok;
  }
  const std::string text = marked(pulled->schema);
  const bool changed = read_schema_file(file) != text;
  if (changed)
    if (auto replaced = replace_file(file, text); !replaced) return fail(context, replaced.error());
  const std::string shown = shown_path(context, file);
  context.out << (options.json ? summary_json(shown, changed, *pulled) + "\n"
                               : summary_text(shown, changed, *pulled));
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
