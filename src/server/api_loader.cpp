#include "server/api_loader.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/file.h"
#include "catalog/merge.h"
#include "psl/names.h"
#include "psl/read.h"
#include "server/schema_place.h"
#include "server/statement_check.h"
#include "sql/differences.h"
#include "sql/introspect.h"

namespace tenon::server {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds version_patience{2};

// Adds files to `sources` under their paths as people see them: relative to the project.
base::Result<std::vector<base::SourceId>> add_files(const Project& project,
                                                    const std::vector<fs::path>& files,
                                                    base::SourceSet& sources) {
  std::vector<base::SourceId> added;
  for (const fs::path& file : files) {
    auto text = base::read_file(file, base::project_file_bytes_max);
    if (!text) return std::unexpected(text.error());
    added.push_back(sources.add(file.lexically_relative(project.folder).string(), std::move(*text)));
  }
  return added;
}

std::string missing_database_help(const Project& project) {
  return fmt::format("Name one with --url, or put schema files into {}.",
                     find_schema_place(project).path.string());
}

}  // namespace

base::Result<std::optional<psl::Schema>> read_schema_files(const Project& project, LoadedApi& loaded) {
  const auto files = find_schema_files(find_schema_place(project));
  if (!files) return std::unexpected(files.error());
  if (files->empty()) return std::nullopt;
  const auto added = add_files(project, *files, loaded.sources);
  if (!added) return std::unexpected(added.error());
  loaded.from_files = true;
  return psl::read_schema(loaded.sources, *added, loaded.diagnostics);
}

namespace {

// The tables of one database with their exposed names; nullopt when its schema files have errors.
base::Result<std::optional<catalog::Catalog>> load_tables(const Project& project,
                                                          const std::optional<sql::DatabaseUrl>& url,
                                                          const ApiSource& source, LoadedApi& loaded) {
  loaded.from_files = false;
  auto schema = read_schema_files(project, loaded);
  if (!schema) return std::unexpected(schema.error());
  if (loaded.from_files && !*schema) return std::nullopt;
  if (loaded.from_files && url && (*schema)->catalog.engine != url->engine)
    return base::fail(base::code::schema_provider_unsupported,
                      fmt::format("The provider of the schema files in {} is not what {} is.",
                                  find_schema_place(project).path.string(), url->target()),
                      "pull the schema from this database, or name the one that it was made for");
  if (loaded.from_files) return std::move((*schema)->catalog);
  if (!url)
    return base::fail(base::code::database_unnamed, "There is neither a schema file nor a database to read.",
                      missing_database_help(project));
  const auto& schemas = !source.schemas.empty() ? source.schemas : project.config.schemas;
  if (url->engine == catalog::Engine::mysql && !schemas.empty())
    return base::fail(base::code::usage_invalid,
                      fmt::format("The schema {} is asked for: a MySQL database has no schemas within it.",
                                  schemas.front()),
                      "leave --schema and schemas away; the URL names the database");
  auto catalog = sql::introspect_url(
      *url, {.schemas = schemas, .deadline = sql::Clock::now() + base::introspection_timeout});
  if (!catalog) return std::unexpected(catalog.error());
  psl::assign_names(*catalog);
  return std::move(*catalog);
}

// Two models of one name cannot be in one API, and neither of them has the better right to it.
void report_collisions(const Project& project, const catalog::Catalog& catalog,
                       base::Diagnostics& diagnostics) {
  for (const catalog::NameCollision& collision : catalog::name_collisions(catalog)) {
    const DatabaseConfig& first = project.config.databases[collision.first.value];
    const DatabaseConfig& second = project.config.databases[collision.second.value];
    std::string prefix = second.name;
    if (prefix.front() >= 'a' && prefix.front() <= 'z')
      prefix.front() = static_cast<char>(prefix.front() - 'a' + 'A');
    diagnostics.error(
        base::code::api_name_collision,
        fmt::format("{}: The name {} is that of a model or enum of {} and of {}.", second.place,
                    collision.name, first.name, second.name),
        {},
        fmt::format("write into [databases.{}]: prefix = \"{}\"; it comes before the names of its models and "
                    "enums",
                    second.name, prefix));
  }
}

// The tables of all databases; nullptr when something about them is an error.
base::Result<std::shared_ptr<const catalog::Catalog>> load_catalog(const Project& project,
                                                                   const DatabaseUrls& urls,
                                                                   const ApiSource& source,
                                                                   LoadedApi& loaded) {
  const std::vector<Project> parts = projects_by_database(project);
  std::vector<catalog::NamedCatalog> catalogs;
  bool from_files = true;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto tables = load_tables(parts[i], i < urls.size() ? urls[i] : std::nullopt, source, loaded);
    if (!tables) {
      base::Error error = tables.error();
      if (parts.size() > 1 && !loaded.from_files && error.help.empty())
        error.help =
            fmt::format("With its schema files the API can start without it: tenon pull --database {}.",
                        project.config.databases[i].name);
      return std::unexpected(std::move(error));
    }
    from_files = from_files && loaded.from_files;
    if (!*tables) continue;
    if (project.config.databases.empty())
      return std::make_shared<const catalog::Catalog>(std::move(**tables));
    const DatabaseConfig& database = project.config.databases[i];
    catalog::add_prefix(**tables, database.prefix);
    catalogs.push_back({.name = database.name, .catalog = std::move(**tables)});
  }
  loaded.from_files = from_files;
  if (catalogs.size() < parts.size()) return nullptr;
  auto all = std::make_shared<const catalog::Catalog>(catalog::merge(std::move(catalogs)));
  report_collisions(project, *all, loaded.diagnostics);
  return loaded.diagnostics.has_errors() ? nullptr : std::move(all);
}

