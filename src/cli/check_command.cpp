// tenon check: everything that can be found wrong in a project: tenon.toml and its references, schema files
// or the tables of the database, overlay, and the API schema made of them.

#include <algorithm>
#include <chrono>
#include <map>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/help.h"
#include "cli/table_keys.h"
#include "server/api_loader.h"
#include "server/auth_config.h"
#include "server/schema_place.h"
#include "server/statement_check.h"

namespace tenon::cli {

namespace {

using OutputKind = api::OutputBinding::Kind;

// For all databases together.
constexpr std::chrono::seconds statements_patience{5};

struct CheckOptions {
  std::string url;
  std::vector<std::string> schemas;
  bool json = false;
};

// What was found, by the texts it was found in: tenon.toml, then the rest.
struct CheckFindings {
  base::SourceSet config_sources;
  base::Diagnostics config;
  server::LoadedApi api;

  std::size_t errors() const { return config.error_count() + api.diagnostics.error_count(); }
  std::size_t warnings() const { return warnings_of(config) + warnings_of(api.diagnostics); }

 private:
  static std::size_t warnings_of(const base::Diagnostics& diagnostics) {
    return static_cast<std::size_t>(
        std::ranges::count(diagnostics.all(), base::Severity::warning, &base::Diagnostic::severity));
  }
};

std::string_view to_string(base::Severity severity) {
  switch (severity) {
    case base::Severity::error:
      return "error";
    case base::Severity::warning:
      return "warning";
    case base::Severity::note:
      return "note";
  }
  return "";
}

void write_findings(base::JsonWriter& json, const base::Diagnostics& diagnostics,
                    const base::SourceSet& sources) {
  for (const base::Diagnostic& finding : diagnostics.all()) {
    json.begin_object().member("severity", to_string(finding.severity)).member("code", finding.code.text);
    json.member("message", finding.message);
    if (finding.span) {
      const base::LineColumn at = sources.position(*finding.span);
      json.member("file", sources.path(finding.span->source))
          .member("line", at.line)
          .member("column", at.column);
    }
    if (!finding.help.empty()) json.member("help", finding.help);
    json.end_object();
  }
}

std::string findings_json(const CheckFindings& findings) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("errors", findings.errors()).key("findings").begin_array();
  write_findings(json, findings.config, findings.config_sources);
  write_findings(json, findings.api.diagnostics, findings.api.sources);
  json.end_array().end_object();
  return text;
}

void add(base::Diagnostics& diagnostics, base::Severity severity, const base::Error& error) {
  diagnostics.add({.severity = severity,
                   .code = error.code,
                   .message = error.place.empty() ? error.message : error.place + ": " + error.message,
                   .help = error.help});
}

// References of tenon.toml that lead nowhere, and database URLs that cannot be read.
void check_references(const server::Project& project, const CheckOptions& options,
                      base::Diagnostics& findings) {
  if (const auto trust = server::trust_of(project); !trust)
    add(findings, base::Severity::error, trust.error());
  std::vector<server::Reference> urls;
  for (const server::Project& one : server::projects_by_database(project)) {
    if (one.config.database_url) urls.push_back(*one.config.database_url);
    if (!one.config.database_ca) continue;
    if (const auto ca = server::resolve(one, *one.config.database_ca); !ca)
      add(findings, base::Severity::error, ca.error());
  }
  if (!options.url.empty()) urls = {{.text = options.url, .place = "--url"}};
  for (const server::Reference& url : urls) {
    const auto value = server::resolve(project, url);
    if (!value) {
      add(findings, base::Severity::error, value.error());
      continue;
    }
    auto parsed = sql::parse_database_url(value->reveal());
    if (parsed) continue;
    if (parsed.error().place.empty()) parsed.error().place = url.place;
    add(findings, base::Severity::error, parsed.error());
  }
}

// A schema file whose env("…") is not set is right as a file, but nothing can be served from here with it.
void check_datasource(const server::Project& project, const CheckOptions& options,
                      base::Diagnostics& findings) {
  if (!options.url.empty() || project.config.database_url || !project.config.databases.empty()) return;
  const auto choice = server::choose_database(project, std::nullopt, datasource_url(datasource_of(project)));
  if (!choice) add(findings, base::Severity::warning, choice.error());
}

void check_models(server::LoadedApi& loaded) {
  const catalog::Catalog& catalog = *loaded.schema->catalog;
  const auto& access = loaded.schema->overlay.access;
  for (const catalog::TableId table : tables_without_key(catalog)) {
    const bool told = access[table.value].any() && !catalog[table].ignored;
    if (!told) warn_of_missing_key(catalog, table, loaded.diagnostics);
  }
  if (loaded.open)
    loaded.diagnostics.warning(
        base::code::api_empty,
        "There is no overlay: tenon dev opens every model, tenon serve would have nothing to serve.", {},
        "write in api/*.graphql, for each model to open: extend type <Model> @auth(rules: [{ allow: public "
        "}])");
  else
    api::warn_of_models_without_rules(catalog, loaded.schema->overlay, loaded.diagnostics);
}

// The databases of a project whose schema files tell the tables: those that are named, or run here already.
server::DatabaseUrls databases_at_hand(const server::Project& project, const CheckOptions& options,
                                       base::Progress& progress) {
  const bool several = !project.config.databases.empty();
  server::DatabaseUrls urls;
  for (const server::Project& one : server::projects_by_database(project)) {
    const auto datasource = several ? std::nullopt : datasource_of(one);
    auto url = find_database(one, several ? "" : options.url, datasource, Unnamed::running, progress);
    urls.push_back(url ? std::optional(std::move(*url)) : std::nullopt);
  }
  return urls;
}

// The overlay's statements, as the start of the server looks at them.
void check_own_statements(Context& context, const server::Project& project, const CheckOptions& options,
                          server::DatabaseUrls urls, server::LoadedApi& loaded) {
  if (loaded.schema->overlay.operations.empty()) return;
  base::Progress progress(context.err, context.err_terminal);
  if (urls.empty()) urls = databases_at_hand(project, options, progress);
  progress.step("preparing the statements of the overlay");
  const std::size_t unseen =
      server::check_statements(*loaded.schema, urls, statements_patience, loaded.diagnostics);
  progress.finish();
  if (unseen > 0)
    loaded.diagnostics.add(
        {.severity = base::Severity::note,
         .code = base::code::overlay_statement_mismatch,
         .message = fmt::format("{} of the overlay: no database answers that could look at {}.",
                                number_of(unseen, "statement"), unseen == 1 ? "it" : "them"),
         .help = "they are looked at when the server starts; --url names a database for now"});
}

std::string summary(const CheckFindings& findings, bool colour) {
  if (findings.errors() > 0)
    return fmt::format("{} {}, {}.\n", base::toned("✗", base::Tone::bad, colour),
                       number_of(findings.errors(), "error"), number_of(findings.warnings(), "warning"));
  if (findings.warnings() > 0)
    return fmt::format("{} No errors, {}.\n", base::toned("✓", base::Tone::good, colour),
                       number_of(findings.warnings(), "warning"));
  return fmt::format("{} Nothing wrong found.\n", base::toned("✓", base::Tone::good, colour));
}

std::string_view operation_name(OutputKind kind) {
  switch (kind) {
    case OutputKind::get:
      return "get";
    case OutputKind::list:
      return "list";
    case OutputKind::create:
      return "create";
    case OutputKind::update:
      return "update";
    case OutputKind::remove:
      return "delete";
    default:
      return "";
  }
}

// Models that the API has, with what may be done with each.
std::string models_table(const api::Schema& schema, bool colour) {
  std::map<std::uint32_t, std::string> operations;  // by table; fields of the roots come in our order
  for (const api::OutputBinding& output : schema.outputs) {
    const std::string_view name = operation_name(output.kind);
    if (name.empty()) continue;
    std::string& text = operations[output.table.value];
    text += fmt::format("{}{}", text.empty() ? "" : ", ", name);
  }
  base::TablePrinter table({{.title = "model"}, {.title = "open operations"}});
  for (const auto& [id, text] : operations)
    table.row({base::toned(base::printable(schema.catalog->tables[id].model_name), base::Tone::name, colour),
               text});
  return table.text(colour);
}

Exit report(Context& context, const CheckFindings& findings, const CheckOptions& options) {
  const bool colour = context.out_terminal.colour;
  if (options.json) {
    context.out << findings_json(findings) << '\n';
  } else {
    context.out << base::render(findings.config, findings.config_sources, {.colour = colour})
                << base::render(findings.api.diagnostics, findings.api.sources, {.colour = colour})
                << summary(findings, colour);
    if (findings.errors() == 0 && findings.api.schema)
      context.out << '\n' << models_table(*findings.api.schema, colour);
  }
  return findings.errors() > 0 ? Exit::findings : Exit::ok;
}

// Without schema files the tables come from the database.
base::Result<server::LoadedApi> load(Context& context, const server::Project& project,
                                     const CheckOptions& options, bool has_files,
                                     server::DatabaseUrls& urls) {
  base::Progress progress(context.err, context.err_terminal);
  if (!has_files) {
    auto found = find_databases(project, options.url, Unnamed::existing, progress);
    if (!found) return std::unexpected(found.error());
    urls = std::move(*found);
    progress.step(fmt::format("reading {}", targets(urls)));
  }
  auto loaded = server::load_api(project, urls,
                                 {.open_without_overlay = true,
                                  .schemas = options.schemas,
                                  .operations_severity = base::Severity::error});
  if (loaded && !urls.empty()) progress.finish();
  return loaded;
}

Exit check(Context& context, const CheckOptions& options) {
  const auto folder = project_folder(context);
  if (!folder) return fail(context, folder.error());
  CheckFindings findings;
  auto project = server::load_project(*folder, context.environment, findings.config_sources, findings.config);
  if (project && !findings.config.has_errors() && !context.database_option.empty())
    project = server::project_of(*project, context.database_option);
  if (!project) return fail(context, project.error());
  const auto files = have_schema_files(*project);
  if (!files) return fail(context, files.error());
  const bool has_files = *files;
  // A broken configuration does not say which database to read.
  if (findings.config.has_errors() && !has_files) return report(context, findings, options);
  check_references(*project, options, findings.config);
  server::DatabaseUrls urls;
  auto loaded = load(context, *project, options, has_files, urls);
  if (!loaded) {
    if (!findings.config.has_errors()) return fail(context, loaded.error());
    const bool told = std::ranges::any_of(findings.config.all(), [&](const base::Diagnostic& finding) {
      return finding.code == loaded.error().code;
    });
    if (!told) add(findings.config, base::Severity::error, loaded.error());
    return report(context, findings, options);
  }
  findings.api = std::move(*loaded);
  if (findings.api.schema) {
    check_models(findings.api);
    check_own_statements(context, *project, options, std::move(urls), findings.api);
  }
  if (has_files) check_datasource(*project, options, findings.api.diagnostics);
  return report(context, findings, options);
}

}  // namespace

void add_check_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("check", "Find mistakes in tenon.toml, schema files and overlay");
  command->group(group::start);
  const auto options = std::make_shared<CheckOptions>();
  command
      ->add_option("--url", options->url, "The database, when there are no schema files (env:NAME works too)")
      ->type_name("URL");
  command->add_option("--schema", options->schemas, "Its schemas; may be repeated")->type_name("NAME");
  command->add_flag("--json", options->json, "Findings as JSON, for editors and CI");
  command->footer(
      "tenon check                           # exit code 3 when something is wrong\n"
      "tenon check --json | jq .findings\n"
      "tenon check --url env:DATABASE_URL    # the tables of a database, without schema files");
  command->callback([&context, options] { context.exit = check(context, *options); });
}

}  // namespace tenon::cli
