#include "server/project.h"

#include <algorithm>
#include <cerrno>
#include <fstream>

#include <fmt/format.h>

#include "base/file.h"
#include "graphql/json.h"
#include "server/schema_place.h"
#include "server/secrets.h"

namespace tenon::server {

namespace fs = std::filesystem;

namespace {

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

base::Result<base::Secret> not_empty(std::string text, const std::string& what, const std::string& place) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty())
    return base::fail(base::code::config_reference_unresolved, fmt::format("{} is empty.", what), "", place);
  return base::Secret(std::move(text));
}

base::Result<base::Secret> from_environment(const Project& project, const std::string& name,
                                            const std::string& place) {
  auto value = project.environment.find(name);
  if (!value)
    return base::fail(base::code::config_reference_unresolved,
                      fmt::format("The environment variable {} is not set.", name),
                      fmt::format("Set it, or write it into {}.", (project.folder / ".env").string()), place);
  return not_empty(std::move(value->text), fmt::format("The environment variable {}", name), place);
}

base::Result<base::Secret> from_file(const Project& project, const std::string& name,
                                     const std::string& place) {
  const fs::path path = project.folder / name;
  auto text = base::read_file(path, base::secret_file_bytes_max);
  if (!text)
    return base::fail(base::code::config_reference_unresolved, text.error().message,
                      "Paths of references are relative to the project's folder.", place);
  return not_empty(std::move(*text), fmt::format("The file {}", path.string()), place);
}

base::Result<base::Secret> from_secrets(const Project& project, const std::string& name,
                                        const std::string& place) {
  const auto store = open_secrets(project);
  if (!store)
    return std::unexpected(base::Error{store.error().code, store.error().message, store.error().help, place});
  const base::Secret* secret = store->find(name);
  if (secret == nullptr)
    return base::fail(base::code::config_reference_unresolved, fmt::format("There is no secret {}.", name),
                      "tenon secret set " + name, place);
  return not_empty(secret->reveal(), fmt::format("The secret {}", name), place);
}

// prisma.schema of a package.json; a file that is no such thing says nothing of it.
std::optional<std::string> read_package_schema(const fs::path& file) {
  const auto text = base::read_file(file, base::config_bytes_max);
  const auto json = text ? graphql::parse_json(*text) : std::unexpected(std::string());
  if (!json) return std::nullopt;
  graphql::JsonValue value(*json);
  for (const std::string_view key : {"prisma", "schema"}) {
    if (value.kind() != graphql::JsonKind::object) return std::nullopt;
    value = value.member(key);
    if (!value) return std::nullopt;
  }
  if (value.kind() != graphql::JsonKind::string) return std::nullopt;
  return std::string(value->text);
}

base::Result<base::SourceId> add_file(const fs::path& folder, const fs::path& file,
                                      base::SourceSet& sources) {
  auto text = base::read_file(file, base::config_bytes_max);
  if (!text) return std::unexpected(text.error());
  return sources.add(file.lexically_relative(folder).string(), std::move(*text));
}

}  // namespace

Project project_of(const Project& project, const DatabaseConfig& database) {
  Project one = project;
  one.config.databases.clear();
  one.config.database_url = database.url;
  one.config.shadow_url = database.shadow_url;
  one.config.database_ca = database.ca;
  one.config.schemas = database.schemas;
  one.config.pooler = database.pooler;
  one.config.schema_path =
      database.schema_path.value_or(Reference{.text = "prisma/" + database.name, .place = {}});
  one.config.migrations_path = database.migrations_path;
  one.config.seed_command = database.seed_command;
  one.prisma_file.reset();
  one.prisma = {};
  one.package_schema.reset();
  one.environment.add_dotenv_file(find_schema_place(one).folder() / ".env");
  return one;
}

std::vector<Project> projects_by_database(const Project& project) {
  if (project.config.databases.empty()) return {project};
  std::vector<Project> all;
  for (const DatabaseConfig& database : project.config.databases)
    all.push_back(project_of(project, database));
  return all;
}

namespace {

std::string names_of(const std::vector<DatabaseConfig>& databases) {
  std::string names;
  for (const DatabaseConfig& database : databases)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", database.name);
  return names;
}

}  // namespace

base::Result<Project> project_of(const Project& project, std::string_view name) {
  const auto& databases = project.config.databases;
  if (databases.empty())
    return base::fail(base::code::database_unnamed, fmt::format("There is no database {}.", name),
                      "leave --database out: tenon.toml names no databases", "--database");
  const auto found = std::ranges::find(databases, name, &DatabaseConfig::name);
  if (found == databases.end())
    return base::fail(base::code::database_unnamed, fmt::format("There is no database {}.", name),
                      "tenon.toml has " + names_of(databases), "--database");
  return project_of(project, *found);
}

base::Error several_databases_error(const Project& project) {
  return {.code = base::code::database_unnamed,
          .message = "The project has several databases, and this is about one.",
          .help = fmt::format("name it with --database: {}", names_of(project.config.databases))};
}

