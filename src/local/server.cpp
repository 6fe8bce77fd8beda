#include "local/server.h"

#include <cerrno>
#include <cstring>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "local/cluster.h"
#include "local/mariadb.h"
#include "local/postgres.h"
#include "local/process_facts.h"
#include "local/server_process.h"

namespace tenon::local {

namespace fs = std::filesystem;

namespace {

// Longer than one start may take, creation and recovery included.
constexpr std::chrono::milliseconds lock_timeout{200'000};
constexpr int rounds_max = 3;

void report(const ServerOptions& options, std::string_view step) {
  if (options.progress) options.progress(step);
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

base::Result<Login> login_to(const Layout& layout, const ServerProcess& process) {
  const auto password = read_small_file(layout.password());
  if (!password)
    return base::fail(base::code::cluster_start_failed,
                      fmt::format("The password of the local database cannot be read: {}: {}.",
                                  layout.password().string(), std::strerror(errno)),
                      "Run tenon as the user who made it, or begin anew: tenon db reset");
  return Login{.process = process, .password = trimmed(*password)};
}

RunningServer describe(const ServerKind& kind, const Login& login, std::string_view database) {
  return {.pid = login.process.pid,
          .port = login.process.port,
          .socket_folder = login.process.socket_folder,
          .url = kind.url(login, database)};
}

bool durable(const ServerOptions& options) {
  const auto setting = options.settings.find("fsync");
  return setting == options.settings.end() || setting->second != "off";
}

base::Result<ServerProcess> create_and_launch(const ServerKind& kind, const ServerOptions& options,
                                              Layout& layout) {
  const auto installation = kind.find(layout);
  if (!installation) return std::unexpected(installation.error());
  const auto account = server_account(kind, layout);
  if (!account) return std::unexpected(account.error());
  auto prepared = prepare_layout(kind, layout.folder, *account, *installation);
  if (!prepared) return std::unexpected(prepared.error());
  layout = *prepared;
  const std::string named = fmt::format("{} {}", installation->product, installation->version);
  if (!kind.has_cluster(layout)) {
    report(options, fmt::format("creating a {} cluster", named));
    if (auto made = create_cluster(kind, layout, *installation, *account, durable(options)); !made)
      return std::unexpected(made.error());
  }
  report(options, fmt::format("starting {}", named));
  return launch(kind, layout, *installation, *account, options.settings);
}

struct StartFailure {
  base::Error error;
  bool server_died = false;  // one that was found running: worth another try
};

std::expected<RunningServer, StartFailure> reuse_or_launch(const ServerKind& kind,
                                                           const ServerOptions& options, Layout& layout) {
  const bool runs = kind.find_process(layout).has_value();
  const auto failure = [&](const base::Error& error) { return std::unexpected(StartFailure{error, runs}); };
  const auto process = runs ? wait_until_ready(kind, layout) : create_and_launch(kind, options, layout);
  if (!process) return failure(process.error());
  const auto login = login_to(layout, *process);
  if (!login) return std::unexpected(StartFailure{login.error()});
  if (const auto made = kind.ensure_database(*login, options.database); !made)
    return failure(
        {.code = base::code::cluster_start_failed,
         .message = fmt::format("The local {} started, but refused: {}", kind.name(), made.error()),
         .help = fmt::format("Its log: {}. To begin anew with an empty database: tenon db reset",
                             layout.log().string())});
  RunningServer server = describe(kind, *login, options.database);
  server.started_now = !runs;
  return server;
}

// Waits a moment for a dying server to be gone.
void await_end(const ServerKind& kind, const Layout& layout) {
  for (int i = 0; i < 50 && kind.find_process(layout); ++i)
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

base::Result<void> stop(const ServerKind& kind, const Layout& layout) {
  const auto process = kind.find_process(layout);
  if (!process) return base::fail(base::code::cluster_not_running, "The local database is not running.");
  if (auto ended = end_server(kind, layout, process->pid); !ended) return ended;
  if (process->socket_folder.parent_path() != layout.home) ::rmdir(process->socket_folder.c_str());
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

std::string_view to_string(Engine engine) { return kind_of(engine).name(); }

const ServerKind& kind_of(Engine engine) {
  return engine == Engine::postgres ? postgres_kind() : mariadb_kind();
}

std::optional<fs::path> client_folder(Engine engine) {
  const auto installed = engine == Engine::postgres ? installed_postgres() : installed_mariadb();
  if (installed.empty()) return std::nullopt;
  return installed.front().folder;
}

base::Result<RunningServer> start_server(const ServerOptions& options) {
  const ServerKind& kind = kind_of(options.engine);
  const fs::path folder = absolute_folder(options.folder);
  const auto held = lock(folder);
  if (!held) return std::unexpected(held.error());
  Layout layout = find_layout(folder);
  if (auto allowed = check_access(layout); !allowed) return std::unexpected(allowed.error());
  // A server that was just killed looks alive for a moment; what it leaves is seen in the next round.
  for (int round = 1;; ++round) {
    auto server = reuse_or_launch(kind, options, layout);
    if (server || !server.error().server_died || round == rounds_max) {
      if (!server) return std::unexpected(std::move(server.error().error));
      return *server;
    }
    await_end(kind, layout);
  }
}

base::Result<void> stop_server(Engine engine, const fs::path& folder) {
  const fs::path real = absolute_folder(folder);
  std::error_code ignored;
  if (!fs::exists(real, ignored))
    return base::fail(base::code::cluster_not_running, "There is no local database here.");
  const auto held = lock(real);
  if (!held) return std::unexpected(held.error());
  const Layout layout = find_layout(real);
  if (auto allowed = check_access(layout); !allowed) return allowed;
  return stop(kind_of(engine), layout);
}

base::Result<ServerStatus> server_status(Engine engine, const fs::path& folder) {
  const ServerKind& kind = kind_of(engine);
  const Layout layout = find_layout(absolute_folder(folder));
  if (auto allowed = check_access(layout); !allowed) return std::unexpected(allowed.error());
  ServerStatus status;
  if (!kind.has_cluster(layout)) return status;
  status.state = ServerState::stopped;
  const Installation made = kind.made_by(layout);
  status.product = made.product;
  status.version = made.version;
  status.bytes_on_disk = bytes_below(layout.home);
  if (const auto process = kind.find_process(layout)) {
    const auto login = login_to(layout, *process);
    if (!login) return std::unexpected(login.error());
    status.state = ServerState::running;
    status.running = describe(kind, *login, ServerOptions{}.database);
  }
  return status;
}

base::Result<void> remove_server(Engine engine, const fs::path& folder) {
  const fs::path real = absolute_folder(folder);
  std::error_code error;
  if (!fs::exists(real, error)) return {};
  const auto held = lock(real);
  if (!held) return std::unexpected(held.error());
  const Layout layout = find_layout(real);
  if (auto allowed = check_access(layout); !allowed) return allowed;
  if (auto stopped = stop(kind_of(engine), layout);
      !stopped && stopped.error().code != base::code::cluster_not_running)
    return stopped;
  fs::remove_all(layout.home, error);
  if (!error) fs::remove_all(layout.folder, error);
  if (error)
    return base::fail(base::code::cluster_start_failed,
                      fmt::format("Cannot remove {}: {}.", layout.home.string(), error.message()));
  return {};
}

}  // namespace tenon::local
