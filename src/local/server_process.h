// The server process of a cluster: whether one runs, starting it, ending it.
#pragma once

#include <map>

#include "local/descriptor.h"
#include "local/server_kind.h"

namespace tenon::local {

// An exclusive lock on a file, waited for until the deadline; empty when somebody holds it that long.
Descriptor lock_file(const std::filesystem::path& path, std::chrono::milliseconds timeout);

// Starts the server on a free loopback port and waits until it is ready; crash recovery, if there is any to
// do, happens here. Not to be called while one runs.
base::Result<ServerProcess> launch(const ServerKind& kind, const Layout& layout,
                                   const Installation& installation, const std::optional<Account>& account,
                                   const std::map<std::string, std::string>& settings);

// Waits until a server that was found running takes connections.
base::Result<ServerProcess> wait_until_ready(const ServerKind& kind, const Layout& layout);

// Ends the server: in good order first, by force when that takes too long.
base::Result<void> end_server(const ServerKind& kind, const Layout& layout, pid_t pid);

}  // namespace tenon::local