// What is not there is told at the start, and not found out.
void note_missing(const catalog::Catalog& catalog, const api::ServerVersions& servers,
                  base::Diagnostics& diagnostics) {
  for (std::uint32_t i = 0; i < catalog.database_count(); ++i) {
    const auto known = i < servers.size() ? servers[i] : std::nullopt;
    const std::string missing =
        sql::missing_on(known.value_or(sql::unknown_version(catalog.engine_of(catalog::DatabaseId{i}))));
    if (missing.empty()) continue;
    diagnostics.add({.severity = base::Severity::note,
                     .code = base::code::engine_limit,
                     .message = missing,
                     .help = "docs/engines.md says what there is instead"});
  }
}

}  // namespace

namespace {

// The operations of [api] operations.
base::Result<void> load_operations(const Project& project, LoadedApi& loaded) {
  const Config& config = project.config;
  loaded.operations = {
      .known = nullptr, .only_known = config.operations_only, .automatic = config.persisted_queries};
  if (!config.operations) return {};
  const fs::path folder = project.folder / config.operations->text;
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    return base::fail(base::code::file_unreadable,
                      fmt::format("There is no folder {} of operations.", folder.string()),
                      "make it, or correct [api] operations", config.operations->place);
  std::vector<fs::path> files = files_below(folder, ".graphql");
  std::ranges::copy(files_below(folder, ".json"), std::back_inserter(files));
  const auto added = add_files(project, files, loaded.sources);
  if (!added) return std::unexpected(added.error());
  loaded.operations.known = std::make_shared<const KnownOperations>(
      KnownOperations::read(loaded.sources, *added, config.document_limits, loaded.diagnostics));
  return {};
}

}  // namespace

base::Result<LoadedApi> load_api(const Project& project, const DatabaseUrls& urls, const ApiSource& source) {
  LoadedApi loaded;
  const auto catalog = load_catalog(project, urls, source, loaded);
  if (!catalog) return std::unexpected(catalog.error());
  const auto overlay_files =
      add_files(project, files_below(project.overlay_folder(), ".graphql"), loaded.sources);
  if (!overlay_files) return std::unexpected(overlay_files.error());
  if (auto read = load_operations(project, loaded); !read) return std::unexpected(read.error());
  const auto statements = add_files(project, files_below(project.overlay_folder(), ".sql"), loaded.sources);
  if (!statements) return std::unexpected(statements.error());
  if (*catalog == nullptr) return loaded;
  loaded.open = overlay_files->empty() && source.open_without_overlay;
  api::NamedOverlay named{.catalog = *catalog, .overlay = {}};
  if (loaded.open)
    named.overlay = api::open_overlay(**catalog);
  else
    named = api::read_overlay(**catalog, loaded.sources,
                              {.definitions = *overlay_files, .statements = *statements}, loaded.diagnostics);
  if (loaded.diagnostics.has_errors()) return loaded;
  if (source.ask_versions) loaded.servers = ask_versions(urls, version_patience);
  auto schema =
      api::build_schema(named.catalog, std::move(named.overlay), loaded.diagnostics, loaded.servers);
  if (schema && !loaded.diagnostics.has_errors() && source.ask_versions)
    check_statements(*schema, urls, version_patience, loaded.diagnostics);
  if (loaded.diagnostics.has_errors()) return loaded;
  note_missing(**catalog, loaded.servers, loaded.diagnostics);
  if (loaded.operations.known)
    loaded.operations.known->check(*schema->graphql, project.config.document_limits,
                                   source.operations_severity, loaded.diagnostics);
  if (!loaded.diagnostics.has_errors()) loaded.schema = std::move(schema);
  return loaded;
}

}  // namespace tenon::server
