// A project-local PostgreSQL: finds the installed server binaries, creates a cluster in a folder, runs it on
// a private socket and a free loopback port, as an unprivileged user when the caller is root. The server is a
// process of its own that outlives this one; its state is in the folder alone, so after kill -9 of either the
// next start reuses or recovers it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace tenon::local {

// Where the server programs are (initdb, postgres, pg_ctl, psql).
struct PostgresBinaries {
  std::filesystem::path folder;
  int major_version = 0;
};

// The newest usable installation: $TENON_POSTGRES_BIN, PATH, /usr/lib/postgresql/*/bin and the usual places
// of other systems. Fails with TN2001 naming the package to install.
base::Result<PostgresBinaries> find_postgres();

struct PostgresOptions {
  std::filesystem::path folder;  // .tenon/postgres: data, socket, log, connection details
  std::string database = "app";
  std::map<std::string, std::string> settings;          // postgresql.conf, on top of ours
  std::function<void(std::string_view step)> progress;  // "creating the cluster", "starting", …; may be empty
};

// A running server.
struct RunningPostgres {
  pid_t pid = 0;
  std::uint16_t port = 0;
  std::filesystem::path socket_folder;
  std::string url;  // postgresql://…, password included: a fresh random one per cluster
  bool started_now = false;
};

enum class ClusterState : std::uint8_t { absent, stopped, running };

struct PostgresStatus {
  ClusterState state = ClusterState::absent;
  std::optional<RunningPostgres> running;
  int major_version = 0;
  std::uintmax_t bytes_on_disk = 0;
};

// Creates what is missing, starts it unless it runs, waits until it answers. Two callers at once: the second
// waits for the first (lock file).
base::Result<RunningPostgres> start_postgres(const PostgresOptions& options);
base::Result<void> stop_postgres(const std::filesystem::path& folder);
base::Result<PostgresStatus> postgres_status(const std::filesystem::path& folder);
// Stops it and removes the folder.
base::Result<void> remove_postgres(const std::filesystem::path& folder);

}  // namespace tenon::local
