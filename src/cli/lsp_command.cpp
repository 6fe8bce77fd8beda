// tenon lsp: the language server for schema files, on standard input and output.

#include <cerrno>
#include <ostream>
#include <set>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "lsp/server.h"
#include "server/schema_place.h"

namespace tenon::cli {

namespace fs = std::filesystem;

namespace {

// The files of the project around `path`, when it is one of them. What is wrong with the project is told by
// the other commands; the editor shows the file alone then.
std::vector<std::string> schema_files(const Context& context, const std::string& path) {
  if (!path.starts_with('/')) return {};
  base::SourceSet sources;
  base::Diagnostics ignored;
  const fs::path folder = server::find_project_folder(fs::path(path).parent_path(), context.environment);
  const auto project = server::load_project(folder, context.environment, sources, ignored);
  if (!project) return {};
  std::set<fs::path> paths;
  for (const server::Project& one : server::projects_by_database(*project)) {
    const server::SchemaPlace place = server::find_schema_place(one);
    const bool inside = path.starts_with(place.folder().string() + "/");
    if (!project->config.databases.empty() && !inside) continue;
    if (const auto files = server::find_schema_files(place)) paths.insert(files->begin(), files->end());
    // A file that is not saved yet.
    if (!place.is_file() && inside && path.ends_with(".prisma")) paths.insert(path);
  }
  std::vector<std::string> names;
  for (const fs::path& each : paths) names.push_back(each.string());
  return names;
}

std::optional<std::string> read_file(const std::string& path) {
  auto text = base::read_file(path, base::project_file_bytes_max);
  return text ? std::optional(std::move(*text)) : std::nullopt;
}

Exit serve_editor(Context& context) {
  lsp::Server server({.schema_files = [&](const std::string& path) { return schema_files(context, path); },
                      .read = read_file},
                     std::string(version()));
  std::string buffer(65536, '\0');
  while (!server.is_over()) {
    const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    context.out << server.feed({buffer.data(), static_cast<std::size_t>(size)}) << std::flush;
  }
  return server.exit_code() == 0 ? Exit::ok : Exit::failed;
}

}  // namespace

void add_lsp_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("lsp", "The language server for schema files, for editors");
  command->group(group::tools);
  command->add_flag("--stdio")->description(
      "Speak on stdin and stdout, which it always does; editors like to say so");
  command->footer("tenon lsp   # started by the editor: docs/editors.md has the settings");
  command->callback([&context] { context.exit = serve_editor(context); });
}

}  // namespace tenon::cli
