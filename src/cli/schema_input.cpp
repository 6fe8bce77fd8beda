#include "cli/schema_input.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "server/schema_place.h"

namespace tenon::cli {

namespace {

base::Result<server::SchemaPlace> schema_place(Context& context, const SchemaOptions& options) {
  if (!options.path.empty())
    return server::SchemaPlace{.path = (context.start_folder / options.path).lexically_normal(),
                               .named_by = "--schema"};
  const auto project = open_project(context);
  if (!project) return std::unexpected(project.error());
  return server::find_schema_place(*project);
}

}  // namespace

psl::PrismaCompat SchemaOptions::prisma_compat() const {
  if (compat == "6") return psl::PrismaCompat::v6;
  return compat == "7" ? psl::PrismaCompat::v7 : psl::PrismaCompat::none;
}

void add_schema_path(CLI::App& command, SchemaOptions& options) {
  command.add_option("--schema", options.path, "The schema file or folder, instead of the project's")
      ->type_name("PATH");
}

void add_prisma_compat(CLI::App& command, SchemaOptions& options) {
  command
      .add_option("--prisma-compat", options.compat, "Be exactly as Prisma 6 or 7 is, also in the wording")
      ->check(CLI::IsMember({"6", "7"}).description(""))
      ->type_name("6|7");
}

base::Result<SchemaInput> read_schema_input(Context& context, const SchemaOptions& options) {
  const auto place = schema_place(context, options);
  if (!place) return std::unexpected(place.error());
  auto paths = server::find_schema_files(*place);
  if (!paths) return std::unexpected(paths.error());
  if (paths->empty())
    return base::fail(base::code::file_unreadable,
                      fmt::format("There are no schema files in {}.", shown_path(context, place->path)),
                      "name them with --schema PATH, or describe a database you have: tenon pull");
  SchemaInput input;
  for (const std::filesystem::path& path : *paths) {
    auto text = base::read_file(path, base::project_file_bytes_max);
    if (!text) return std::unexpected(text.error());
    input.files.push_back(input.sources.add(shown_path(context, path), std::move(*text)));
  }
  input.paths = std::move(*paths);
  return input;
}

}  // namespace tenon::cli
