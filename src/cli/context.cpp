#include "cli/context.h"

#include <ostream>

#include <fmt/format.h>

namespace tenon::cli {

namespace fs = std::filesystem;

Exit fail(Context& context, const base::Error& error) {
  base::Diagnostic shown{.code = error.code, .message = base::printable(error.message), .help = error.help};
  if (!error.place.empty()) shown.message = fmt::format("{}: {}", error.place, shown.message);
  context.err << base::render(shown, {}, {.colour = context.err_terminal.colour}) << std::flush;
  return Exit::failed;
}

Exit fail_usage(Context& context, std::string message, std::string help) {
  fail(context, {.code = base::code::usage_invalid, .message = std::move(message), .help = std::move(help)});
  return Exit::usage;
}

void print(Context& context, const base::Diagnostics& diagnostics, const base::SourceSet& sources) {
  context.err << base::render(diagnostics, sources, {.colour = context.err_terminal.colour}) << std::flush;
}

std::string shown_path(const Context& context, const fs::path& path) {
  const fs::path relative = path.lexically_relative(context.start_folder);
  return relative.empty() || *relative.begin() == ".." ? path.string() : relative.string();
}

std::string number_of(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

base::Result<fs::path> project_folder(const Context& context) {
  if (context.project_option.empty())
    return server::find_project_folder(context.start_folder, context.environment);
  fs::path folder = context.start_folder / context.project_option;
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    return base::fail(base::code::file_unreadable, fmt::format("There is no folder {}.", folder.string()), "",
                      "--project");
  return folder;
}

base::Result<server::Project> open_project(Context& context) {
  const auto folder = project_folder(context);
  if (!folder) return std::unexpected(folder.error());
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  auto project = server::load_project(*folder, context.environment, sources, diagnostics);
  if (!project) return project;
  print(context, diagnostics, sources);
  if (diagnostics.has_errors())
    return base::fail(base::code::config_invalid,
                      fmt::format("{} cannot be used as it is.", project->config_file->string()));
  if (!context.database_option.empty()) return server::project_of(*project, context.database_option);
  return project;
}

}  // namespace tenon::cli
