// The server process of a cluster: whether one runs, starting it, ending it.
#pragma once

#include <map>

#include "local/descriptor.h"
#include "local/layout.h"

namespace tenon::local {

// What a running server says about itself in its postmaster.pid.
struct Postmaster {
  pid_t pid = 0;
  std::uint16_t port = 0;
  std::filesystem::path socket_folder;
  bool ready = false;  // it takes connections
};

// The live server of the layout's cluster. A stale file, or a process id that now belongs to some other
// program, is no server.
std::optional<Postmaster> find_postmaster(const Layout& layout);

// An exclusive lock on a file, waited for until the deadline; empty when somebody holds it that long.
Descriptor lock_file(const std::filesystem::path& path, std::chrono::milliseconds timeout);

// Starts the server on a free loopback port and waits until it is ready; crash recovery, if there is any to
// do, happens here. Not to be called while one runs.
base::Result<Postmaster> launch(const Layout& layout, const PostgresBinaries& binaries,
                                const std::optional<Account>& account,
                                const std::map<std::string, std::string>& settings);

// Waits until the server that find_postmaster() saw takes connections.
base::Result<Postmaster> wait_until_ready(const Layout& layout);

// Ends the server: in good order first, by force when that takes too long.
base::Result<void> end_server(const Layout& layout, pid_t pid);

}  // namespace tenon::local
