#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/help.h"

namespace tenon::cli {

void add_completion_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("completion", "Completion of commands and options for your shell")
                          ->group(group::tools);
  struct Shell {
    const char* name;
    const char* example;
    std::string (*script)(const CLI::App&);
  };
  for (const Shell& shell :
       {Shell{"bash", "source <(tenon completion bash)  # in ~/.bashrc", bash_completion},
        Shell{"zsh", "source <(tenon completion zsh)  # in ~/.zshrc, after compinit", zsh_completion},
        Shell{"fish", "tenon completion fish | source  # in ~/.config/fish/config.fish", fish_completion}}) {
    CLI::App* script = command->add_subcommand(shell.name, std::string("The script for ") + shell.name);
    script->footer(shell.example);
    script->callback([&app, &context, make = shell.script] { context.out << make(app); });
  }
  command->footer("source <(tenon completion bash)  # in ~/.bashrc");
}

}  // namespace tenon::cli
