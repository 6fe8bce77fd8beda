#include "local/server_process.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <random>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "local/process_facts.h"

namespace tenon::local {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds start_timeout{60'000};
constexpr std::chrono::milliseconds orphans_patience{3'000};  // of a killed server, to notice and end
constexpr std::chrono::milliseconds orphans_timeout{10'000};  // once they were killed too
constexpr std::chrono::milliseconds poll_interval{20};
constexpr int port_attempts_max = 5;
constexpr std::uint16_t server_ports_begin = 10'000;
constexpr std::uintmax_t log_bytes_max = 8'000'000;  // then it is set aside, one generation

bool port_is_free(std::uint16_t port) {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// Below those that the system gives to whoever connects somewhere: while the server is down one of these
// could be somebody's, and the server would have to leave its port. 0 when there is none to be had.
std::uint16_t free_port_of_servers() {
  const auto end =
      to_number<std::uint16_t>(read_small_file("/proc/sys/net/ipv4/ip_local_port_range").value_or(""));
  if (end <= server_ports_begin) return 0;
  std::random_device random;
  std::uniform_int_distribution<unsigned> ports(server_ports_begin, end - 1U);
  for (int attempt = 0; attempt < port_attempts_max; ++attempt)
    if (const auto port = static_cast<std::uint16_t>(ports(random)); port_is_free(port)) return port;
  return 0;
}

// A port that nobody listens on now.
std::uint16_t free_port() {
  if (const std::uint16_t port = free_port_of_servers(); port != 0) return port;
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return 0;
  return ntohs(address.sin_port);
}

// The port of the last start, so that URLs stay good, or a new one.
std::uint16_t choose_port(const Layout& layout) {
  const auto last = to_number<std::uint16_t>(read_small_file(layout.port()).value_or(""));
  return last != 0 && port_is_free(last) ? last : free_port();
}

void set_large_log_aside(const fs::path& log) {
  std::error_code error;
  if (fs::file_size(log, error) > log_bytes_max && !error) fs::rename(log, log.string() + ".old", error);
}

std::string log_since(const fs::path& log, std::uintmax_t offset) {
  std::ifstream in(log, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset));
  return {std::istreambuf_iterator<char>(in), {}};
}

// The server's own reason, from what it logged in this start.
base::Error explain_failed_start(const ServerKind& kind, const Layout& layout, std::string_view logged) {
  base::Error error{.code = base::code::cluster_start_failed};
  error.message = fmt::format("The local {} did not start.{}", kind.name(), kind.reason(logged));
  if (logged.find("No space left on device") != std::string_view::npos)
    error.help = "The disk is full. Free some space and try again. ";
  error.help +=
      fmt::format("Its log: {}. To begin anew with an empty database: tenon db reset", layout.log().string());
  return error;
}

// Ends what is left of a server that was killed: a backend in the middle of a long computation does not
// notice by itself, and until it is gone nobody may touch the cluster. Only while there is no server.
void end_orphans(const fs::path& data) {
  struct stat cluster{}, working{};
  if (::stat(data.c_str(), &cluster) != 0) return;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    const auto pid = to_number<pid_t>(entry.path().filename().string());
    if (pid > 0 && ::stat((entry.path() / "cwd").c_str(), &working) == 0 &&
        working.st_dev == cluster.st_dev && working.st_ino == cluster.st_ino)
      ::kill(pid, SIGKILL);
  }
}

// The lock that says no process of the cluster lives.
base::Result<Descriptor> lock_cluster(const ServerKind& kind, const Layout& layout) {
  Descriptor running = lock_file(layout.running(), orphans_patience);
  if (!running && !kind.find_process(layout)) {
    end_orphans(layout.data());
    running = lock_file(layout.running(), orphans_timeout);
  }
  if (running) return running;
  return base::fail(
      base::code::cluster_busy,
      fmt::format("Processes of the last local {} are still running although their server is gone.",
                  kind.name()),
      fmt::format("They work in {}; end them and try again.", layout.data().string()));
}

// Ready, or gone (empty), or TN2003 at the deadline. The server holds `running` as long as it lives.
base::Result<std::optional<ServerProcess>> await_start(const ServerKind& kind, const Layout& layout,
                                                       Clock::time_point deadline) {
  while (Clock::now() < deadline) {
    if (lock_file(layout.running(), {})) return std::nullopt;
    if (auto process = kind.find_process(layout); process && kind.is_ready(layout, *process)) return process;
    std::this_thread::sleep_for(poll_interval);
  }
  return base::fail(
      base::code::cluster_start_failed,
      fmt::format("The local {} runs, but is not ready yet; it may still be recovering from a crash.",
                  kind.name()),
      fmt::format("Try again in a while. Its log: {}", layout.log().string()));
}

}  // namespace

Descriptor lock_file(const fs::path& path, std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return {};
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (Clock::now() >= deadline) return {};
    std::this_thread::sleep_for(poll_interval);
  }
  return file;
}

base::Result<ServerProcess> launch(const ServerKind& kind, const Layout& layout,
                                   const Installation& installation, const std::optional<Account>& account,
                                   const std::map<std::string, std::string>& settings) {
  const auto deadline = Clock::now() + start_timeout;
  const auto socket_folder = prepare_socket_folder(kind, layout, account);
  if (!socket_folder) return std::unexpected(socket_folder.error());
  set_large_log_aside(layout.log());
  std::error_code ignored;
  std::string logged;
  for (int attempt = 0; attempt < port_attempts_max; ++attempt) {
    auto running = lock_cluster(kind, layout);
    if (!running) return std::unexpected(running.error());
    const Launch launch{.layout = layout,
                        .installation = installation,
                        .account = account,
                        .port = choose_port(layout),
                        .socket_folder = *socket_folder,
                        .settings = settings};
    if (auto prepared = kind.prepare_start(launch); !prepared) return std::unexpected(prepared.error());
    const auto log_begin = fs::exists(layout.log(), ignored) ? fs::file_size(layout.log(), ignored) : 0;
    const auto pid =
        start_detached({.arguments = kind.arguments(launch), .folder = layout.home, .account = account},
                       layout.log(), running->get());
    if (!pid) return std::unexpected(pid.error());
    running->close();  // the server's copy holds the lock now
    auto process = await_start(kind, layout, deadline);
    if (!process) return std::unexpected(process.error());
    if (*process) {
      if (auto noted = write_small_file(layout.port(), std::to_string(launch.port) + "\n"); !noted)
        return std::unexpected(noted.error());
      return **process;
    }
    logged = log_since(layout.log(), log_begin);
    // Somebody took the port between the choice and the start: choose again.
    if (!kind.port_was_taken(logged)) break;
    ::unlink(layout.port().c_str());
  }
  return std::unexpected(explain_failed_start(kind, layout, logged));
}

base::Result<ServerProcess> wait_until_ready(const ServerKind& kind, const Layout& layout) {
  const auto deadline = Clock::now() + start_timeout;
  while (Clock::now() < deadline) {
    const auto process = kind.find_process(layout);
    if (!process) return std::unexpected(explain_failed_start(kind, layout, {}));
    if (kind.is_ready(layout, *process)) return *process;
    std::this_thread::sleep_for(poll_interval);
  }
  return base::fail(base::code::cluster_start_failed,
                    fmt::format("The local {} runs, but does not become ready.", kind.name()),
                    fmt::format("Its log: {}", layout.log().string()));
}

base::Result<void> end_server(const ServerKind& kind, const Layout& layout, pid_t pid) {
  for (const StopStage& stage : kind.stop_stages()) {
    if (kind.is_server_of(pid, layout) && ::kill(pid, stage.signal) != 0 && errno != ESRCH)
      return base::fail(
          base::code::cluster_start_failed,
          fmt::format("Cannot end the local {} (process {}): {}.", kind.name(), pid, std::strerror(errno)),
          "It was started by another user; stop it as that user or as root.");
    const auto deadline = Clock::now() + stage.timeout;
    while (Clock::now() < deadline) {
      if (!kind.is_server_of(pid, layout) && lock_file(layout.running(), {})) return {};
      std::this_thread::sleep_for(poll_interval);
    }
  }
  return base::fail(base::code::cluster_busy,
                    fmt::format("The local {} (process {}) does not end.", kind.name(), pid));
}

}  // namespace tenon::local
