// tenon db execute: runs a SQL script.

#include <iostream>
#include <iterator>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_project.h"

namespace tenon::cli {

namespace {

struct ExecuteOptions : MigrateOptions {
  std::string file;
  bool from_stdin = false;
};

base::Result<std::string> read_script(const Context& context, const ExecuteOptions& options) {
  if (!options.from_stdin)
    return base::read_file(context.start_folder / options.file, base::migration_bytes_max);
  std::string text;
  for (char c = 0; std::cin.get(c) && text.size() <= base::migration_bytes_max;) text += c;
  if (text.size() > base::migration_bytes_max)
    return base::fail(base::code::file_unreadable, "The script is too large.");
  return text;
}

Exit execute(Context& context, const ExecuteOptions& options) {
  if (options.file.empty() != options.from_stdin)
    return fail_usage(context, "tenon db execute takes one of --file FILE and --stdin.",
                      "tenon db execute --file seed.sql");
  auto text = read_script(context, options);
  if (!text) return fail(context, text.error());
  const auto project = open_migrate_project(context, options, {});
  if (!project) return fail(context, project.error());
  auto target = migrate::open_target(project->url, {.purpose = "tenon db execute"});
  if (!target) return fail(context, target.error());
  const migrate::Migration script{.name = options.from_stdin ? "script" : options.file,
                                  .file = options.from_stdin ? "stdin" : options.file,
                                  .text = std::move(*text)};
  base::Progress progress(context.err, context.err_terminal);
  if (auto done = migrate::run_script(*target, script, apply_options(*project, progress)); !done) {
    base::Error error = done.error();
    error.code = base::code::statement_failed;
    return fail_migration(context, error);
  }
  progress.finish();
  context.out << fmt::format("The script ran on {}.\n", target->name());
  return Exit::ok;
}

}  // namespace

void add_db_execute_command(CLI::App& db, Context& context) {
  CLI::App* command =
      db.add_subcommand("execute", "Run a SQL script, in one transaction where that is possible");
  auto options = std::make_shared<ExecuteOptions>();
  command->add_option("--file", options->file, "The script")->type_name("FILE");
  command->add_flag("--stdin", options->from_stdin, "Read it from the standard input");
  add_database_option(*command, *options);
  add_lock_option(*command, *options);
  command->footer(
      "tenon db execute --file fix.sql --url env:DATABASE_URL\n"
      "echo 'DELETE FROM sessions' | tenon db execute --stdin");
  command->callback([&context, options] { context.exit = execute(context, *options); });
}

}  // namespace tenon::cli
