// tenon secret: the values that `secret:NAME` in tenon.toml stands for, encrypted in a file of the project.

#include <iostream>
#include <iterator>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "server/secrets.h"

namespace tenon::cli {

namespace {

// The terminal shows nothing of what is typed while this lives.
class HiddenInput {
 public:
  HiddenInput() {
    hidden_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!hidden_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~HiddenInput() {
    if (hidden_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;

 private:
  termios before_{};
  bool hidden_ = false;
};

// One line typed unseen, or all of what is piped in. Never an argument: those can be read by every user of
// the machine.
base::Secret read_value(Context& context, const std::string& name) {
  std::string text;
  if (::isatty(STDIN_FILENO) != 0) {
    context.err << fmt::format("{}: ", name) << std::flush;
    const HiddenInput hidden;
    std::getline(std::cin, text);
    context.err << '\n';
  } else {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  }
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return base::Secret(std::move(text));
}

Exit set(Context& context, const std::string& name) {
  if (!identity::SecretStore::is_name(name))
    return fail_usage(context, fmt::format("\"{}\" is no name of a secret.", base::printable(name)),
                      "letters, digits, _, - and ., at most 100");
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  auto store = server::open_secrets(*project);
  if (!store) return fail(context, store.error());
  base::Secret value = read_value(context, name);
  if (value.empty() || value.reveal().size() > base::secret_file_bytes_max)
    return fail_usage(context, "The secret is empty or above 65 536 bytes.",
                      "type it, or pipe it in: printf %s \"$KEY\" | tenon secret set " + name);
  store->set(name, std::move(value));
  if (auto saved = server::save_secrets(*project, *store); !saved) return fail(context, saved.error());
  context.err << fmt::format("Kept; write \"secret:{}\" into tenon.toml where it is needed.\n", name);
  return Exit::ok;
}

Exit list_names(Context& context) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  const auto store = server::open_secrets(*project);
  if (!store) return fail(context, store.error());
  for (const std::string& name : store->names()) context.out << name << '\n';
  return Exit::ok;
}

Exit remove(Context& context, const std::string& name) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  auto store = server::open_secrets(*project);
  if (!store) return fail(context, store.error());
  if (!store->remove(name))
    return fail(context, {.code = base::code::config_reference_unresolved,
                          .message = fmt::format("There is no secret {}.", name),
                          .help = "tenon secret list"});
  if (auto saved = server::save_secrets(*project, *store); !saved) return fail(context, saved.error());
  return Exit::ok;
}

}  // namespace

void add_secret_command(CLI::App& app, Context& context) {
  CLI::App* secret = app.add_subcommand("secret", "Secrets of the project, encrypted: set, list, remove");
  secret->group(group::production);
  secret->footer(
      "tenon secret set DATABASE_URL   # asks for it; then \"secret:DATABASE_URL\" in tenon.toml\n"
      "tenon secret list");
  const auto name = std::make_shared<std::string>();
  CLI::App* set_command = secret->add_subcommand("set", "Keep a secret: typed unseen, or piped in");
  set_command->add_option("NAME", *name, "What tenon.toml calls it")->required();
  set_command->footer("printf %s \"$STRIPE_KEY\" | tenon secret set STRIPE_KEY");
  set_command->callback([&context, name] { context.exit = set(context, *name); });

  CLI::App* list_command = secret->add_subcommand("list", "The names of all secrets");
  list_command->footer("tenon secret list");
  list_command->callback([&context] { context.exit = list_names(context); });

  CLI::App* remove_command = secret->add_subcommand("remove", "Forget a secret");
  remove_command->add_option("NAME", *name, "What tenon.toml calls it")->required();
  remove_command->footer("tenon secret remove STRIPE_KEY");
  remove_command->callback([&context, name] { context.exit = remove(context, *name); });
}

}  // namespace tenon::cli
