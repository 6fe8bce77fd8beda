#include "local/postgres.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include "local/binaries.h"
#include "local/cluster.h"
#include "local/server.h"

namespace tenon::local {

namespace fs = std::filesystem;

namespace {

// Longer than one start may take, creation and recovery included.
constexpr std::chrono::milliseconds lock_timeout{200'000};
constexpr int rounds_max = 3;
constexpr std::string_view superuser = "postgres";

void report(const PostgresOptions& options, std::string_view step) {
  if (options.progress) options.progress(step);
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

fs::path lock_path(const fs::path& folder) { return folder.string() + ".lock"; }

base::Result<Descriptor> lock(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder.parent_path(), error);
  if (error || ::access(folder.parent_path().c_str(), W_OK) != 0)
    return base::fail(base::code::cluster_create_failed,
                      fmt::format("Cannot write to {}: {}.", folder.parent_path().string(),
                                  error ? error.message() : std::strerror(errno)));
  Descriptor held = lock_file(lock_path(folder), lock_timeout);
  if (!held)
    return base::fail(
        base::code::cluster_busy, "Another tenon is starting or stopping the local database.",
        fmt::format("Wait for it, or end it and try again. The lock is {}.", lock_path(folder).string()));
  return held;
}

base::Result<RunningPostgres> describe(const Layout& layout, const Postmaster& postmaster,
                                       std::string_view database) {
  const auto password = read_small_file(layout.password());
  if (!password)
    return base::fail(base::code::cluster_start_failed,
                      fmt::format("The password of the local database cannot be read: {}: {}.",
                                  layout.password().string(), std::strerror(errno)),
                      "Run tenon as the user who made it, or begin anew: tenon db reset");
  return RunningPostgres{.pid = postmaster.pid,
                         .port = postmaster.port,
                         .socket_folder = postmaster.socket_folder,
                         .url = fmt::format("postgresql://{}:{}@127.0.0.1:{}/{}", superuser,
                                            trimmed(*password), postmaster.port, database)};
}

// Creates the database unless it exists.
base::Result<void> ensure_database(const RunningPostgres& server, const Layout& layout,
                                   const std::string& name) {
  const std::string password = trimmed(read_small_file(layout.password()).value_or(""));
  const std::string port = std::to_string(server.port);
  const char* keys[] = {"host", "port", "user", "password", "dbname", "connect_timeout", "options", nullptr};
  const char* values[] = {"127.0.0.1",
                          port.c_str(),
                          superuser.data(),
                          password.c_str(),
                          "postgres",
                          "10",
                          "-c statement_timeout=30000",
                          nullptr};
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdbParams(keys, values, 0), PQfinish);
  const auto failed = [&] {
    return base::fail(
        base::code::cluster_start_failed,
        "The local PostgreSQL started, but refused: " + trimmed(PQerrorMessage(connection.get())),
        fmt::format("Its log: {}. To begin anew with an empty database: tenon db reset",
                    layout.log().string()));
  };
  if (PQstatus(connection.get()) != CONNECTION_OK) return failed();
  using Rows = std::unique_ptr<PGresult, decltype(&PQclear)>;
  const char* parameters[] = {name.c_str()};
  const Rows found(PQexecParams(connection.get(), "SELECT 1 FROM pg_database WHERE datname = $1", 1, nullptr,
                                parameters, nullptr, nullptr, 0),
                   PQclear);
  if (PQresultStatus(found.get()) != PGRES_TUPLES_OK) return failed();
  if (PQntuples(found.get()) > 0) return {};
  const std::unique_ptr<char, decltype(&PQfreemem)> quoted(
      PQescapeIdentifier(connection.get(), name.data(), name.size()), PQfreemem);
  if (!quoted) return failed();
  const Rows made(PQexec(connection.get(), (std::string("CREATE DATABASE ") + quoted.get()).c_str()),
                  PQclear);
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) return failed();
  return {};
}

int cluster_version(const Layout& layout) {
  const std::string text = read_small_file(layout.data() / "PG_VERSION").value_or("");
  int version = 0;
  std::from_chars(text.data(), text.data() + text.size(), version);
  return version;
}

bool durable(const PostgresOptions& options) {
  const auto setting = options.settings.find("fsync");
  return setting == options.settings.end() || setting->second != "off";
}

base::Result<Postmaster> create_and_launch(const PostgresOptions& options, Layout& layout) {
  const auto binaries = layout.has_cluster() ? find_postgres(cluster_version(layout)) : find_postgres();
  if (!binaries) return std::unexpected(binaries.error());
  const auto account = server_account(layout);
  if (!account) return std::unexpected(account.error());
  auto prepared = prepare_layout(layout.folder, *account, *binaries);
  if (!prepared) return std::unexpected(prepared.error());
  layout = *prepared;
  if (!layout.has_cluster()) {
    report(options, fmt::format("creating a PostgreSQL {} cluster", binaries->major_version));
    if (auto made = create_cluster(layout, *binaries, *account, durable(options)); !made)
      return std::unexpected(made.error());
  }
  report(options, fmt::format("starting PostgreSQL {}", binaries->major_version));
  return launch(layout, *binaries, *account, options.settings);
}

struct StartFailure {
  base::Error error;
  bool server_died = false;  // one that was found running: worth another try
};

std::expected<RunningPostgres, StartFailure> reuse_or_launch(const PostgresOptions& options, Layout& layout) {
  const bool runs = find_postmaster(layout).has_value();
  const auto failure = [&](const base::Error& error) { return std::unexpected(StartFailure{error, runs}); };
  const auto postmaster = runs ? wait_until_ready(layout) : create_and_launch(options, layout);
  if (!postmaster) return failure(postmaster.error());
  auto server = describe(layout, *postmaster, options.database);
  if (!server) return std::unexpected(StartFailure{server.error()});
  server->started_now = !runs;
  if (auto made = ensure_database(*server, layout, options.database); !made) return failure(made.error());
  return *server;
}

// Waits a moment for a dying server to be gone.
void await_end(const Layout& layout) {
  for (int i = 0; i < 50 && find_postmaster(layout); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

// For a folder whose content the caller may not even look at.
base::Result<void> check_access(const Layout& layout) {
  std::error_code ignored;
  if (!fs::exists(layout.folder, ignored) || ::access(layout.home.c_str(), R_OK | X_OK) == 0) return {};
  return base::fail(base::code::cluster_start_failed,
                    fmt::format("Cannot look into {}: {}.", layout.home.string(), std::strerror(errno)),
                    "The local database was made by another user; run tenon as that user or as root, or "
                    "remove the folder.");
}

base::Result<void> stop(const Layout& layout) {
  const auto postmaster = find_postmaster(layout);
  if (!postmaster) return base::fail(base::code::cluster_not_running, "The local database is not running.");
  if (auto ended = end_server(layout, postmaster->pid); !ended) return ended;
  if (postmaster->socket_folder.parent_path() != layout.home) ::rmdir(postmaster->socket_folder.c_str());
  return {};
}

std::uintmax_t bytes_below(const fs::path& folder) {
  std::uintmax_t bytes = 0;
  std::error_code error;
  // Files come and go while the server works.
  for (fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error), end;
       !error && at != end; at.increment(error)) {
    std::error_code gone;
    if (at->is_regular_file(gone) && !gone)
      if (const auto size = at->file_size(gone); !gone) bytes += size;
  }
  return bytes;
}

}  // namespace

base::Result<RunningPostgres> start_postgres(const PostgresOptions& options) {
  const fs::path folder = absolute_folder(options.folder);
  const auto held = lock(folder);
  if (!held) return std::unexpected(held.error());
  Layout layout = find_layout(folder);
  if (auto allowed = check_access(layout); !allowed) return std::unexpected(allowed.error());
  // A server that was just killed looks alive for a moment; what it leaves is seen in the next round.
  for (int round = 1;; ++round) {
    auto server = reuse_or_launch(options, layout);
    if (server || !server.error().server_died || round == rounds_max) {
      if (!server) return std::unexpected(std::move(server.error().error));
      return *server;
    }
    await_end(layout);
  }
}

base::Result<void> stop_postgres(const fs::path& folder) {
  const fs::path real = absolute_folder(folder);
  std::error_code ignored;
  if (!fs::exists(real, ignored))
    return base::fail(base::code::cluster_not_running, "There is no local database here.");
  const auto held = lock(real);
  if (!held) return std::unexpected(held.error());
  const Layout layout = find_layout(real);
  if (auto allowed = check_access(layout); !allowed) return allowed;
  return stop(layout);
}

base::Result<PostgresStatus> postgres_status(const fs::path& folder) {
  const Layout layout = find_layout(absolute_folder(folder));
  if (auto allowed = check_access(layout); !allowed) return std::unexpected(allowed.error());
  PostgresStatus status;
  if (!layout.has_cluster()) return status;
  status.state = ClusterState::stopped;
  status.major_version = cluster_version(layout);
  status.bytes_on_disk = bytes_below(layout.home);
  if (const auto postmaster = find_postmaster(layout)) {
    auto server = describe(layout, *postmaster, PostgresOptions{}.database);
    if (!server) return std::unexpected(server.error());
    status.state = ClusterState::running;
    status.running = std::move(*server);
  }
  return status;
}

base::Result<void> remove_postgres(const fs::path& folder) {
  const fs::path real = absolute_folder(folder);
  std::error_code error;
  if (!fs::exists(real, error)) return {};
  const auto held = lock(real);
  if (!held) return std::unexpected(held.error());
  const Layout layout = find_layout(real);
  if (auto allowed = check_access(layout); !allowed) return allowed;
  if (auto stopped = stop(layout); !stopped && stopped.error().code != base::code::cluster_not_running)
    return stopped;
  fs::remove_all(layout.home, error);
  if (!error) fs::remove_all(layout.folder, error);
  if (error)
    return base::fail(base::code::cluster_start_failed,
                      fmt::format("Cannot remove {}: {}.", layout.home.string(), error.message()));
  return {};
}

}  // namespace tenon::local
