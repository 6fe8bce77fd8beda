#include "cli/database.h"

#include <fstream>

#include "base/source.h"
#include "local/postgres.h"
#include "psl/read.h"

namespace tenon::cli {

namespace {

std::optional<server::DatasourceUrl> datasource_url(const std::optional<psl::Schema>& schema) {
  if (!schema || !schema->datasource.url) return std::nullopt;
  return server::DatasourceUrl{.literal = schema->datasource.url->text,
                               .variable = schema->datasource.url->environment,
                               .place = "the datasource of the schema"};
}

// The local database when the project has one.
base::Result<base::Secret> local_url(const server::Project& project, base::Progress& progress) {
  const auto status = local::postgres_status(project.postgres_folder());
  if (!status) return std::unexpected(status.error());
  if (status->state == local::ClusterState::absent)
    return base::fail(
        base::code::database_unnamed, "No database is named, and the project has no local one.",
        "name one with --url, with [database] url in tenon.toml, or in DATABASE_URL; or make a local "
        "one: tenon db start");
  const auto server = local::start_postgres(
      {.folder = project.postgres_folder(), .progress = [&](std::string_view step) { progress.step(step); }});
  if (!server) return std::unexpected(server.error());
  return base::Secret(server->url);
}

}  // namespace

std::optional<std::string> read_schema_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

std::optional<psl::Schema> read_schema_blocks(const std::filesystem::path& file) {
  auto text = read_schema_file(file);
  if (!text) return std::nullopt;
  base::SourceSet sources;
  base::Diagnostics
      ignored;  // models are about to be replaced; whether they are valid is the business of check
  const base::SourceId id = sources.add(file.string(), std::move(*text));
  return psl::read_schema(sources, {&id, 1}, ignored);
}

base::Result<sql::DatabaseUrl> find_database(const server::Project& project, const std::string& flag,
                                             const std::optional<psl::Schema>& schema,
                                             base::Progress& progress) {
  const auto choice = server::choose_database(project, flag.empty() ? std::nullopt : std::optional(flag),
                                              datasource_url(schema));
  if (!choice) return std::unexpected(choice.error());
  const bool local = choice->origin == server::DatabaseChoice::Origin::local;
  const auto url = local ? local_url(project, progress) : base::Result<base::Secret>(choice->url);
  if (!url) return std::unexpected(url.error());
  auto parsed = sql::parse_database_url(url->reveal());
  if (!parsed && parsed.error().place.empty()) parsed.error().place = choice->origin_text;
  return parsed;
}

}  // namespace tenon::cli
