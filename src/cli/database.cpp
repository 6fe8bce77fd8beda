#include "cli/database.h"

#include <fmt/format.h>

#include "base/source.h"
#include "local/postgres.h"
#include "psl/read.h"
#include "server/api_loader.h"

namespace tenon::cli {

namespace {

constexpr std::string_view ways_to_name_one =
    "name one with --url, with [database] url in tenon.toml, or in DATABASE_URL";

base::Result<base::Secret> local_url(const server::Project& project, LocalDatabase wanted,
                                     base::Progress& progress) {
  if (wanted == LocalDatabase::never)
    return base::fail(base::code::database_unnamed, "No database is named.", std::string(ways_to_name_one));
  const auto status = local::postgres_status(project.postgres_folder());
  if (!status) return std::unexpected(status.error());
  if (status->state == local::ClusterState::absent && wanted == LocalDatabase::existing)
    return base::fail(base::code::database_unnamed, "No database is named, and the project has no local one.",
                      fmt::format("{}; or make a local one: tenon db start", ways_to_name_one));
  if (auto made = server::make_private_folder(project); !made) return std::unexpected(made.error());
  const auto server = local::start_postgres(
      {.folder = project.postgres_folder(), .progress = [&](std::string_view step) { progress.step(step); }});
  if (!server) return std::unexpected(server.error());
  return base::Secret(server->url);
}

}  // namespace

std::optional<server::DatasourceUrl> datasource_url(const std::optional<psl::Schema>& schema) {
  if (!schema || !schema->datasource.url) return std::nullopt;
  return server::DatasourceUrl{.literal = schema->datasource.url->text,
                               .variable = schema->datasource.url->environment,
                               .place = "the datasource of the schema"};
}

std::optional<server::DatasourceUrl> datasource_url(const server::Project& project) {
  server::LoadedApi loaded;
  const auto schema = server::read_schema_files(project, loaded);
  return schema ? datasource_url(*schema) : std::nullopt;
}

std::optional<psl::Schema> read_schema_blocks(const std::filesystem::path& file, std::string text) {
  base::SourceSet sources;
  // Models are about to be replaced; whether they are valid is the business of check.
  base::Diagnostics ignored;
  const base::SourceId id = sources.add(file.string(), std::move(text));
  return psl::read_schema(sources, {&id, 1}, ignored);
}

base::Result<sql::DatabaseUrl> find_database(const server::Project& project, const std::string& flag,
                                             const std::optional<server::DatasourceUrl>& datasource,
                                             LocalDatabase local, base::Progress& progress) {
  const auto choice =
      server::choose_database(project, flag.empty() ? std::nullopt : std::optional(flag), datasource);
  if (!choice) return std::unexpected(choice.error());
  const auto url = choice->origin == server::DatabaseChoice::Origin::local
                       ? local_url(project, local, progress)
                       : base::Result<base::Secret>(choice->url);
  if (!url) return std::unexpected(url.error());
  auto parsed = sql::parse_database_url(url->reveal());
  if (!parsed && parsed.error().place.empty()) parsed.error().place = choice->origin_text;
  return parsed;
}

}  // namespace tenon::cli
