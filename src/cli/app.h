// The command line as a whole.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/context.h"

namespace CLI {
class App;
}

namespace tenon::cli {

// The tree of all commands. It refers to `context`.
std::unique_ptr<CLI::App> make_app(Context& context);

// Runs the command that `arguments` (without the program's name) ask for.
Exit run(const std::vector<std::string>& arguments, Context& context);

}  // namespace tenon::cli
