// tenon auth: API keys, of which tenon.toml holds the hashes alone.

#include <chrono>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/hash.h"
#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/help.h"

namespace tenon::cli {

namespace {

constexpr std::size_t key_bytes = 24;

struct CreateOptions {
  std::string name;
  std::uint32_t days = 365;
};

std::string text_of(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::chrono::sys_days today() {
  return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

Exit create(Context& context, const CreateOptions& options) {
  const std::string key = "tn_" + base::random_hex(key_bytes);
  const auto hash = base::sha256(key);
  std::string name;
  base::append_json_string(name, options.name);  // TOML's basic strings have the same escapes
  context.err << "The key, which is shown this once:\n" << std::flush;
  context.out << key << '\n' << std::flush;
  context.err << fmt::format(
      "\nIn tenon.toml:\n\n[[auth.api_keys]]\nname = {}\nsha256 = \"{}\"\nexpires = {}\n", name,
      base::hex({reinterpret_cast<const char*>(hash.data()), hash.size()}),
      text_of(today() + std::chrono::days(options.days)));
  return Exit::ok;
}

Exit list(Context& context) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  base::TablePrinter table({{.title = "key"}, {.title = "kept as"}, {.title = "good until"}});
  for (std::size_t i = 0; i < project->config.api_keys.size(); ++i)
    table.row({std::to_string(i + 1), project->config.api_keys[i].text, ""});
  for (const server::ApiKeyConfig& key : project->config.auth.api_keys) {
    const bool over = key.expires && *key.expires < today();
    table.row({base::printable(key.name), key.key ? key.key->text : "SHA-256",
               key.expires ? text_of(*key.expires) + (over ? " (expired)" : "") : ""});
  }
  context.out << table.text(context.out_terminal.colour);
  return Exit::ok;
}

}  // namespace

void add_auth_command(CLI::App& app, Context& context) {
  CLI::App* auth = app.add_subcommand("auth", "API keys: make one, list them");
  auth->group(group::production);
  auth->footer("tenon auth key create --name web");
  CLI::App* key = auth->add_subcommand("key", "API keys: make one, list them");
  key->footer("tenon auth key create --name web");
  const auto options = std::make_shared<CreateOptions>();
  CLI::App* create_command =
      key->add_subcommand("create", "A new key, and the lines of tenon.toml with its hash");
  create_command->add_option("--name", options->name, "What logs call its holder")
      ->type_name("NAME")
      ->required();
  create_command->add_option("--days", options->days, "How long it is good, 365 unless given")
      ->type_name("N")
      ->check(CLI::Range(1, 3650));
  create_command->footer("tenon auth key create --name web --days 90");
  create_command->callback([&context, options] { context.exit = create(context, *options); });

  CLI::App* list_command = key->add_subcommand("list", "The keys of tenon.toml, by their names");
  list_command->footer("tenon auth key list");
  list_command->callback([&context] { context.exit = list(context); });
}

}  // namespace tenon::cli
