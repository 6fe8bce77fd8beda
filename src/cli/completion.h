// Scripts that teach a shell the commands and options, made from the tree of commands.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace tenon::cli {

std::string bash_completion(const CLI::App& app);
std::string zsh_completion(const CLI::App& app);
std::string fish_completion(const CLI::App& app);

}  // namespace tenon::cli
