#include "cli/app.h"

#include <algorithm>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/suggestion.h"
#include "cli/commands.h"
#include "cli/help.h"

namespace tenon::cli {

namespace {

// The command that the arguments have reached: `db start` of `tenon db start --jsn`.
const CLI::App& deepest(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* at = &command; at != nullptr; at = at->get_parent())
    for (const CLI::Option* option : at->get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& names) {
  return base::did_you_mean(word, std::vector<std::string_view>(names.begin(), names.end()));
}

Exit explain(const CLI::ParseError& error, const CLI::App& app, Context& context) {
  const CLI::App& command = deepest(app);
  const std::string see_help = fmt::format("see {} --help", full_name(command));
  const auto extras = app.remaining(true);
  const std::string word = extras.empty() ? "" : extras.front();
  if (word.empty()) return fail_usage(context, error.what(), see_help);
  const bool option = word.starts_with('-');
  const bool takes_command = !option && !command.get_subcommands({}).empty();
  const std::string what = option ? "option" : takes_command ? "command" : "argument";
  std::string help;
  if (option) help = did_you_mean(word.substr(0, word.find('=')), option_names(command));
  if (takes_command) help = did_you_mean(word, command_names(command));
  return fail_usage(context,
                    fmt::format("{} has no {} \"{}\".", full_name(command), what, base::printable(word)),
                    help.empty() ? see_help : help);
}

// Commands that only hold others show their help when none is named.
void show_help_when_bare(CLI::App& app, Context& context) {
  for (CLI::App* command : app.get_subcommands({})) {
    if (command->get_subcommands({}).empty()) continue;
    command->require_subcommand(0, 1);
    command->callback([command, &context] {
      if (command->get_subcommands().empty()) context.out << command->help();
    });
  }
}

}  // namespace

std::unique_ptr<CLI::App> make_app(Context& context) {
  auto app = std::make_unique<CLI::App>("The backend for the SQL database you already have.", "tenon");
  app->formatter(std::make_shared<HelpFormatter>(context.out_terminal));
  app->require_subcommand(0, 1);
  app->option_defaults()->always_capture_default(false);
  app->set_help_flag("-h,--help", "Show this page");
  app->set_version_flag("--version", "tenon " + std::string(version()), "Show the version");
  app->add_option("-C,--project", context.project_option, "The project's folder, instead of looking for it")
      ->type_name("FOLDER");
  app->add_option("--database", context.database_option,
                  "Of several databases in tenon.toml, the one to work on")
      ->type_name("NAME");
  app->fallthrough();
  add_dev_command(*app, context);
  add_pull_command(*app, context);
  add_check_command(*app, context);
  add_schema_command(*app, context);
  add_migrate_command(*app, context);
  add_db_command(*app, context);
  add_serve_command(*app, context);
  add_auth_command(*app, context);
  add_secret_command(*app, context);
  add_doctor_command(*app, context);
  add_explain_command(*app, context);
  add_policy_command(*app, context);
  add_graphql_command(*app, context);
  add_lsp_command(*app, context);
  add_completion_command(*app, context);
  add_version_command(*app, context);
  show_help_when_bare(*app, context);
  return app;
}

Exit run(const std::vector<std::string>& arguments, Context& context) {
  const auto app = make_app(context);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 takes them
  try {
    app->parse(reversed);
  } catch (const CLI::CallForHelp&) {
    context.out << deepest(*app).help();
    return Exit::ok;
  } catch (const CLI::CallForVersion& version_asked) {
    context.out << version_asked.what() << '\n';
    return Exit::ok;
  } catch (const CLI::ParseError& error) {
    return explain(error, *app, context);
  }
  if (arguments.empty() || app->get_subcommands().empty()) context.out << app->help();
  return context.exit;
}

}  // namespace tenon::cli
