// A project-local database server: finds the installed server programs, makes a data folder, runs it on a
// private socket and a free loopback port, as an unprivileged user when the caller is root. The server is a
// process of its own that outlives this one; its state is in the folder alone, so after kill -9 of either the
// next start reuses or recovers it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include <sys/types.h>

#include "base/error.h"

namespace tenon::local {

enum class Engine : std::uint8_t {
  postgres,
  mariadb,  // or MySQL, whichever is installed
};

// "PostgreSQL", "MariaDB"
std::string_view to_string(Engine engine);

struct ServerOptions {
  Engine engine = Engine::postgres;
  std::filesystem::path folder;  // .tenon/postgres, .tenon/mariadb: data, socket, log, connection details
  std::string database = "app";
  // On top of ours: lines of postgresql.conf, or options of mariadbd without their dashes.
  std::map<std::string, std::string> settings;
  std::function<void(std::string_view step)> progress;  // "creating a …", "starting …"; may be empty
};

// A running server.
struct RunningServer {
  pid_t pid = 0;
  std::uint16_t port = 0;
  std::filesystem::path socket_folder;
  std::string url;  // password included: a fresh random one per cluster
  bool started_now = false;
};

enum class ServerState : std::uint8_t { absent, stopped, running };

struct ServerStatus {
  ServerState state = ServerState::absent;
  std::optional<RunningServer> running;
  std::string product;  // of the server whose data it is: "PostgreSQL", "MariaDB", "MySQL"
  std::string version;  // "15", "10.11"
  std::uintmax_t bytes_on_disk = 0;
};

// Creates what is missing, starts it unless it runs, waits until it answers. Two callers at once: the second
// waits for the first (lock file). TN2001 names the package to install when there is no server program.
base::Result<RunningServer> start_server(const ServerOptions& options);
base::Result<void> stop_server(Engine engine, const std::filesystem::path& folder);
base::Result<ServerStatus> server_status(Engine engine, const std::filesystem::path& folder);
// Stops it and removes the folder.
base::Result<void> remove_server(Engine engine, const std::filesystem::path& folder);

// The folder that holds the engine's client program (psql, mariadb), when an installation has it beside its
// server.
std::optional<std::filesystem::path> client_folder(Engine engine);

}  // namespace tenon::local
