#include "server/api_loader.h"

#include <fmt/format.h>

#include "base/file.h"
#include "psl/names.h"
#include "psl/read.h"
#include "server/schema_place.h"
#include "sql/introspect.h"

namespace tenon::server {

namespace fs = std::filesystem;

namespace {

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

// The tables with their exposed names; nullptr when the schema files have errors.
base::Result<std::shared_ptr<const catalog::Catalog>> load_catalog(const Project& project,
                                                                   const std::optional<sql::DatabaseUrl>& url,
                                                                   const ApiSource& source,
                                                                   LoadedApi& loaded) {
  auto schema = read_schema_files(project, loaded);
  if (!schema) return std::unexpected(schema.error());
  if (loaded.from_files && !*schema) return nullptr;
  if (loaded.from_files) return std::make_shared<const catalog::Catalog>(std::move((*schema)->catalog));
  if (!url)
    return base::fail(base::code::database_unnamed, "There is neither a schema file nor a database to read.",
                      missing_database_help(project));
  const auto& schemas = !source.schemas.empty() ? source.schemas : project.config.schemas;
  auto catalog = sql::introspect_url(
      *url, {.schemas = schemas, .deadline = sql::Clock::now() + base::introspection_timeout});
  if (!catalog) return std::unexpected(catalog.error());
  psl::assign_names(*catalog);
  return std::make_shared<const catalog::Catalog>(std::move(*catalog));
}

}  // namespace

base::Result<LoadedApi> load_api(const Project& project, const std::optional<sql::DatabaseUrl>& url,
                                 const ApiSource& source) {
  LoadedApi loaded;
  const auto catalog = load_catalog(project, url, source, loaded);
  if (!catalog) return std::unexpected(catalog.error());
  const auto overlay_files =
      add_files(project, files_below(project.overlay_folder(), ".graphql"), loaded.sources);
  if (!overlay_files) return std::unexpected(overlay_files.error());
  if (*catalog == nullptr) return loaded;
  loaded.open = overlay_files->empty() && source.open_without_overlay;
  api::Overlay overlay =
      loaded.open ? api::open_overlay(**catalog)
                  : api::read_overlay(**catalog, loaded.sources, *overlay_files, loaded.diagnostics);
  if (loaded.diagnostics.has_errors()) return loaded;
  auto schema = api::build_schema(*catalog, std::move(overlay), loaded.diagnostics);
  if (!loaded.diagnostics.has_errors()) loaded.schema = std::move(schema);
  return loaded;
}

}  // namespace tenon::server
