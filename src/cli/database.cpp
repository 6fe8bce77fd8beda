#include "cli/database.h"

#include <fmt/format.h>

#include "base/source.h"
#include "cli/local_database.h"
#include "psl/read.h"
#include "server/api_loader.h"
#include "server/database_authority.h"
#include "server/schema_place.h"

namespace tenon::cli {

namespace {

constexpr std::string_view ways_to_name_one =
    "name one with --url, with [database] url in tenon.toml, or in DATABASE_URL";

base::Result<base::Secret> local_url(const server::Project& project,
                                     const std::optional<psl::Datasource>& datasource, Unnamed unnamed,
                                     base::Progress& progress) {
  if (unnamed == Unnamed::never)
    return base::fail(base::code::database_unnamed, "No database is named.", std::string(ways_to_name_one));
  const LocalDatabase database = local_database(project, datasource);
  const auto status = local::server_status(database.engine, database.folder);
  if (!status) return std::unexpected(status.error());
  const bool asleep = status->state != local::ServerState::running && unnamed == Unnamed::running;
  if (asleep || (status->state == local::ServerState::absent && unnamed == Unnamed::existing))
    return base::fail(base::code::database_unnamed, "No database is named, and the project has no local one.",
                      fmt::format("{}; or make a local one: tenon db start", ways_to_name_one));
  const auto server = start_local(project, database, progress);
  if (!server) return std::unexpected(server.error());
  return base::Secret(server->url);
}

}  // namespace

std::optional<server::DatasourceUrl> datasource_url(const std::optional<psl::Datasource>& datasource) {
  if (!datasource || !datasource->url) return std::nullopt;
  return server::DatasourceUrl{.literal = datasource->url->text,
                               .variable = datasource->url->environment,
                               .place = "the datasource of the schema"};
}

std::optional<psl::Datasource> datasource_of(const server::Project& project) {
  server::LoadedApi loaded;
  const auto schema = server::read_schema_files(project, loaded);
  return schema && *schema ? std::optional((*schema)->datasource) : std::nullopt;
}

std::optional<psl::Schema> read_schema_blocks(const std::filesystem::path& file, std::string text) {
  base::SourceSet sources;
  // Models are about to be replaced; whether they are valid is the business of check.
  base::Diagnostics ignored;
  const base::SourceId id = sources.add(file.string(), std::move(text));
  return psl::read_schema(sources, {&id, 1}, ignored);
}

base::Result<sql::DatabaseUrl> find_database(const server::Project& project, const std::string& flag,
                                             const std::optional<psl::Datasource>& datasource,
                                             Unnamed unnamed, base::Progress& progress) {
  const auto choice = server::choose_database(project, flag.empty() ? std::nullopt : std::optional(flag),
                                              datasource_url(datasource));
  if (!choice) return std::unexpected(choice.error());
  const auto url = choice->origin == server::DatabaseChoice::Origin::local
                       ? local_url(project, datasource, unnamed, progress)
                       : base::Result<base::Secret>(choice->url);
  if (!url) return std::unexpected(url.error());
  auto parsed = sql::parse_database_url(url->reveal());
  if (!parsed && parsed.error().place.empty()) parsed.error().place = choice->origin_text;
  if (!parsed || choice->origin == server::DatabaseChoice::Origin::local) return parsed;
  return server::with_authority(project, *std::move(parsed));
}

base::Result<server::DatabaseUrls> find_databases(const server::Project& project, const std::string& flag,
                                                  Unnamed unnamed, base::Progress& progress) {
  const bool several = !project.config.databases.empty();
  if (several && !flag.empty())
    return base::fail(base::code::usage_invalid, "--url names one database, and tenon.toml has several.",
                      "choose one of them with --database NAME, or change its url in tenon.toml");
  server::DatabaseUrls urls;
  for (const server::Project& one : server::projects_by_database(project)) {
    auto url = find_database(one, flag, several ? std::nullopt : datasource_of(one), unnamed, progress);
    if (!url) return std::unexpected(url.error());
    urls.push_back(std::move(*url));
  }
  return urls;
}

std::string targets(const server::DatabaseUrls& urls) {
  std::string text;
  for (const auto& url : urls)
    if (url) text += (text.empty() ? "" : ", ") + url->target();
  return text;
}

base::Result<bool> have_schema_files(const server::Project& project) {
  bool all = true;
  for (const server::Project& one : server::projects_by_database(project)) {
    const auto files = server::find_schema_files(server::find_schema_place(one));
    if (!files) return std::unexpected(files.error());
    all = all && !files->empty();
  }
  return all;
}

}  // namespace tenon::cli
