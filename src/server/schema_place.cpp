#include "server/schema_place.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tenon::server {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 6> config_extensions{"ts", "js", "mjs", "cjs", "mts", "cts"};

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

SchemaPlace named_by_prisma(const Project& project, const PrismaSetting& setting) {
  SchemaPlace place{.named_by = setting.place, .problem = setting.problem};
  std::string text = setting.text.reveal();
  for (const std::string& name : setting.variables)
    if (const auto value = project.environment.find(name); value && !value->text.empty()) {
      text = value->text;
      break;
    }
  if (!place.problem && text.empty())
    place.problem = base::Error{.code = base::code::config_reference_unresolved,
                                .message = "The path of the schema is empty.",
                                .place = setting.place};
  place.path = (project.prisma_file->parent_path() / text).lexically_normal();
  return place;
}

}  // namespace

SchemaPlace find_schema_place(const Project& project) {
  const auto below = [&](std::string_view path) { return (project.folder / path).lexically_normal(); };
  if (!project.config.databases.empty())
    return {.path = project.folder / "prisma", .problem = several_databases_error(project)};
  if (const auto& path = project.config.schema_path)
    return {.path = below(path->text), .named_by = path->place};
  if (const auto& setting = project.prisma.schema) return named_by_prisma(project, *setting);
  if (project.package_schema) return {.path = below(*project.package_schema), .named_by = "package.json"};
  if (is_file(project.folder / "schema.prisma")) return {.path = project.folder / "schema.prisma"};
  return {.path = project.folder / "prisma"};
}

base::Result<std::vector<fs::path>> find_schema_files(const SchemaPlace& place) {
  if (place.problem) return std::unexpected(*place.problem);
  if (is_file(place.path)) return std::vector{place.path};
  std::vector<fs::path> files = files_below(place.path, ".prisma");
  if (files.size() > base::schema_files_max)
    return base::fail(base::code::file_unreadable, fmt::format("{} holds more than {} schema files.",
                                                               place.path.string(), base::schema_files_max));
  if (files.empty() && !place.named_by.empty()) {
    std::error_code ignored;
    const bool folder = fs::is_directory(place.path, ignored);
    return base::fail(base::code::file_unreadable,
                      folder ? fmt::format("The folder {} holds no *.prisma file.", place.path.string())
                             : fmt::format("There is no schema file {}.", place.path.string()),
                      "", place.named_by);
  }
  return files;
}

std::vector<fs::path> files_below(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> found;
  std::error_code missing;
  const auto end = fs::recursive_directory_iterator();
  for (auto at = fs::recursive_directory_iterator(folder, missing); !missing && at != end;
       at.increment(missing)) {
    std::error_code gone;
    // Migrations may be many, and each has a folder.
    const bool migrations =
        at->path().filename() == "migrations" && is_file(at->path() / "migration_lock.toml");
    if (migrations || at->path().filename() == "node_modules") at.disable_recursion_pending();
    if (at->path().extension() == extension && at->is_regular_file(gone)) found.push_back(at->path());
  }
  std::ranges::sort(found);
  return found;
}

std::optional<fs::path> find_prisma_config(const fs::path& folder) {
  for (const std::string_view stem : {"prisma.config.", ".config/prisma."})
    for (const std::string_view extension : config_extensions)
      if (fs::path path = folder / fmt::format("{}{}", stem, extension); is_file(path)) return path;
  return std::nullopt;
}

}  // namespace tenon::server
