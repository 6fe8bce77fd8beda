// tenon db seed: fills the database, by the project's own command or its seed.sql.

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_project.h"

namespace tenon::cli {

namespace fs = std::filesystem;

namespace {

// Empty: the project has none.
base::Result<std::string> seed_command(const server::Project& project) {
  if (project.config.seed_command) return project.config.seed_command->text;
  if (!project.prisma.seed) return std::string();
  const auto command = server::resolve(project, *project.prisma.seed);
  if (!command) return std::unexpected(command.error());
  return command->reveal();
}

// By the shell, in the project's folder, with the terminal; its exit code.
int run_by_shell(const std::string& command, const fs::path& folder, const std::string& url) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("DATABASE_URL", url.c_str(), 1);
    if (::chdir(folder.c_str()) == 0) ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (child < 0) return 127;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string url_text(const sql::DatabaseUrl& url) {
  const auto encoded = [](std::string_view text) {
    std::string out;
    for (const char c : text) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                         c == '-' || c == '_' || c == '.' || c == '~';
      out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
  };
  std::string text = url.engine == catalog::Engine::postgresql ? "postgresql://" : "mysql://";
  if (!url.user.empty())
    text += encoded(url.user) + (url.password.empty() ? "" : ":" + encoded(url.password.reveal())) + "@";
  text += url.host.starts_with('/') ? encoded(url.host) : url.host;
  if (url.port != 0) text += fmt::format(":{}", url.port);
  text += "/" + encoded(url.database);
  char separator = '?';
  const auto add = [&](std::string_view key, std::string_view value) {
    text += fmt::format("{}{}={}", separator, key, encoded(value));
    separator = '&';
  };
  std::string schemas;
  for (const std::string& schema : url.schemas) schemas += (schemas.empty() ? "" : ",") + schema;
  if (!schemas.empty()) add("schema", schemas);
  for (const auto& [key, value] : url.parameters) add(key, value);
  return text;
}

Exit run_file(Context& context, const MigrateProject& project, const fs::path& file) {
  auto text = base::read_file(file, base::migration_bytes_max);
  if (!text) return fail(context, text.error());
  auto target = migrate::open_target(project.url, {.purpose = "tenon db seed"});
  if (!target) return fail(context, target.error());
  base::Progress progress(context.err, context.err_terminal);
  const migrate::Migration script{.name = "seed.sql", .file = file, .text = std::move(*text)};
  if (auto done = migrate::run_script(*target, script, apply_options(project, progress)); !done) {
    base::Error error = done.error();
    error.code = base::code::seed_failed;
    return fail_migration(context, error);
  }
  progress.finish();
  context.out << fmt::format("{} is filled from {}.\n", target->name(), shown_path(context, file));
  return Exit::ok;
}

Exit seed(Context& context, const MigrateOptions& options) {
  const auto project = open_migrate_project(context, options, {});
  if (!project) return fail(context, project.error());
  const auto command = seed_command(project->project);
  if (!command) return fail(context, command.error());
  if (command->empty()) {
    const fs::path file = project->migrations.parent_path() / "seed.sql";
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored)) return run_file(context, *project, file);
    return fail(context,
                {.code = base::code::seed_failed,
                 .message = fmt::format("The project does not say how to fill its database: there is no {}.",
                                        shown_path(context, file)),
                 .help = "write that file, or name a command: [migrations] seed = \"…\" in tenon.toml"});
  }
  context.err << fmt::format("running: {}\n", base::printable(*command)) << std::flush;
  context.out << std::flush;
  const int code = run_by_shell(*command, project->project.folder, url_text(project->url));
  if (code == 0) return Exit::ok;
  return fail(context, {.code = base::code::seed_failed,
                        .message = fmt::format("The seed command ended with {}.", code)});
}

}  // namespace

void add_db_seed_command(CLI::App& db, Context& context) {
  CLI::App* command =
      db.add_subcommand("seed", "Fill the database: the project's seed command, or its seed.sql");
  auto options = std::make_shared<MigrateOptions>();
  add_database_option(*command, *options);
  command->footer("tenon migrate reset --force && tenon db seed");
  command->callback([&context, options] { context.exit = seed(context, *options); });
}

}  // namespace tenon::cli