fs::path find_project_folder(const fs::path& start, const Environment& environment) {
  const fs::path from = fs::absolute(start).lexically_normal();
  for (fs::path folder = from;; folder = folder.parent_path()) {
    if (is_there(folder / "tenon.toml")) return folder;
    if (folder == folder.parent_path()) break;
  }
  const auto home = environment.find("HOME");
  // A schema.prisma alone may be a part of something larger.
  std::optional<fs::path> with_schema;
  for (fs::path folder = from;; folder = folder.parent_path()) {
    if (is_there(folder / "prisma") || is_there(folder / "api") || is_there(folder / ".tenon") ||
        find_prisma_config(folder) || read_package_schema(folder / "package.json"))
      return folder;
    if (!with_schema && is_there(folder / "schema.prisma")) with_schema = folder;
    const bool top = is_there(folder / ".git") || (home && folder == fs::path(home->text).lexically_normal());
    if (top || folder == folder.parent_path()) return with_schema.value_or(from);
  }
}

base::Result<Project> load_project(const fs::path& folder, Environment environment, base::SourceSet& sources,
                                   base::Diagnostics& diagnostics) {
  Project project{.folder = folder, .environment = std::move(environment)};
  project.prisma_file = find_prisma_config(folder);
  if (project.prisma_file) {
    const auto source = add_file(folder, *project.prisma_file, sources);
    if (!source) return std::unexpected(source.error());
    project.prisma = read_prisma_config(sources, *source, diagnostics);
    for (const std::string& file : project.prisma.dotenv_files)
      project.environment.add_dotenv_file(folder / file);
  } else if (is_there(folder / "package.json")) {
    project.package_schema = read_package_schema(folder / "package.json");
  }
  if (is_there(folder / "tenon.toml")) {
    project.config_file = folder / "tenon.toml";
    const auto source = add_file(folder, *project.config_file, sources);
    if (!source) return std::unexpected(source.error());
    project.config = read_config(sources, *source, diagnostics);
  }
  // The variable of Amplify's SQL functions.
  if (const auto debug = project.environment.find("DEBUG_MODE"); debug && debug->of_process)
    project.config.debug = project.config.debug || debug->text == "true";
  project.environment.add_dotenv_file(folder / ".env");
  if (project.config.databases.empty())
    project.environment.add_dotenv_file(find_schema_place(project).folder() / ".env");
  return project;
}

base::Result<void> make_private_folder(const Project& project) {
  const fs::path folder = project.private_folder();
  std::error_code error;
  fs::create_directories(folder, error);
  const fs::path ignore = folder / ".gitignore";
  if (!error && !is_there(ignore) && !(std::ofstream(ignore) << "*\n"))
    error = std::error_code(errno, std::generic_category());
  if (error)
    return base::fail(base::code::file_unwritable,
                      fmt::format("Cannot write to {}: {}.", folder.string(), error.message()));
  return {};
}

base::Result<base::Secret> resolve(const Project& project, const Reference& reference) {
  if (reference.text.starts_with("env:"))
    return from_environment(project, reference.text.substr(4), reference.place);
  if (reference.text.starts_with("file:"))
    return from_file(project, reference.text.substr(5), reference.place);
  if (reference.text.starts_with("secret:"))
    return from_secrets(project, reference.text.substr(7), reference.place);
  return base::Secret(reference.text);
}

// Prisma 7 reads no .env by itself, so neither is it read here unless prisma.config.* loads one.
base::Result<base::Secret> resolve(const Project& project, const PrismaSetting& setting) {
  if (setting.problem) return std::unexpected(*setting.problem);
  std::string help = "Set it.";
  for (const std::string& name : setting.variables) {
    const auto value = project.environment.find(name);
    if (!value || value->text.empty()) continue;
    if (value->of_process || !project.prisma.dotenv_files.empty()) return base::Secret(value->text);
    help = fmt::format("It stands in {}, which Prisma 7 does not read: put import 'dotenv/config' into {}.",
                       value->origin, project.prisma_file->filename().string());
  }
  if (!setting.text.empty() || setting.variables.empty())
    return not_empty(setting.text.reveal(), "The setting", setting.place);
  return base::fail(base::code::config_reference_unresolved,
                    fmt::format("The environment variable {} is not set.", setting.variables.front()),
                    std::move(help), setting.place);
}

base::Result<DatabaseChoice> choose_database(const Project& project, const std::optional<std::string>& flag,
                                             const std::optional<DatasourceUrl>& datasource) {
  using Origin = DatabaseChoice::Origin;
  if (!project.config.databases.empty()) return std::unexpected(several_databases_error(project));
  const auto chosen = [](Origin origin, base::Result<base::Secret> url,
                         std::string text) -> base::Result<DatabaseChoice> {
    if (!url) return std::unexpected(url.error());
    return DatabaseChoice{.origin = origin, .url = std::move(*url), .origin_text = std::move(text)};
  };
  if (flag) return chosen(Origin::flag, resolve(project, {.text = *flag, .place = "--url"}), "--url");
  if (const auto& url = project.config.database_url)
    return chosen(Origin::config, resolve(project, *url), url->place);
  if (const auto& url = project.prisma.url)
    return chosen(Origin::prisma_config, resolve(project, *url), url->place);
  if (auto value = project.environment.find("DATABASE_URL"); value && !value->text.empty())
    return chosen(Origin::environment, base::Secret(std::move(value->text)),
                  "DATABASE_URL in " + value->origin);
  if (datasource && !datasource->variable.empty())
    return chosen(Origin::datasource, from_environment(project, datasource->variable, datasource->place),
                  datasource->place);
  if (datasource && !datasource->literal.empty())
    return chosen(Origin::datasource, datasource->literal, datasource->place);
  return DatabaseChoice{.origin_text = "the local database"};
}

}  // namespace tenon::server
