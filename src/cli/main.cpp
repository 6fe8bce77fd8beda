// Wires the process to the commands: everything a command uses comes from here.

#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>

#include <malloc.h>
#include <unistd.h>

#include "cli/app.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that leaves is an error of write(), not a sudden end
#if defined(__GLIBC__)
  // Small blocks are the business of glibc's cache for each thread. With fast bins behind it every block of a
  // kilobyte, such as the frame of a coroutine, first sweeps them.
  mallopt(M_MXFAST, 0);
#endif
  try {
    std::error_code no_folder;
    tenon::cli::Context context{.out = std::cout,
                                .err = std::cerr,
                                .out_terminal = tenon::base::inspect_terminal(1),
                                .err_terminal = tenon::base::inspect_terminal(2),
                                .environment = tenon::server::Environment::of_process(),
                                .start_folder = std::filesystem::current_path(no_folder)};
    if (no_folder) {
      std::cerr << "The current folder is gone: " << no_folder.message() << '\n';
      return 1;
    }
    const auto exit =
        tenon::cli::run(std::vector<std::string>(argv + std::min(argc, 1), argv + argc), context);
    return static_cast<int>(exit);
  } catch (const std::exception& broken) {
    std::cerr << "tenon: a mistake in Tenon itself: " << broken.what() << '\n';
    return 70;
  }
}
